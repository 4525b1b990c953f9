//! The record of a window: when it began. The engine keeps it for ever, although it forgets the calls.

use jiff::{SignedDuration, Timestamp};
use restate_sdk::prelude::*;

use crate::folder::write_once;
use crate::logs::file_name;
use crate::place::Place;

/// How long calls of a window may be started after it began. The engine forgets a call 60 days after its end, and would
/// then start it again. The difference is for jobs that run for a long time.
const LONGEST: SignedDuration = SignedDuration::from_hours(35 * 24);

/// The name of the state with the time at which the window began.
const BEGAN: &str = "began";

/// The name of the file with the time at which the window began.
const FILE: &str = "window.began";

/// The record of a window. Its key is the window.
pub struct WindowRecord;

#[object(
    name = "WindowRecord",
    client_visibility = "pub(crate)",
    journal_retention = "1m",
    idempotency_retention = "1m",
    invocation_retry_policy(
        initial_interval = "200ms",
        factor = 2.0,
        max_interval = "10s",
        max_attempts = 1_000_000_000,
        on_max_attempts = "pause",
    )
)]
impl WindowRecord {
    /// Returns when the window began. It begins now if it has not begun before.
    #[handler]
    async fn begin(
        &self,
        ctx: ObjectContext<'_>,
        Json(now): Json<Timestamp>,
    ) -> HandlerResult<Json<Timestamp>> {
        if let Some(Json(began)) = ctx.get::<Json<Timestamp>>(BEGAN).await? {
            return Ok(Json(began));
        }
        ctx.set(BEGAN, Json(now));
        Ok(Json(now))
    }
}

/// Returns why no call of a window may be started any more, if it began long ago.
pub(crate) fn too_old(began: Timestamp, now: Timestamp) -> Option<String> {
    let is_old = now.duration_since(began) > LONGEST;
    is_old.then(|| {
        format!(
            "the window began at {began}, more than {} days ago, and the engine may have forgotten its calls: give the window another name",
            LONGEST.as_hours() / 24
        )
    })
}

/// Notes in the folder of the logs when a window began. Returns why no call may be started: the window began earlier
/// according to the file, so the engine has lost its journal, or it is another engine. An object store has no such file.
pub(crate) async fn note(logs: String, window: String, began: Timestamp) -> Result<(), String> {
    let Ok(Place::Folder(folder)) = Place::parse(&logs) else {
        return Ok(());
    };
    let path = folder.join(file_name(&window)).join(FILE);
    let shown = path.display().to_string();
    let written = move || write_once(&path, &format!("{began}\n"));
    let found = match tokio::task::spawn_blocking(written).await {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => return Err(format!("the worker cannot write {shown}: {error}")),
        Err(error) => return Err(format!("the worker cannot write {shown}: {error}")),
    };
    if found.trim().parse().is_ok_and(|found: Timestamp| found == began) {
        return Ok(());
    }
    Err(format!(
        "the window was begun with another journal, which this engine does not have: look at the servers, \
         then remove {shown} to start the calls, or give the window another name"
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_window_of_a_month_is_not_too_old_on_its_last_day() {
        let began = time("2026-10-01T00:00:00Z");
        assert_eq!(too_old(began, time("2026-11-01T00:00:00Z")), None);
        assert!(
            too_old(began, time("2026-11-06T00:00:00Z"))
                .unwrap()
                .contains("2026-10-01")
        );
        // The clock was set back.
        assert_eq!(too_old(began, time("2026-09-01T00:00:00Z")), None);
    }

    #[tokio::test]
    async fn a_window_that_another_journal_began_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let logs = folder.path().to_str().unwrap();
        let note = |window: &str, began: Timestamp| note(logs.to_owned(), window.to_owned(), began);
        let began = time("2026-10-01T00:00:00.123456789Z");
        note("2026-10/verify", began).await.unwrap();
        note("2026-10/verify", began).await.unwrap();
        note("2026-11/verify", time("2026-11-01T00:00:00Z"))
            .await
            .unwrap();
        let other = time("2026-10-01T00:00:00.123456788Z");
        let problem = note("2026-10/verify", other).await.unwrap_err();
        assert!(problem.contains("another journal"), "{problem}");
        assert!(problem.contains("window.began"), "{problem}");
    }
}
