//! Means of tests to stop a worker at a point and to change what it does. They do nothing unless the feature
//! `test-hooks` is enabled.

/// A step of a call, before or after which a test may stop the worker.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Point {
    /// The call has its place at the server, and its claim is not made.
    BeforeClaim,
    /// The claim is in the journal, and nothing was sent.
    AfterClaim,
    /// The server has answered the start, and the answer is not in the journal.
    AfterStart,
    /// The worker follows a running call.
    Following,
    /// The log of a step is written, and this is not in the journal.
    AfterWriting,
    /// The call was cancelled, and the server was not asked yet.
    BeforeCancel,
    /// The server was asked to cancel the call, and this is not in the journal.
    AfterCancel,
    /// The worker is being stopped, so it does not start the call.
    HeldBack,
}

#[cfg(not(feature = "test-hooks"))]
mod off {
    use std::time::Duration;

    use super::Point;

    pub(crate) async fn reach(_: Point) {}

    pub(crate) fn ignores_claims() -> bool {
        false
    }

    pub(crate) fn hurries() -> bool {
        false
    }

    pub(crate) fn shortened(length: Duration) -> Duration {
        length
    }

    pub(crate) fn version() -> Option<String> {
        None
    }
}

#[cfg(feature = "test-hooks")]
mod on {
    use std::path::{Path, PathBuf};
    use std::time::Duration;
    use std::{env, fs};

    use super::Point;

    /// The folder with which tests and workers talk. A file with the name of a point asks to stop there.
    const FOLDER: &str = "MAILSTORE_FLEET_TEST_HOOKS";

    /// Waits at a point while its file has the extension `reached`. One call reaches it for each file.
    pub(crate) async fn reach(point: Point) {
        let Some(asked) = file(&format!("{point:?}")) else {
            return;
        };
        let reached = asked.with_extension("reached");
        if fs::rename(&asked, &reached).is_err() {
            return;
        }
        while reached.exists() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Whether a start ignores its claim, as a naive handler does.
    pub(crate) fn ignores_claims() -> bool {
        is_asked("naive")
    }

    /// Whether the pauses after problems are short.
    pub(crate) fn hurries() -> bool {
        is_asked("hurry")
    }

    /// The version of the worker, in place of its own.
    pub(crate) fn version() -> Option<String> {
        text("version")
    }

    fn is_asked(name: &str) -> bool {
        file(name).is_some_and(|file| file.exists())
    }

    /// Returns how long a call is followed in one slice: the milliseconds in the file `slice`, if it exists.
    pub(crate) fn shortened(length: Duration) -> Duration {
        let milliseconds = text("slice").and_then(|text| text.trim().parse().ok());
        milliseconds.map_or(length, Duration::from_millis)
    }

    /// Returns the path of a file in the folder, if there is one.
    fn file(name: &str) -> Option<PathBuf> {
        env::var_os(FOLDER).map(|folder| Path::new(&folder).join(name))
    }

    fn text(name: &str) -> Option<String> {
        fs::read_to_string(file(name)?).ok()
    }
}

#[cfg(not(feature = "test-hooks"))]
pub(crate) use off::{hurries, ignores_claims, reach, shortened, version};
#[cfg(feature = "test-hooks")]
pub(crate) use on::{hurries, ignores_claims, reach, shortened, version};
