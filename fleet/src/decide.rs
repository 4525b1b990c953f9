//! `mailstore-fleet decide`: explains a call whose outcome is unknown, and ends it or sends it again.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, IsTerminal as _};
use std::time::Duration;

use mailstore_api::printable;
use miette::{IntoDiagnostic as _, Report, miette};
use tokio::time::{Instant, sleep};

use crate::advice::decide_command;
use crate::api::{Addresses, Engine};
use crate::call::Call;
use crate::evidence::how_to_find_out;
use crate::exit::{Failed, Outcome};
use crate::known::KnownCall;
use crate::outcome::{Decision, Phase, Status, Verdict};
use crate::seeing::unknown_window;

/// How long a call may take to carry out a decision.
const CARRIED_OUT: Duration = Duration::from_secs(30);

const PAUSE: Duration = Duration::from_millis(200);

/// Decide about a call whose outcome is unknown. Without a decision, explain the call and how to find out what happened.
#[derive(clap::Args)]
pub struct Arguments {
    /// The key of the call.
    #[arg(value_name = "KEY", required_unless_present = "window")]
    key: Option<String>,
    /// `done`: the server has done the work. `retry`: the server has not received the call, so it is sent again.
    /// `give-up`: the call counts as not done, and is not sent again.
    #[arg(value_name = "DECISION")]
    decision: Option<Decision>,
    /// List the calls of a window that wait for a decision.
    #[arg(long, value_name = "WINDOW", conflicts_with_all = ["key", "decision"])]
    window: Option<String>,
    /// The try that the decision is about. After a `retry`, the call is at the next one.
    #[arg(long = "try", value_name = "N", default_value_t = 1, requires = "decision")]
    attempt: u32,
    /// Do not ask for a confirmation of `retry`.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    engine: Addresses,
}

/// Explains a call, or decides about it.
///
/// # Errors
/// The call does not wait for this decision, the engine cannot be reached, or no worker answers.
pub async fn run(arguments: Arguments) -> Result<Outcome, Failed> {
    let engine = Engine::new(arguments.engine).map_err(Failed::Work)?;
    let Some(key) = arguments.key else {
        return list(&engine, &arguments.window.unwrap_or_default()).await;
    };
    let (known, status) = waiting(&engine, &key).await?;
    let call = engine.call_of(&known).await.map_err(Failed::Work)?;
    let Some(decision) = arguments.decision else {
        print(&explained(&known, &call, &status)).map_err(Failed::Work)?;
        return Ok(Outcome::Unknown);
    };
    let verdict = Verdict {
        decision,
        attempt: arguments.attempt,
    };
    if verdict.attempt != status.attempt {
        return Err(Failed::Usage(wrong_attempt(&known, &status, verdict)));
    }
    if !engine.reaches_worker().await.map_err(Failed::Work)? {
        return Err(Failed::Work(miette!(
            help = "Start a worker with `mailstore-fleet worker`, and decide again.",
            "no worker answers, so nothing was decided"
        )));
    }
    if decision == Decision::Retry && !arguments.yes {
        confirm(&call, &status).map_err(Failed::Usage)?;
    }
    let input = serde_json::to_value(verdict)
        .into_diagnostic()
        .map_err(Failed::Work)?;
    let decided = engine
        .call::<Option<()>>("MailCall", &known.key, "decide", Some(&input))
        .await;
    decided.map_err(|error| Failed::Work(error.wrap_err("nothing was decided by this command")))?;
    carried_out(&engine, &known.key, verdict)
        .await
        .map_err(Failed::Work)?;
    Ok(Outcome::Nothing)
}

/// Returns a call that waits for a decision.
async fn waiting(engine: &Engine, key: &str) -> Result<(KnownCall, Status), Failed> {
    let known = engine.known_call(key).await.map_err(Failed::Work)?;
    let Some(known) = known else {
        return Err(Failed::Usage(miette!(
            help = "`mailstore-fleet decide --window WINDOW` lists the calls that wait for a decision.",
            "the engine knows no call `{}`, or it has not begun",
            printable(key)
        )));
    };
    let shown = printable(&known.key);
    if known.completed {
        return Err(Failed::Work(miette!(
            help = "A call that has ended is not sent again in its window. Another window calls its function again.",
            "{shown} has ended: {}",
            known.described()
        )));
    }
    match known.status.clone() {
        Some(status) if status.phase == Phase::Unknown => Ok((known, status)),
        _ => Err(Failed::Work(miette!(
            help = "`mailstore-fleet cancel --call KEY` cancels it.",
            "{shown} does not wait for a decision: it is under way"
        ))),
    }
}

/// Lists the calls of a window that wait for a decision.
async fn list(engine: &Engine, window: &str) -> Result<Outcome, Failed> {
    if engine.last_run(window).await.map_err(Failed::Work)?.is_none() {
        return Err(unknown_window(engine, window).await);
    }
    let calls = engine.calls(window).await.map_err(Failed::Work)?;
    let unknown: Vec<&KnownCall> = calls.iter().filter(|call| call.is_unknown()).collect();
    for call in &unknown {
        let reason = call.status.as_ref().and_then(|status| status.reason.as_deref());
        mailstore_reach::say!(
            "{}: {}",
            printable(&call.key),
            printable(reason.unwrap_or("unknown"))
        );
    }
    if unknown.is_empty() {
        mailstore_reach::say!("No call of {} waits for a decision.", printable(window));
        return Ok(Outcome::Nothing);
    }
    mailstore_reach::warn!("`mailstore-fleet decide KEY` says how to find out what happened.");
    Ok(Outcome::Unknown)
}

/// Returns what is known about a call, how to find out the rest, and what each decision does.
fn explained(known: &KnownCall, call: &Call, status: &Status) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:<10} {}", printable(value));
    };
    line("Call", &known.key);
    line("Profile", &call.profile);
    line("Server", &call.server);
    line("Instance", call.instance.as_deref().unwrap_or("-"));
    line("Function", &call.function);
    let arguments = call.arguments.iter();
    let arguments: Vec<String> = arguments.map(|(name, value)| format!("{name}={value}")).collect();
    line("Arguments", &arguments.join(" "));
    line(
        "Sent",
        &status
            .sent
            .map_or_else(|| "-".to_owned(), |time| time.to_string()),
    );
    line("Try", &status.attempt.to_string());
    line("Problem", status.reason.as_deref().unwrap_or("-"));
    let decide = decide_command(&known.key);
    let option = match status.attempt {
        1 => String::new(),
        attempt => format!(" --try {attempt}"),
    };
    let _ = write!(
        text,
        "\nThe server may have received the call or not, so it was not sent again. It keeps its place at the server.\n\n\
         To find out what the server did:\n\n{}\n\
         Then decide:\n\n\
         {decide} done{option}\n   The work is done. The call ends, and counts as done.\n\
         {decide} retry{option}\n   The server has not received the call. It is sent again: if it was received after all, it is started a second time.\n\
         {decide} give-up{option}\n   The work is not done, or it is not clear. The call ends, and is not sent again in this window.\n",
        how_to_find_out(call, status.sent)
    );
    text
}

fn print(text: &str) -> Result<(), Report> {
    mailstore_reach::print(text).into_diagnostic()
}

/// Returns the error for a decision about another try than the current one.
fn wrong_attempt(known: &KnownCall, status: &Status, verdict: Verdict) -> Report {
    let help = format!(
        "Find out what happened to try {}, and add `--try {}`: `{}`.",
        status.attempt,
        status.attempt,
        decide_command(&known.key)
    );
    miette!(
        help = help,
        "the decision is about try {} of {}, but the outcome of try {} is unknown",
        verdict.attempt,
        printable(&known.key),
        status.attempt
    )
}

/// Asks whether the call may be sent again.
fn confirm(call: &Call, status: &Status) -> Result<(), Report> {
    let sent = status.sent.map_or_else(String::new, |time| format!(" of {time}"));
    let risk = format!(
        "{} is sent to {} again. If the server received the call{sent}, this starts it a second time",
        printable(&call.function),
        printable(&call.server)
    );
    if !io::stdin().is_terminal() {
        return Err(miette!(
            help = "Add `--yes` if you know that the call did not arrive.",
            "{risk}"
        ));
    }
    mailstore_reach::warn!("{risk}.\nType `retry` to continue:");
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    if read.is_ok() && line.trim() == Decision::Retry.as_str() {
        return Ok(());
    }
    Err(miette!("not confirmed: nothing was decided"))
}

/// Waits until a call has carried out a decision, and says what follows from it.
async fn carried_out(engine: &Engine, key: &str, verdict: Verdict) -> Result<(), Report> {
    let until = Instant::now() + CARRIED_OUT;
    loop {
        let known = engine.known_call(key).await?;
        let status = known.as_ref().and_then(|known| known.status.as_ref());
        let is_over = |status: &Status| status.attempt != verdict.attempt || status.phase != Phase::Unknown;
        if status.is_none_or(is_over) {
            break;
        }
        if Instant::now() > until {
            let seconds = CARRIED_OUT.as_secs();
            mailstore_reach::warn!("Decided. The worker has not carried it out within {seconds} seconds.");
            return Ok(());
        }
        sleep(PAUSE).await;
    }
    match verdict.decision {
        Decision::Retry => mailstore_reach::say!("The call is sent again."),
        decision => mailstore_reach::say!("The call has ended with the decision `{}`.", decision.as_str()),
    }
    mailstore_reach::warn!(
        "If its job has stopped, `mailstore-fleet run JOB.toml --continue` starts the calls that were not started."
    );
    Ok(())
}
