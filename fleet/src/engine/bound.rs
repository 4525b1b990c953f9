//! Binds the life of the engine's process to that of `mailstore-fleet engine`, also if that is killed.
//!
//! The system kills a process together with its parent if the process has asked for it. The engine does not ask, so this
//! program asks first and then becomes the engine. Only Linux has this.

use std::env;
use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{self, Command};

use miette::{Context as _, IntoDiagnostic as _, Report, miette};
use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};

use crate::exit::{Failed, Outcome};

/// The name of the command.
const NAME: &str = "bound-engine";

/// Become the program of the engine, which ends with the parent process. Used by `mailstore-fleet engine`.
#[derive(clap::Args)]
#[command(hide = true)]
pub struct Arguments {
    /// The identifier of the parent process.
    parent: i32,
    /// The program of the engine.
    program: PathBuf,
    /// The options of the engine.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    options: Vec<OsString>,
}

/// Replaces this process with the program of the engine.
///
/// # Errors
/// The parent has ended, or the program cannot be started.
pub fn run(arguments: Arguments) -> Result<Outcome, Failed> {
    let Arguments {
        parent,
        program,
        options,
    } = arguments;
    bind(parent).map_err(Failed::Work)?;
    let error = Command::new(&program).args(options).exec();
    Err(Failed::Work(miette!(
        "cannot start {}: {error}",
        program.display()
    )))
}

/// Makes the system kill this process when its parent ends.
fn bind(parent: i32) -> Result<(), Report> {
    set_parent_process_death_signal(Some(Signal::KILL)).into_diagnostic()?;
    // The parent may have ended before this process asked.
    if getppid() != Pid::from_raw(parent) {
        return Err(miette!("`mailstore-fleet engine` has ended"));
    }
    Ok(())
}

/// Returns the command that becomes the program of the engine. The options of the engine are added to it.
///
/// # Errors
/// The file of this program is not known.
pub(super) fn command(program: &Path) -> Result<tokio::process::Command, Report> {
    let this = env::current_exe()
        .into_diagnostic()
        .wrap_err("cannot find the file of this program")?;
    let mut command = tokio::process::Command::new(this);
    command.arg(NAME).arg(process::id().to_string()).arg(program);
    Ok(command)
}
