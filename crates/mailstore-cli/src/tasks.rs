//! `mailstore tasks`: returns to calls that were left running.

use std::fs;
use std::path::PathBuf;

use clap::Subcommand;
use mailstore_api::{Json, Task};
use mailstore_reach::Options;
use miette::{Context as _, IntoDiagnostic as _, miette};

use crate::exit::{Code, Failed};
use crate::output::{print, table};
use crate::presses::Presses;
use crate::progress::Progress;
use crate::{format, server, token_file, wait};

/// Return to calls that were left running.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// List the saved tokens. Ask no server.
    List,
    /// Wait for the end of a call and print its result. The token file is removed when the call has ended.
    Watch(Arguments),
    /// Ask the server to cancel a call and wait for its end. The token file is removed when the call has ended.
    Cancel(Arguments),
    /// Remove a token file. The call continues.
    Forget {
        /// The token file.
        file: PathBuf,
    },
}

/// The arguments of a command that asks a server.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The token file.
    file: PathBuf,
    /// The profile for the server. By default, it is the profile with the address and the user of the call.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    format: format::FormatOptions,
}

pub(crate) fn run(command: &Command) -> Result<(), Failed> {
    match command {
        Command::List => list(),
        Command::Watch(arguments) => go_on(arguments, false),
        Command::Cancel(arguments) => go_on(arguments, true),
        Command::Forget { file } => {
            // Another file is not removed by mistake.
            token_file::read(file)?;
            remove(file)
        }
    }
}

fn list() -> Result<(), Failed> {
    let mut table = table();
    table.set_header(["FUNCTION", "SERVER", "USER", "FILE"]);
    let mut count = 0;
    for path in token_file::all()? {
        match token_file::read(&path) {
            Ok(saved) => {
                let shown = |text: &str| mailstore_reach::printable(text).to_string();
                table.add_row([
                    shown(saved.token.function()),
                    shown(saved.token.origin()),
                    shown(&saved.user),
                    path.display().to_string(),
                ]);
                count += 1;
            }
            Err(failed) => mailstore_reach::warn!("Warning: {}", failed.report),
        }
    }
    if count == 0 {
        mailstore_reach::say!("There are no saved tokens.");
        return Ok(());
    }
    print(&format!("{table}\n"))
}

/// Waits for the end of a call. The file is removed when the call has ended, whatever its outcome.
fn go_on(arguments: &Arguments, cancel: bool) -> Result<(), Failed> {
    let saved = token_file::read(&arguments.file)?;
    let edition = token_file::edition_of(&saved.token);
    let format = arguments.format.format()?;
    let profile = arguments.profile.as_deref();
    let options = server::options_for_token(&arguments.options, profile, &saved.token, &saved.user)?;
    let connection = server::builder(saved.token.origin(), edition, &options)?.build()?;
    let result = wait::runtime()?.block_on(async {
        let mut presses = Presses::listen().await?;
        let mut task = Task::<Json>::resume(&connection, saved.token)?;
        if cancel {
            tokio::select! {
                asked = task.request_cancel() => asked?,
                () = presses.reach(1) => {
                    let report = miette!("stopped before the server responded: the call may still be running");
                    return Err(Failed::new(Code::Cancelled, report));
                }
            }
        }
        let progress = Progress::new(task.function());
        wait::finish(task, wait::Limits::default(), &progress, &mut presses).await
    });
    match result {
        // The file stays if the result cannot be printed.
        Ok(result) => {
            format.print(&result, &[], true)?;
            remove(&arguments.file)
        }
        Err(failed) => {
            if failed.call_has_ended {
                remove(&arguments.file)?;
            }
            Err(failed)
        }
    }
}

fn remove(file: &PathBuf) -> Result<(), Failed> {
    fs::remove_file(file)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot remove {}", file.display()))
        .map_err(Failed::work)
}
