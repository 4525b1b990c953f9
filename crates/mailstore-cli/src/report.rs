//! `mailstore report`: makes a report of a history.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use mailstore_api::Timestamp;
use mailstore_codegen::output;
use mailstore_operations::history::{self, LeftOut};
use mailstore_operations::report::{Collected, Report, csv, html, json};
use miette::{Context as _, IntoDiagnostic as _};

use crate::contract::ContractFile;
use crate::exit::Failed;
use crate::operate::{Outcome, end, help};
use crate::output::print;

/// Make a report of a history: users for billing, messages, size, growth by month, profiles, jobs and licences.
///
/// `mailstore snapshot` writes the history. No server is asked.
#[derive(clap::Args)]
#[command(after_help = help("Examples:\n  mailstore report history.jsonl --out report.html\n  mailstore report history.jsonl --format csv --months 1"))]
pub(crate) struct Arguments {
    /// The history.
    #[arg(value_name = "HISTORY")]
    history: PathBuf,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// The file to write. The default is standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The number of months. The last one is the month of the last snapshot.
    #[arg(long, value_name = "COUNT", default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=240))]
    months: u16,
    #[command(flatten)]
    contract: ContractFile,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    /// One page for a browser or a printer. It loads nothing
    #[default]
    Html,
    /// A row for each archive and month, for a spreadsheet
    Csv,
    /// All figures, for a program
    Json,
}

/// The number of lines that a message names.
const NAMED: usize = 5;

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    end(report(arguments))
}

fn report(arguments: &Arguments) -> Result<Outcome, Failed> {
    let mut collected = Collected::default();
    collected.set_contract(arguments.contract.contract()?);
    let left_out = history::read(&arguments.history, |snapshot| collected.add(snapshot));
    let left_out = left_out.into_diagnostic().map_err(Failed::work)?;
    let report = Report::new(&collected, arguments.months.into(), Timestamp::now());
    let text = match arguments.format {
        Format::Html => html(&report),
        Format::Csv => csv(&report),
        Format::Json => json(&report),
    };
    match &arguments.out {
        Some(path) => output::write(&[(path, text)])
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot write {}", path.display()))
            .map_err(Failed::work)?,
        None => print(&text)?,
    }
    warn(arguments, &left_out);
    if report.customers.is_empty() {
        mailstore_reach::warn!("{} has no snapshot.", arguments.history.display());
        return Ok(Outcome::Partial);
    }
    Ok(if left_out.is_empty() {
        Outcome::Nothing
    } else {
        Outcome::Partial
    })
}

/// Prints the lines that are not in the report.
fn warn(arguments: &Arguments, left_out: &[LeftOut]) {
    let history = arguments.history.display();
    for LeftOut { line, reason } in left_out.iter().take(NAMED) {
        mailstore_reach::warn!(
            "Line {line} of {history} is left out: {}",
            mailstore_reach::printable(reason)
        );
    }
    if left_out.len() > NAMED {
        mailstore_reach::warn!("{} more lines are left out.", left_out.len() - NAMED);
    }
}
