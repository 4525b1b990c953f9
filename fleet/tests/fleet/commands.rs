//! Commands and decisions, as several tests need them.

use std::fs;
use std::process::Output;

use mailstore_fleet::call::Call;
use mailstore_fleet::outcome::{Decision, Outcome, Phase, Verdict};

use crate::support::{Fleet, only};

/// A function that changes something, in the eyes of the fleet, and its arguments.
pub(crate) const VERIFY: (&str, &[(&str, &str)]) =
    ("VerifyStore", &[("id", "1"), ("includeIndexes", "false")]);

/// The exit code of a command that did what it was asked.
pub(crate) const DONE: i32 = 0;
/// The exit code of a command that cannot do its work.
pub(crate) const FAILED: i32 = 1;
/// The exit code for wrong usage.
pub(crate) const USAGE: i32 = 2;
/// The exit code for a call with an unknown outcome.
pub(crate) const UNKNOWN: i32 = 11;

/// Returns what a command printed, if it ended with this code.
pub(crate) fn printed(output: &Output, code: i32) -> String {
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    let text = String::from_utf8(text).unwrap();
    assert_eq!(output.status.code(), Some(code), "{text}");
    // Messages are wrapped at the width of the terminal.
    text.replace("\n  │ ", " ")
}

/// Runs a command and returns what it printed, if it ended with this code.
pub(crate) async fn run(fleet: &Fleet, words: &[&str], code: i32) -> String {
    printed(&fleet.command(words).await, code)
}

/// Kills the worker while the next call is at a point of its start, so that its outcome becomes unknown.
pub(crate) async fn make_unknown(fleet: &mut Fleet, call: &Call, point: &str) {
    fleet.reached(point).await;
    fleet.kill_worker().await;
    fleet.resume(point);
    fleet.start_worker().await;
    fleet.phase(call, Phase::Unknown).await;
}

/// Returns a job file that verifies the stores of all servers. `limit` is the limit overall and for each server.
pub(crate) fn verify_file(limit: u32) -> String {
    format!(
        "
version = 1
name = 'verify'
function = 'VerifyStore'
arguments = {{ includeIndexes = false }}
for-each-store = {{}}
logs = 'logs'
limits = {{ overall = {limit}, per-server = {limit} }}

[window]
name = 'test/{{job}}'

[[target]]
profiles = ['*']
"
    )
}

/// Writes a job file, and returns its path.
pub(crate) fn write_job(fleet: &Fleet, text: &str) -> String {
    let path = fleet.folder.path().join("job.toml");
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// Returns the second call of the server.
pub(crate) fn second(fleet: &Fleet) -> Call {
    fleet.call(0, VERIFY.0, &[("id", "2"), ("includeIndexes", "false")])
}

/// Starts a job with a call, cancels the call at a point, and returns how it ended.
pub(crate) async fn cancelled_at(fleet: &Fleet, call: &Call, point: &str) -> Outcome {
    fleet.hold(point);
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.reached(point).await;
    fleet.cancel(call).await;
    fleet.resume(point);
    only(&fleet.results(&sent).await)
}

/// Returns whether the server cancelled the only call that it executed.
pub(crate) fn was_cancelled(fleet: &Fleet) -> bool {
    let tasks = fleet.servers[0].tasks();
    tasks.len() == 1 && tasks[0].cancelled && tasks[0].status != "running"
}

impl Fleet {
    /// Decides about a call with an unknown outcome.
    pub(crate) async fn decide(&self, call: &Call, decision: Decision) {
        self.phase(call, Phase::Unknown).await;
        let attempt = self.status(call).await.unwrap().attempt;
        self.decide_about(call, decision, attempt).await.unwrap();
    }

    /// Decides about a try of a call. Returns why the decision is refused.
    pub(crate) async fn decide_about(
        &self,
        call: &Call,
        decision: Decision,
        attempt: u32,
    ) -> Result<(), String> {
        let verdict = serde_json::to_value(Verdict { decision, attempt }).unwrap();
        let decided = self
            .engine
            .call::<Option<()>>("MailCall", &call.key, "decide", Some(&verdict))
            .await;
        decided.map(|_| ()).map_err(|error| error.to_string())
    }
}
