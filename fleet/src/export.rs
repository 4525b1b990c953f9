//! `mailstore-fleet export`: writes a window for programs, spreadsheets and people.

use std::path::PathBuf;

use jiff::Timestamp;

use crate::api::{Addresses, Engine};
use crate::exit::{Failed, Outcome};
use crate::seeing::{Selection, csv, html, json_of_window};
use crate::status::{read, write};

/// Write a window with all its calls for a program, a spreadsheet or people. This needs no worker.
#[derive(clap::Args)]
pub struct Arguments {
    /// The window, such as `2026-11-27/verify`.
    #[arg(value_name = "WINDOW")]
    window: String,
    /// The form.
    #[arg(long, value_enum)]
    output: Form,
    /// The file to write. The default is standard output.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    engine: Addresses,
}

/// The forms of a window.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Form {
    /// JSON for programs.
    Json,
    /// A row for each call, for a spreadsheet.
    Csv,
    /// One page for a browser or a printer. It loads nothing.
    Html,
}

/// Writes a window.
///
/// # Errors
/// The engine cannot be reached or does not know the window, or the file cannot be written.
pub async fn run(arguments: Arguments) -> Result<Outcome, Failed> {
    let engine = Engine::new(arguments.engine).map_err(Failed::Work)?;
    let window = read(&engine, &arguments.window).await?;
    let text = match arguments.output {
        Form::Json => json_of_window(&window, &Selection::of_all()),
        Form::Csv => csv(&window),
        Form::Html => html(&window, Timestamp::now()),
    };
    write(&text, arguments.file.as_deref()).map_err(Failed::Work)?;
    Ok(window.outcome())
}
