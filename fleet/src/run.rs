//! `mailstore-fleet run`: starts a job and waits for its end.

use crate::api::Engine;
use crate::call::Batch;
use crate::exit::{Failed, Outcome};
use crate::fleet_run::Results;
use crate::outcome::Settled;

/// Starts a job in its window, or attaches to it if it was started, and waits for its end.
///
/// # Errors
/// The engine cannot be reached.
pub async fn submit(engine: &Engine, batch: &Batch) -> Result<Results, Failed> {
    let sent = engine
        .send("FleetRun", &batch.window, "run", batch)
        .await
        .map_err(Failed::Work)?;
    let window = mailstore_reach::printable(&batch.window);
    if sent.existed() {
        mailstore_reach::warn!("The window {window} was started before, so nothing is started again.");
    } else {
        mailstore_reach::warn!("Started {} calls in the window {window}.", batch.calls.len());
    }
    engine.attach(&sent.invocation_id).await.map_err(Failed::Work)
}

/// Returns how the command ends for these results.
pub fn outcome(results: &Results) -> Outcome {
    let of = |settled: &Settled| match settled {
        Settled::Unknown { .. } => Outcome::Unknown,
        settled if settled.is_success() => Outcome::Nothing,
        Settled::Ended(_) => Outcome::Failed,
    };
    results.values().map(of).max().unwrap_or(Outcome::Nothing)
}
