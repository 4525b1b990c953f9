//! `mailstore probe`: compares the responses of a server with the overlays.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use mailstore_codegen::output;
use mailstore_probe::{Extent, markdown, patch, screen};
use mailstore_reach::{arguments_of_this_run, command_line, say, warn};
use miette::{Context as _, IntoDiagnostic as _};

use crate::exit::Failed;
use crate::output::print;
use crate::server::{Server, surface};
use crate::wait;

/// Compare the responses of a server with what this program knows about them.
///
/// Calls only the functions that are read-only. For each of them, reports how the response differs from the overlays,
/// which describe results: unknown members and words, missing members, members of another type, and the shapes of
/// unknown results. Values are never shown, so the report can be shared.
#[derive(clap::Args)]
#[command(after_help = "\
Exit codes:
  0  no differences
  1  differences
  2  the server could not be queried or the files could not be written")]
pub(crate) struct Arguments {
    #[command(flatten)]
    server: Server,
    /// The instance of the Service Provider Edition to query. Default: the first running instance.
    #[arg(long, value_name = "ID")]
    instance: Option<String>,
    /// The number of days for which results of profiles and jobs are requested.
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: u32,
    /// The timeout of each call in seconds. A call that exceeds it is cancelled and reported.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    limit: u64,
    /// Also call functions that may run long and load the server: sizes, and the messages of a folder.
    #[arg(long)]
    slow: bool,
    /// Write `report.md`, which can be shared, and `overlay-patch.toml` to this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace existing files.
    #[arg(long, requires = "out")]
    force: bool,
}

const REPORT: &str = "report.md";
const PATCH: &str = "overlay-patch.toml";

/// Prints errors itself, because exit code 1 does not mean an error for this command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    match probe(arguments) {
        Ok(differs) => ExitCode::from(u8::from(differs)),
        Err(failed) => {
            warn!("Error: {:?}", failed.report);
            ExitCode::from(2)
        }
    }
}

/// Returns whether there are differences.
fn probe(arguments: &Arguments) -> Result<bool, Failed> {
    // Checks the folder before the password prompt.
    if let Some(out) = &arguments.out {
        prepare(out, arguments.force).map_err(Failed::usage)?;
    }
    let edition = arguments.server.edition()?;
    let options = arguments.server.options()?;
    let connection = mailstore_reach::connect(arguments.server.address()?, surface(edition), options)
        .map_err(Failed::usage)?;
    let extent = Extent {
        instance: arguments.instance.clone(),
        days: arguments.days,
        limit: Duration::from_secs(arguments.limit),
        slow: arguments.slow,
    };
    let overlays = mailstore_codegen::known_overlays(edition);
    let found = wait::runtime()?
        .block_on(mailstore_probe::probe(
            &connection,
            edition,
            &overlays,
            options.user_name(),
            &extent,
            |function| {
                warn!("calling {function}");
            },
        ))
        .map_err(Failed::work)?;
    print(&screen(&found))?;
    if let Some(out) = &arguments.out {
        let paths = [REPORT, PATCH].map(|name| out.join(name));
        output::write(&[(&paths[0], markdown(&found)), (&paths[1], patch(&found))])
            .into_diagnostic()
            .wrap_err("cannot write the files")
            .map_err(Failed::work)?;
        for path in paths {
            say!("wrote {}", path.display());
        }
    }
    Ok(found.differs())
}

/// Creates the folder. Fails if it contains files that would be overwritten.
fn prepare(out: &Path, force: bool) -> miette::Result<()> {
    let there = [REPORT, PATCH].map(|name| out.join(name));
    if let Some(path) = there.iter().find(|path| path.exists() && !force) {
        miette::bail!(
            help = format!(
                "`{}` replaces it.",
                command_line("mailstore", &arguments_of_this_run("", &["--force"]))
            ),
            "{} exists already and was not changed; no request was sent",
            path.display()
        );
    }
    fs::create_dir_all(out)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot create the folder {}", out.display()))
}
