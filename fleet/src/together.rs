//! The limits of the jobs that run at the same time.

use miette::Report;

use crate::api::Engine;
use crate::call::Batch;
use crate::job::MOST_OVERALL;
use crate::terms::{TERMS, Terms};

/// Warns if this job and the jobs that run may have more calls at the same time than the engine has room for.
///
/// # Errors
/// The engine cannot be reached.
pub(crate) async fn warn_if_too_many(engine: &Engine, batch: &Batch) -> Result<(), Report> {
    let mut sum = batch.limits.overall;
    let runs = engine.runs_of(None).await?;
    for run in runs.iter().filter(|run| !run.completed) {
        let key = run.key();
        if key == batch.key() {
            continue;
        }
        let terms: Option<Terms> = engine.state("FleetRun", &key, TERMS).await?;
        sum = sum.saturating_add(terms.map_or(0, |terms| terms.overall()));
    }
    if sum > MOST_OVERALL {
        mailstore_reach::warn!(
            "The limits `overall` of this job and of those that run have a sum of {sum}. With more than {MOST_OVERALL} \
             calls at the same time, starts and decisions may have to wait until a call has ended."
        );
    }
    Ok(())
}
