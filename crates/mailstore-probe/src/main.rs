//! The command `cargo xtask probe`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use mailstore_codegen::output;
use mailstore_probe::{Extent, markdown, patch, probe, screen};
use mailstore_reach::{
    Edition, Options, arguments_of_this_run, command_line, connect, edition_at, say, warn,
};
use miette::{Context, IntoDiagnostic};

/// Compare the responses of a live server with the overlays.
///
/// Calls only the functions that are read-only. For each of them, reports how the response differs from the overlays
/// in `metadata/mailstore/overlay`: unknown members and words, missing members, members of another type, and the shapes of
/// unknown results. Values are never shown, so the report can be shared.
#[derive(Parser)]
#[command(
    bin_name = "cargo xtask probe",
    after_help = "Exit codes: 0 no differences, 1 differences, 2 the server could not be queried or the files could not be written."
)]
struct Arguments {
    /// The server: `host`, `host:port` or `https://host:port`.
    #[arg(value_name = "URL")]
    address: String,
    #[command(flatten)]
    options: Options,
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

fn main() -> ExitCode {
    mailstore_reach::keep_commands_on_one_line();
    match run(&Arguments::parse()) {
        Ok(false) => ExitCode::SUCCESS,
        Ok(true) => ExitCode::from(1),
        Err(report) => {
            warn!("Error: {report:?}");
            ExitCode::from(2)
        }
    }
}

/// Returns whether there are differences.
fn run(arguments: &Arguments) -> miette::Result<bool> {
    // Checks the folder before the password prompt.
    if let Some(out) = &arguments.out {
        prepare(out, arguments.force)?;
    }
    let edition = edition_at(&arguments.address, &arguments.options)?;
    let surface = match edition {
        Edition::Server => &mailstore_api::server::catalog::SURFACE,
        Edition::Spe => &mailstore_api::spe::catalog::SURFACE,
    };
    let connection = connect(&arguments.address, surface, &arguments.options)?;
    let extent = Extent {
        instance: arguments.instance.clone(),
        days: arguments.days,
        limit: Duration::from_secs(arguments.limit),
        slow: arguments.slow,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .into_diagnostic()?;
    let (user, overlays) = (
        &arguments.options.user,
        mailstore_codegen::known_overlays(edition),
    );
    let found = runtime.block_on(probe(
        &connection,
        edition,
        &overlays,
        user,
        &extent,
        |function| {
            warn!("calling {function}");
        },
    ))?;
    mailstore_reach::print(&screen(&found)).into_diagnostic()?;
    if let Some(out) = &arguments.out {
        let paths = [REPORT, PATCH].map(|name| out.join(name));
        output::write(&[(&paths[0], markdown(&found)), (&paths[1], patch(&found))])
            .into_diagnostic()
            .wrap_err("cannot write the files")?;
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
                command_line("cargo xtask probe", &arguments_of_this_run("", &["--force"]))
            ),
            "{} exists already and was not changed; no request was sent",
            path.display()
        );
    }
    fs::create_dir_all(out)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot create the folder {}", out.display()))
}
