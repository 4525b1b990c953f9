//! `mailstore apply`: makes the changes of a plan.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::PathBuf;

use mailstore_api::Timestamp;
use mailstore_operations::AnyArchive;
use mailstore_operations::provision::{ApplyLock, ApplyReport, Journal, Plan, apply};
use miette::{IntoDiagnostic as _, WrapErr as _, miette};

use crate::exit::{Code, Failed};
use crate::operate::{self, Access, Outcome, with};
use crate::output::print;
use crate::plan::{failed, id, read, shown};
use crate::server::Server;
use crate::state_folder::state_folder;
use crate::wait;

/// Make the changes of a plan that `mailstore plan` has saved.
///
/// Every object is read again before it is changed. If somebody else has changed it since the plan was made, nothing is
/// changed. A journal is written before and after each call. After a failure or an interruption, run the same command
/// again: it makes the changes that are missing.
#[derive(clap::Args)]
#[command(after_help = operate::help(EXAMPLES))]
pub(crate) struct Arguments {
    /// The plan.
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    #[command(flatten)]
    server: Server,
    /// The journal. The default is the name of the plan with `.journal.jsonl` at its end.
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// The folder with the locks, which keep two plans from being applied to one server at the same time. The default is
    /// the folder of MAILSTORE_LOCKS, or the folder `locks` for state of this user.
    #[arg(long, value_name = "DIR")]
    lock_folder: Option<PathBuf>,
    /// Do not ask before the first change.
    #[arg(long)]
    yes: bool,
}

const EXAMPLES: &str = "\
Examples:
  mailstore apply users.plan.json --server mailstore.example.com:8463";

pub(crate) fn run(arguments: &Arguments) -> std::process::ExitCode {
    operate::end(run_plan(arguments))
}

fn run_plan(arguments: &Arguments) -> Result<Outcome, Failed> {
    let plan = Plan::from_json(&read(&arguments.plan)?)
        .into_diagnostic()
        .wrap_err_with(|| shown(&arguments.plan))
        .map_err(Failed::usage)?;
    let instance = plan.instance();
    let archive = operate::archive(&arguments.server, instance, Access::Write, operate::no_instance)?;
    let origin = archive.connection().origin();
    if (origin, id(&archive)) != (plan.server.as_str(), plan.archive.as_str()) {
        return Err(Failed::usage(miette!(
            help = "Choose the server of the plan, or make a new plan.",
            "the plan is for {}, archive {}, but the chosen server is {origin}, archive {}",
            mailstore_reach::printable(&plan.server),
            mailstore_reach::printable(&plan.archive),
            id(&archive)
        )));
    }
    if plan.allowed().next().is_none() {
        print("The plan has no changes that can be made.\n")?;
        return Ok(ended(&plan));
    }
    keep_own_account(&plan, &archive, &arguments.server)?;
    if !arguments.yes {
        confirm(&plan)?;
    }
    let folder = match &arguments.lock_folder {
        Some(folder) => folder.clone(),
        None => state_folder("MAILSTORE_LOCKS", "locks")?,
    };
    let _lock = ApplyLock::acquire(&folder, &plan, Timestamp::now()).map_err(failed)?;
    let path = arguments.journal.clone().unwrap_or_else(|| {
        let mut name = arguments.plan.clone().into_os_string();
        name.push(".journal.jsonl");
        name.into()
    });
    let mut journal = Journal::open(&path, &plan).map_err(failed)?;
    let report = wait::runtime()?.block_on(async { with!(&archive, apply(&plan, &mut journal)) });
    let report = report.map_err(failed)?;
    print(&text(&report, &plan))?;
    if report.is_complete() {
        return Ok(ended(&plan));
    }
    if report.is_outcome_unknown() {
        return Ok(Outcome::Partial);
    }
    Err(Failed::work(miette!(
        help = "Remove the cause, and run the same command again: it makes the changes that are missing.",
        "not all changes were made"
    )))
}

/// Refuses a plan that another account has made, or that was edited, if it could take access from the chosen account.
fn keep_own_account(plan: &Plan, archive: &AnyArchive, server: &Server) -> Result<(), Failed> {
    // A system administrator of the Service Provider Edition is no user of the instance.
    if matches!(archive, AnyArchive::Instance(_)) {
        return Ok(());
    }
    let account = server.options()?.user_name();
    match plan.allowed().find(|change| change.could_lock_out(account)) {
        None => Ok(()),
        Some(change) => Err(Failed::usage(miette!(
            help = "Make a new plan with this account, or apply this plan with another account.",
            "{}: this is the account that makes the changes, and it could lose its access",
            change.object
        ))),
    }
}

/// The server still differs from the file if a change is blocked.
fn ended(plan: &Plan) -> Outcome {
    if plan.blocked().next().is_some() {
        Outcome::Different
    } else {
        Outcome::Nothing
    }
}

/// Asks before the first change.
fn confirm(plan: &Plan) -> Result<(), Failed> {
    let refused = |report| Failed::new(Code::Refused, report);
    if !io::stdin().is_terminal() {
        return Err(refused(miette!(
            help = "Add `--yes` to apply the plan without a question.",
            "the plan must be confirmed"
        )));
    }
    mailstore_reach::warn!("{}Type `apply` to make these changes:", plan.to_text());
    let mut line = String::new();
    let answer = io::stdin().lock().read_line(&mut line);
    if answer.is_ok() && line.trim_end_matches(['\r', '\n']) == "apply" {
        return Ok(());
    }
    Err(refused(miette!("not confirmed: nothing was sent")))
}

fn text(report: &ApplyReport, plan: &Plan) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    for (object, error) in &report.failed {
        let chain: Vec<String> = causes(error).map(|cause| cause.to_string()).collect();
        let _ = writeln!(
            text,
            "failed: {object}: {}",
            mailstore_reach::printable(&chain.join(": "))
        );
    }
    for object in &report.not_tried {
        let _ = writeln!(text, "not tried, because another change failed: {object}");
    }
    let _ = writeln!(
        text,
        "{} changed now, {} changed before, {} failed, {} not tried, {} blocked",
        report.made,
        report.already,
        report.failed.len(),
        report.not_tried.len(),
        plan.blocked().count()
    );
    text
}

fn causes<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| error.source())
}
