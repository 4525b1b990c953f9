//! `mailstore check`: checks for monitoring systems.

mod amount;
mod choice;
mod connect;
mod index;
mod instances;
mod jobs;
mod json;
mod licence;
mod metric;
mod nagios;
mod options;
mod policy;
mod profiles;
mod prometheus;
mod prtg;
mod report;
mod run_options;
mod service;
mod state;
mod stores;
mod version;
mod zabbix;

use std::env;
use std::process::ExitCode;

use clap::Subcommand;
use miette::miette;
use options::{Common, Format};
use report::Report;
use state::State;

use crate::exit::Failed;
use crate::output::print;

/// Check a server for a monitoring system such as Nagios, Icinga, checkmk, PRTG, Zabbix or Prometheus.
///
/// A check only reads: its client is read-only and refuses every call that may change the server. The API requires the
/// account of an administrator nevertheless.
#[derive(Subcommand)]
#[command(after_help = HELP)]
pub(crate) enum Command {
    Profiles(profiles::Arguments),
    Jobs(jobs::Arguments),
    Stores(stores::Arguments),
    Service(service::Arguments),
    Licence(licence::Arguments),
    Index(index::Arguments),
    Instances(instances::Arguments),
}

const HELP: &str = "\
Examples:
  mailstore check profiles --server mailstore.example.com:8463 --max-age 30h --completed-with-errors ok
  mailstore check jobs --server mailstore.example.com:8463
  mailstore check stores --server mailstore.example.com:8474 --instance demo

Exit codes:
  0  OK
  1  WARNING
  2  CRITICAL
  3  UNKNOWN: also wrong usage, rejected credentials, and a server that cannot be reached";

pub(crate) fn run(command: &Command) -> ExitCode {
    let (check, common, instance, result) = match command {
        Command::Profiles(a) => ("profiles", &a.common, a.instance.as_ref(), profiles::check(a)),
        Command::Jobs(a) => ("jobs", &a.common, a.instance.as_ref(), jobs::check(a)),
        Command::Stores(a) => ("stores", &a.common, a.instance.as_ref(), stores::check(a)),
        Command::Service(a) => ("service", &a.common, None, service::check(a)),
        Command::Licence(a) => ("licence", &a.common, None, licence::check(a)),
        Command::Index(a) => ("index", &a.common, a.instance.as_ref(), index::check(a)),
        Command::Instances(a) => ("instances", &a.common, None, instances::check(a)),
    };
    let mut report = result.unwrap_or_else(|failed| Report::failed(check, State::Unknown, &failed));
    report.check = check;
    if let Ok(address) = common.server.address() {
        report.labels.push(("server", report::shown(address)));
    }
    let of_profile = || common.server.instance().ok().flatten();
    let needs_instance = ["profiles", "jobs", "stores", "index"].contains(&check);
    let instance = instance.map(String::as_str).or_else(of_profile);
    if let Some(id) = instance.filter(|_| needs_instance) {
        // Prometheus uses the label `instance` itself.
        report.labels.push(("archive", report::shown(id)));
    }
    write(&report, common)
}

fn write(report: &Report, common: &Common) -> ExitCode {
    let text = match common.format {
        Format::Nagios => nagios::text(report, common.each),
        Format::Prtg => prtg::text(report, common.each),
        Format::Zabbix => zabbix::text(report),
        Format::Prometheus => prometheus::text(report),
        Format::Json => json::text(report),
    };
    match print(&text) {
        Ok(()) => report.state().exit_code().into(),
        Err(_) => State::Unknown.exit_code().into(),
    }
}

/// Ends the program after an error in the command line. A check prints a line for the monitoring system, because the
/// usual exit code would mean CRITICAL.
pub(crate) fn reject(error: &clap::Error) -> ExitCode {
    let is_check = env::args_os().nth(1).is_some_and(|word| word == "check");
    if !error.use_stderr() || !is_check {
        error.exit();
    }
    let text = error.to_string();
    let lines = text.lines().take_while(|line| !line.is_empty());
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    let sentence = words.join(" ");
    let failed = Failed::usage(miette!("{}", sentence.trim_start_matches("error: ")));
    let report = Report::failed("check", State::Unknown, &failed);
    let _ = print(&nagios::text(&report, false));
    // The advice in the message is for people.
    let _ = error.print();
    State::Unknown.exit_code().into()
}
