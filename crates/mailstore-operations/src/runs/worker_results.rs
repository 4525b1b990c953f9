//! Requests the runs of profiles with small responses. A server with many automatic profiles has hundreds of thousands
//! of runs in a week.

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use mailstore_api::types::{ProfileId, TimeZone, WorkerResult};
use mailstore_api::{Archive, Error, TimeRange};

/// The number of requests at the same time.
const AT_ONCE: usize = 4;

/// Beyond this number of profiles, one large response is faster.
const FEW: usize = 20;

/// The runs that were requested.
#[derive(Debug, Default)]
pub(super) struct WorkerResults {
    /// All runs of the recent time.
    pub(super) recent: Vec<WorkerResult>,
    /// Older runs of the expected profiles without a recent one. Other runs can be among them.
    pub(super) older: Vec<WorkerResult>,
}

/// Requests all runs of the recent time, and then the older runs of those expected profiles that have no recent one.
pub(super) async fn request(
    archive: &impl Archive,
    expected: &[ProfileId],
    recent: TimeRange,
    whole: TimeRange,
) -> Result<WorkerResults, Error> {
    let runs = |range: TimeRange| archive.get_worker_results(range.from, range.to, &TimeZone::UTC);
    let recent = runs(recent).await?;
    let has_run = |id: &ProfileId| recent.iter().any(|run| run.profile_id == Some(*id));
    let missing: Vec<ProfileId> = expected.iter().copied().filter(|id| !has_run(id)).collect();
    let older = if missing.len() > FEW {
        runs(whole).await?
    } else {
        let requests = stream::iter(missing).map(|id| runs(whole).profile_id(id).into_future());
        let answers: Vec<Vec<WorkerResult>> = requests.buffered(AT_ONCE).try_collect().await?;
        answers.into_iter().flatten().collect()
    };
    Ok(WorkerResults { recent, older })
}
