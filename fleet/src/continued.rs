//! Makes a job the next round of its window.

use std::collections::BTreeSet;

use miette::{Report, miette};

use crate::api::Engine;
use crate::call::Batch;
use crate::known::{KnownCall, KnownRun};
use crate::outcome::Outcome;
use crate::record::SERVERS;
use crate::servers::Servers;

/// Makes a job the next round of its window: without the calls that ended or wait for a decision.
///
/// # Errors
/// The engine cannot be reached, or a profile has another name or another server since the window began.
pub(crate) async fn continue_window(engine: &Engine, batch: &mut Batch) -> Result<(), Report> {
    let runs = engine.runs_of(Some(&batch.window)).await?;
    let last = runs.iter().max_by_key(|run| run.round);
    if let Some(run) = last.filter(|run| !run.completed) {
        mailstore_reach::warn!("The job in this window has not ended. This command waits for it.");
        batch.round = run.round;
        return Ok(());
    }
    let began: Option<Servers> = engine.state("WindowRecord", &batch.window, SERVERS).await?;
    let unchanged = began.unwrap_or_default().add(Servers::of(&batch.calls));
    unchanged.map_err(|changed| miette!("the window cannot be continued: {changed}"))?;
    let known = engine.calls(&batch.window).await?;
    // The engine remembers calls for longer than jobs.
    let rounds = runs
        .iter()
        .map(|run| run.round)
        .chain(known.iter().map(KnownCall::round));
    batch.round = rounds.max().map_or(1, |last| last + 1);
    let left_out = left_out(engine, &runs, &known).await?;
    batch.calls.retain(|call| !left_out.contains(&call.key));
    batch.left_out = left_out.len();
    // The calls that run count for the limits of the job, so it begins with them.
    let open = known.iter().filter(|call| !call.completed);
    let open: BTreeSet<&str> = open.map(KnownCall::call_key).collect();
    batch
        .calls
        .sort_by_key(|call| (call.wave, !open.contains(call.key.as_str())));
    Ok(())
}

/// Returns the keys of the calls that a window leaves out when it is continued, and says which of them need a person.
async fn left_out(
    engine: &Engine,
    runs: &[KnownRun],
    known: &[KnownCall],
) -> Result<BTreeSet<String>, Report> {
    let is_left = |call: &KnownCall| !call.completed || call.outcome().is_some_and(Outcome::may_be_started);
    let (unknown, begun): (Vec<_>, Vec<_>) = known.iter().partition(|call| call.is_unknown());
    if !unknown.is_empty() {
        mailstore_reach::warn!(
            "Calls that wait for a decision, and are left out: {}.",
            unknown.len()
        );
    }
    let (open, ended): (Vec<_>, Vec<_>) = begun.into_iter().partition(|call| is_left(call));
    let killed = ended.iter().filter(|call| call.outcome().is_none()).count();
    if killed > 0 {
        mailstore_reach::warn!(
            "Calls that were ended at the engine, and are left out: {killed}. It is not known what their servers did."
        );
    }
    let mut keys: BTreeSet<String> = ended
        .into_iter()
        .chain(unknown)
        .map(|call| call.call_key().to_owned())
        .collect();
    let open: BTreeSet<&str> = open.into_iter().map(KnownCall::call_key).collect();
    let mut forgotten = BTreeSet::new();
    for run in runs {
        // What the job knew about its calls.
        let results = engine.results(run).await?;
        let sent = results
            .into_iter()
            .filter(|(_, settled)| !settled.may_be_started());
        forgotten.extend(sent.map(|(key, _)| key));
    }
    forgotten.retain(|key| !open.contains(key.as_str()) && !keys.contains(key));
    if !forgotten.is_empty() {
        mailstore_reach::warn!(
            "Calls that were purged at the engine after they were sent, and are left out: {}.",
            forgotten.len()
        );
    }
    keys.extend(forgotten);
    Ok(keys)
}
