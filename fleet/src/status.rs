//! `mailstore-fleet status`: shows windows and their calls.

use std::path::Path;

use mailstore_codegen::output;
use miette::{Context as _, IntoDiagnostic as _, Report};

use crate::api::{Addresses, Engine};
use crate::exit::{Failed, Outcome};
use crate::seeing::{Form, Reader, SeenWindow, Selection, State, list, unknown_window};

/// Show the windows, or one window and its calls. This needs no worker.
///
/// Without a choice, it shows the calls that are under way and those that a person should look at. The web page of the
/// engine shows the workflows. It is at /ui of the address of the administration.
#[derive(clap::Args)]
pub struct Arguments {
    /// The window, such as `2026-11-27/verify`.
    #[arg(value_name = "WINDOW")]
    window: Option<String>,
    #[command(flatten)]
    selection: Selection,
    /// The form of the output.
    #[arg(long, value_enum, default_value_t)]
    output: Form,
    #[command(flatten)]
    engine: Addresses,
}

/// Shows the windows, or one window.
///
/// # Errors
/// The engine cannot be reached, or does not know the window.
pub async fn run(arguments: Arguments) -> Result<Outcome, Failed> {
    let engine = Engine::new(arguments.engine).map_err(Failed::Work)?;
    let Some(window) = arguments.window else {
        if arguments.selection.is_chosen() {
            return Err(Failed::Usage(miette::miette!("a choice of calls needs a window")));
        }
        let windows = list(&engine).await.map_err(Failed::Work)?;
        let is_open = windows.iter().any(|window| window.state != State::Ended);
        let worker = answers(&engine, is_open).await.map_err(Failed::Work)?;
        let printed = arguments.output.print_windows(&windows, worker);
        printed.map_err(Failed::Work)?;
        return Ok(Outcome::Nothing);
    };
    let mut window = read(&engine, &window).await?;
    let is_open = window.state != State::Ended;
    window.worker = answers(&engine, is_open).await.map_err(Failed::Work)?;
    let printed = arguments.output.print_window(&window, &arguments.selection);
    printed.map_err(Failed::Work)?;
    Ok(window.outcome())
}

/// Returns whether a worker answers, if one is needed. The engine notices it only when a workflow continues.
async fn answers(engine: &Engine, is_needed: bool) -> Result<Option<bool>, Report> {
    if !is_needed {
        return Ok(None);
    }
    engine.reaches_worker().await.map(Some)
}

/// Reads a window once.
///
/// # Errors
/// The engine cannot be reached, or does not know the window.
pub async fn read(engine: &Engine, window: &str) -> Result<SeenWindow, Failed> {
    match Reader::new(engine).window(window).await {
        Ok(Some(window)) => Ok(window),
        Ok(None) => Err(unknown_window(engine, window).await),
        Err(error) => Err(Failed::Work(error)),
    }
}

/// Writes a text to a file, or to standard output.
///
/// # Errors
/// The text was not written.
pub(crate) fn write(text: &str, file: Option<&Path>) -> Result<(), Report> {
    match file {
        Some(path) => output::write(&[(path, text)])
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot write {}", path.display())),
        None => mailstore_reach::print(text).into_diagnostic(),
    }
}
