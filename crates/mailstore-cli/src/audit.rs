//! `mailstore audit`: compares archives with rules.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use mailstore_api::{ErrorKind, Timestamp};
use mailstore_operations::Installation;
use mailstore_operations::audit::{AuditConfig, AuditReport, AuditResult, Severity, Status, audit};
use mailstore_reach::{printable, warn};
use miette::{IntoDiagnostic as _, WrapErr as _};

use crate::contract::ContractFile;
use crate::exit::Failed;
use crate::operate::{self, Archives, Outcome};
use crate::output::{print, table};
use crate::{plan, wait};

/// Compare profiles, users, administrators, stores, the licence and compliance with rules.
///
/// Only reads. A file switches rules on and off, sets their parameters and lists exceptions. What cannot be seen, such
/// as everything of a stopped instance, is unknown and never ok.
#[derive(clap::Args)]
#[command(after_help = operate::help(EXAMPLES))]
pub(crate) struct Arguments {
    /// The file with rules and exceptions, in TOML. Without it, every rule has its defaults.
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// Only findings with at least this severity change the exit code.
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "info")]
    fail_on: Least,
    /// Also show in the table what is ok. JSON always contains it.
    #[arg(long)]
    all: bool,
    /// Print the results as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    contract: ContractFile,
    #[command(flatten)]
    archives: Archives,
}

/// The least severity that counts.
#[derive(Clone, Copy, ValueEnum)]
enum Least {
    Info,
    Warning,
    Critical,
}

const EXAMPLES: &str = "\
Examples:
  mailstore audit --server mailstore.example.com:8463
  mailstore audit --rules rules.toml --fail-on warning --server mailstore.example.com:8474 --instances 'cust-*'";

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    operate::end(run_audit(arguments))
}

fn run_audit(arguments: &Arguments) -> Result<Outcome, Failed> {
    let mut config = match &arguments.rules {
        Some(file) => AuditConfig::from_toml(&plan::read(file)?)
            .into_diagnostic()
            .wrap_err_with(|| plan::shown(file))
            .map_err(Failed::usage)?,
        None => AuditConfig::default(),
    };
    let contract = arguments.contract.contract()?;
    let numbers = &mut config.rules.licence_over.contract;
    numbers.extend(
        contract
            .users()
            .iter()
            .map(|(instance, users)| (instance.clone(), *users)),
    );
    let installation = arguments.archives.read_only()?;
    let parallel = arguments.archives.parallel();
    let now = Timestamp::now();
    let report = wait::runtime()?.block_on(async {
        check_access(&installation).await?;
        let archives = arguments.archives.of(&installation).await?;
        Ok::<_, Failed>(audit(&installation, &archives, &config, parallel, now).await)
    })?;
    if arguments.json {
        print(&report.to_json().into_diagnostic().map_err(Failed::work)?)?;
    } else {
        print(&text(&report, arguments.all))?;
    }
    for note in &report.notes {
        warn!("{}", printable(note));
    }
    Ok(outcome(&report, arguments.fail_on))
}

/// Returns the error of a MailStore Server that refuses the credentials or cannot be reached. Every result would be
/// unknown then. The Service Provider Edition shows this when its instances are listed.
async fn check_access(installation: &Installation) -> Result<(), Failed> {
    let Installation::Server(client) = installation else {
        return Ok(());
    };
    match client.get_server_info().await {
        Err(error) if error.is_auth() || matches!(error.kind(), ErrorKind::Connect { .. }) => {
            Err(error.into())
        }
        _ => Ok(()),
    }
}

fn outcome(report: &AuditReport, least: Least) -> Outcome {
    let least = match least {
        Least::Info => Severity::Info,
        Least::Warning => Severity::Warning,
        Least::Critical => Severity::Critical,
    };
    if report.counts.unknown > 0 {
        Outcome::Partial
    } else if report.worst().is_some_and(|worst| worst >= least) {
        Outcome::Different
    } else {
        Outcome::Nothing
    }
}

fn text(report: &AuditReport, all: bool) -> String {
    let shown = |result: &&AuditResult| all || result.status != Status::Ok;
    let mut table = table();
    table.set_header(["status", "severity", "archive", "rule", "object", "result"]);
    for result in report.results.iter().filter(shown) {
        table.add_row(row(result));
    }
    let mut text = String::new();
    if !table.is_empty() {
        text = table.trim_fmt() + "\n";
    }
    let counts = report.counts;
    text += &format!(
        "Findings: {}, unknown: {}, excepted: {}, ok: {}\n",
        counts.finding, counts.unknown, counts.excepted, counts.ok
    );
    text
}

fn row(result: &AuditResult) -> [String; 6] {
    let object = &result.object;
    let id = object
        .id
        .as_ref()
        .map_or_else(String::new, |id| format!(" ({id})"));
    let mut text = result.text.clone();
    if let Some(exception) = &result.exception {
        text += &format!(". Accepted until {}: {}", exception.until, exception.reason);
    }
    [
        result.status.as_str(),
        result.severity.as_str(),
        result.archive.as_deref().unwrap_or("-"),
        result.rule.id(),
        &format!("{} {}{id}", object.kind.as_str(), object.name),
        &text,
    ]
    .map(|cell| printable(cell).to_string())
}
