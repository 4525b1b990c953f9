//! `mailstore-fleet results`: collects what the servers returned.

use std::collections::BTreeMap;
use std::path::PathBuf;

use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;
use mailstore_api::printable_json;
use miette::{IntoDiagnostic as _, Report, miette};
use serde::Serialize;
use serde_json::Value;

use crate::advice::short;
use crate::api::{Addresses, Engine};
use crate::exit::{Failed, Outcome};
use crate::outcome::Outcome as Ending;
use crate::seeing::{SeenCall, SeenWindow, Stage, json};
use crate::status::{read, write};
use crate::store::Stores;

/// How many results are read at the same time.
const READERS: usize = 16;

/// Collect the results of a window: what the servers returned, with a line of JSON for each call.
///
/// The results are read from the folder or the object store that the job names. A folder is read on this machine. An
/// object store is read with the account in the environment variables AWS_*. This needs no worker.
#[derive(clap::Args)]
pub struct Arguments {
    /// The window, such as `2026-11/statistics`.
    #[arg(value_name = "WINDOW")]
    window: String,
    /// The form.
    #[arg(long, value_enum, default_value_t)]
    output: Form,
    /// The file to write. The default is standard output.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    engine: Addresses,
}

/// The forms of the results.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Form {
    /// A line of JSON for each call.
    #[default]
    JsonLines,
    /// One document with all calls.
    Json,
}

/// A call with its result.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Collected<'a> {
    key: &'a str,
    profile: &'a str,
    instance: Option<&'a str>,
    server: Option<&'a str>,
    function: &'a str,
    arguments: Option<&'a BTreeMap<String, String>>,
    phase: Stage,
    outcome: Option<Ending>,
    reason: Option<&'a str>,
    started: Option<Timestamp>,
    ended: Option<Timestamp>,
    /// What the server returned. A call that did not succeed has none.
    result: Option<Value>,
    /// Why the result of a call that succeeded is missing.
    problem: Option<String>,
}

#[derive(Serialize)]
struct Results<'a> {
    window: &'a str,
    calls: &'a [Collected<'a>],
}

/// Writes the results of a window.
///
/// # Errors
/// The engine cannot be reached or does not know the window, a result cannot be read, or the file cannot be written.
pub async fn run(arguments: Arguments) -> Result<Outcome, Failed> {
    let engine = Engine::new(arguments.engine).map_err(Failed::Work)?;
    let window = read(&engine, &arguments.window).await?;
    let stores = Stores::default();
    let calls = stream::iter(&window.calls).map(|call| collect(call, &stores));
    let calls: Vec<Collected<'_>> = calls.buffered(READERS).collect().await;
    let text = text(&window, &calls, arguments.output).map_err(Failed::Work)?;
    write(&text, arguments.file.as_deref()).map_err(Failed::Work)?;
    match missing(&calls) {
        Some(problem) => Err(Failed::Work(problem)),
        None => Ok(window.outcome()),
    }
}

/// Reads the result of a call.
async fn collect<'a>(call: &'a SeenCall, stores: &Stores) -> Collected<'a> {
    let (result, problem) = match result(call, stores).await {
        Ok(result) => (result, None),
        Err(problem) => (None, Some(problem)),
    };
    Collected {
        key: &call.key,
        profile: &call.profile,
        instance: call.instance.as_deref(),
        server: call.server.as_deref(),
        function: &call.function,
        arguments: call.arguments.as_ref(),
        phase: call.stage,
        outcome: call.outcome,
        reason: call.reason.as_deref(),
        started: call.started,
        ended: call.ended,
        result,
        problem,
    }
}

/// Returns the result of a call that succeeded.
async fn result(call: &SeenCall, stores: &Stores) -> Result<Option<Value>, String> {
    if call.outcome != Some(Ending::Succeeded) {
        return Ok(None);
    }
    let Some(files) = &call.files else {
        return Err("the engine has forgotten the job, and the place of its results with it".to_owned());
    };
    let text = files.read_result(stores).await?;
    serde_json::from_str(&text)
        .map(Some)
        .map_err(|error| format!("{} is no JSON: {error}", files.result()))
}

fn text(window: &SeenWindow, calls: &[Collected<'_>], form: Form) -> Result<String, Report> {
    let window = &window.window;
    match form {
        Form::JsonLines => calls.iter().map(line).collect(),
        Form::Json => Ok(json("mailstore-fleet-results", Results { window, calls })),
    }
}

fn line(call: &Collected<'_>) -> Result<String, Report> {
    let text = serde_json::to_string(call).into_diagnostic()?;
    Ok(printable_json(&text) + "\n")
}

/// Returns the error for results that could not be read.
fn missing(calls: &[Collected<'_>]) -> Option<Report> {
    let problems: Vec<&str> = calls.iter().filter_map(|call| call.problem.as_deref()).collect();
    let first = problems.first()?;
    Some(miette!(
        help = "The other results were written. If the job writes to a folder, call this command on the machine of the worker.",
        "{} of {} results cannot be read. The first problem: {}",
        problems.len(),
        calls
            .iter()
            .filter(|call| call.outcome == Some(Ending::Succeeded))
            .count(),
        short(first)
    ))
}
