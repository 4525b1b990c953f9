//! `mailstore export`: writes the configuration of a server into a folder.

use std::error::Error;
use std::iter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use mailstore_api::Timestamp;
use mailstore_operations::{Cause, Export, ExportError, Manifest, NotRead};
use mailstore_reach::{printable, warn};
use miette::miette;

use crate::exit::Failed;
use crate::operate::{self, Archives, Outcome};
use crate::output::print;
use crate::wait;

/// The name of this program in manifests.
const TOOL: &str = concat!("mailstore ", env!("CARGO_PKG_VERSION"));

/// Write the readable configuration of a server into a folder, as files for version control.
///
/// Only reads. Secrets, states, sizes and times of runs are left out, so two exports of an unchanged server differ only
/// in the time in `manifest.json`. What cannot be read keeps its files of the last export, and the exit code is 11.
#[derive(clap::Args)]
#[command(after_help = operate::help(EXAMPLES))]
pub(crate) struct Arguments {
    /// The folder. It is created, or it contains an earlier export of the same server, which is replaced.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Replace the export of another server in this folder.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    archives: Archives,
}

const EXAMPLES: &str = "\
Examples:
  mailstore export configuration --server mailstore.example.com:8463
  mailstore export customers --server mailstore.example.com:8474 --instances 'cust-*'";

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    operate::end(export(arguments))
}

fn export(arguments: &Arguments) -> Result<Outcome, Failed> {
    let mut export = read(&arguments.archives)?;
    let folder = &arguments.folder;
    let written = export.write(folder, arguments.replace).map_err(failed)?;
    for missing in export.manifest().not_read() {
        warn_about(missing);
    }
    let shown = printable(&folder.display().to_string()).to_string();
    print(&format!(
        "{shown}: {} files, of which {} were written and {} are from an earlier export; {} removed\n",
        written.documents, written.changed, written.kept, written.removed
    ))?;
    Ok(outcome(export.manifest()))
}

/// Reads the configuration of the chosen archives.
pub(crate) fn read(archives: &Archives) -> Result<Export, Failed> {
    let installation = archives.read_only()?;
    wait::runtime()?.block_on(async {
        let chosen = archives.of(&installation).await?;
        let now = Timestamp::now();
        Ok(Export::read(&installation, &chosen, archives.parallel(), now, TOOL).await?)
    })
}

/// Opens the export in a folder.
pub(crate) fn open(folder: &Path) -> Result<Export, Failed> {
    Export::open(folder).map_err(failed)
}

fn outcome(manifest: &Manifest) -> Outcome {
    if manifest.is_partial() {
        Outcome::Partial
    } else {
        Outcome::Nothing
    }
}

fn warn_about(missing: &NotRead) {
    let path = missing.path();
    let what = match missing.cause() {
        Cause::Failed => "not read",
        Cause::NotSupported | Cause::NotChosen => "left out",
    };
    let kept = match missing.kept_from() {
        Some(time) => format!(" The files of {} are kept.", printable(time)),
        None => String::new(),
    };
    warn!(
        "{}: {what}: {}.{kept}",
        printable(&path),
        printable(missing.reason())
    );
}

/// Adds what the user can do. The wrong folder is wrong usage.
fn failed(error: ExportError) -> Failed {
    let help = match &error {
        ExportError::NotAnExport(_) => {
            Some("Choose an empty folder, a new one, or the folder of an earlier export.")
        }
        ExportError::NoManifest(_) => Some("Choose a folder that `mailstore export` has written."),
        ExportError::OtherServer { .. } => Some("Choose another folder, or add `--replace`."),
        ExportError::Incomplete(_) => Some("Run `mailstore export` with this folder again."),
        ExportError::Newer { .. } => Some("Use a newer version of this program."),
        ExportError::Busy(_) => Some("Wait until the other process has ended."),
        ExportError::Damaged { .. } => Some("Restore the file, or write a new export into an empty folder."),
        _ => None,
    };
    let is_usage = matches!(
        error,
        ExportError::NotAnExport(_) | ExportError::NoManifest(_) | ExportError::OtherServer { .. }
    );
    let causes = iter::successors(Some(&error as &dyn Error), |error| (*error).source());
    let text = causes
        .map(ToString::to_string)
        .collect::<Vec<String>>()
        .join(": ");
    let report = match help {
        Some(help) => miette!(help = help, "{text}"),
        None => miette!("{text}"),
    };
    if is_usage {
        Failed::usage(report)
    } else {
        Failed::work(report)
    }
}
