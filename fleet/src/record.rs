//! The record of a window: when it began, and for which servers. The engine keeps it for ever, although it forgets the
//! calls.

use jiff::{SignedDuration, Timestamp};
use restate_sdk::prelude::*;
use serde::{Deserialize, Serialize};

use crate::folder::write_once;
use crate::logs::file_name;
use crate::place::Place;
use crate::servers::Servers;
use crate::store::Stores;

/// How long calls of a window may be started after it began. The engine forgets a call 60 days after its end, and would
/// then start it again. The difference is for jobs that run for a long time.
const LONGEST: SignedDuration = SignedDuration::from_hours(35 * 24);

/// The name of the state with the time at which the window began.
const BEGAN: &str = "began";

/// The name of the state with the [`Servers`] of the window.
pub(crate) const SERVERS: &str = "servers";

/// The name of the file with the time at which the window began.
const FILE: &str = "window.began";

/// The record of a window. Its key is the window.
pub struct WindowRecord;

#[object(
    name = "WindowRecord",
    client_visibility = "pub(crate)",
    journal_retention = "1m",
    idempotency_retention = "1m"
)]
impl WindowRecord {
    /// Returns what is known about the window. It begins now if it has not begun before.
    #[handler]
    async fn begin(
        &self,
        ctx: ObjectContext<'_>,
        Json(job): Json<Beginning>,
    ) -> HandlerResult<Json<WindowBegan>> {
        let servers = ctx.get::<Json<Servers>>(SERVERS).await?;
        let mut servers = servers.map(Json::into_inner).unwrap_or_default();
        let changed = servers.add(job.servers).err();
        if changed.is_none() {
            ctx.set(SERVERS, Json(servers));
        }
        let at = match ctx.get::<Json<Timestamp>>(BEGAN).await? {
            Some(Json(at)) => at,
            None => {
                ctx.set(BEGAN, Json(job.now));
                job.now
            }
        };
        Ok(Json(WindowBegan { at, changed }))
    }
}

/// What a job says when it begins its window.
#[derive(Debug, Serialize, Deserialize)]
pub struct Beginning {
    pub(crate) now: Timestamp,
    pub(crate) servers: Servers,
}

/// What is known about a window that has begun.
#[derive(Debug, Serialize, Deserialize)]
pub struct WindowBegan {
    /// When it began.
    pub(crate) at: Timestamp,
    /// What has changed about the profiles of its servers, if anything has.
    pub(crate) changed: Option<String>,
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

/// What became of the note with the time at which a window began.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Noted {
    /// The note has the time of this engine.
    Same,
    /// The window began at another time, so the engine has lost its journal, or it is another engine.
    Other(String),
    /// The note was not written.
    NotWritten(String),
}

/// Notes beside the logs when a window began, unless there is a note.
pub(crate) async fn note(stores: &Stores, logs: &str, window: &str, began: Timestamp) -> Noted {
    let (window, text) = (file_name(window), format!("{began}\n"));
    let (shown, found) = match Place::parse(logs) {
        Err(problem) => return Noted::NotWritten(problem.to_owned()),
        Ok(Place::Folder(folder)) => {
            let path = folder.join(window).join(FILE);
            let shown = path.display().to_string();
            let written = tokio::task::spawn_blocking(move || write_once(&path, &text)).await;
            let found = written.map_err(|error| error.to_string());
            let found = found.and_then(|found| found.map_err(|error| error.to_string()));
            (shown, found)
        }
        Ok(Place::Store { bucket, prefix }) => {
            let name = format!("{prefix}{window}/{FILE}");
            let found = stores.put_once(&bucket, &name, text).await;
            (format!("s3://{bucket}/{name}"), found.map_err(str::to_owned))
        }
    };
    match found {
        Err(problem) => Noted::NotWritten(format!("the worker cannot write {shown}: {problem}")),
        Ok(found) if found.trim().parse().is_ok_and(|found: Timestamp| found == began) => Noted::Same,
        Ok(_) => Noted::Other(format!(
            "the window was begun with another journal, which this engine does not have: look at the servers, \
             then remove {shown} to start the calls, or give the window another name"
        )),
    }
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
        let stores = Stores::default();
        let note = |window: &'static str, began: &str| note(&stores, logs, window, time(began));
        let began = "2026-10-01T00:00:00.123456789Z";
        for (window, began) in [
            ("2026-10/verify", began),
            ("2026-10/verify", began),
            ("2026-11/verify", "2026-11-01T00:00:00Z"),
        ] {
            assert_eq!(note(window, began).await, Noted::Same);
        }
        let Noted::Other(problem) = note("2026-10/verify", "2026-10-01T00:00:00.123456788Z").await else {
            panic!("the window is not refused");
        };
        assert!(problem.contains("another journal"), "{problem}");
        assert!(problem.contains("window.began"), "{problem}");
    }
}
