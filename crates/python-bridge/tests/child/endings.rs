//! How connections end: deaths, timeouts, closing and dropping.

use std::time::Duration;

use python_bridge::{ErrorKind, ExitReport};
use tokio::runtime::Runtime;

use crate::process::{assert_gone, exists, until};
use crate::scene::{scene, scene_without_runtime};
use crate::support::{builder, close, is_pending, open};

fn died(error: &python_bridge::Error) -> &ExitReport {
    match error.kind() {
        ErrorKind::Died(exit) => exit,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_death_of_python_has_its_status_and_last_words() {
    scene(async || {
        let connection = open().await;
        let pid = connection.process_id().unwrap();
        let error = connection.call("die").arg("status", 7).await.unwrap_err();
        assert_eq!(died(&error).status().unwrap().code(), Some(7));
        assert_eq!(error.stderr(), Some("the last words\n"));
        assert!(error.to_string().contains("the last words"), "{error}");
        assert!(error.is_outcome_unknown() && !error.is_transient());
        assert_gone(pid);

        // Later calls were not sent.
        let error = connection.call("change").arg("value", 1).await.unwrap_err();
        assert_eq!(died(&error).status().unwrap().code(), Some(7));
        assert!(!error.is_outcome_unknown() && error.is_transient());
        let report = connection.close().await;
        assert_eq!(report.status().unwrap().code(), Some(7));
    });
}

#[test]
fn a_read_that_dies_may_be_repeated() {
    scene(async || {
        let connection = open().await;
        let error = connection.call("read_and_die").await.unwrap_err();
        assert_eq!(died(&error).status().unwrap().code(), Some(9));
        assert!(!error.is_outcome_unknown() && error.is_transient());
    });
}

#[cfg(unix)]
#[test]
fn a_signal_is_in_the_status() {
    scene(async || {
        use std::os::unix::process::ExitStatusExt;

        let connection = open().await;
        let error = connection.call("killed").await.unwrap_err();
        assert_eq!(died(&error).status().unwrap().signal(), Some(9));
        assert!(error.is_outcome_unknown());
    });
}

#[cfg(unix)]
#[test]
fn a_death_is_noticed_while_a_child_of_python_lives() {
    scene(async || {
        let connection = open().await;
        let pid = connection.process_id().unwrap();
        let error = connection.call("die_with_child").await.unwrap_err();
        assert_eq!(died(&error).status().unwrap().code(), Some(4));
        assert_gone(pid);
        let stderr = error.stderr().unwrap();
        let child = stderr.trim().strip_prefix("child ").unwrap();
        kill(child.parse().unwrap());
    });
}

#[test]
fn queued_calls_fail_when_python_dies() {
    scene(async || {
        let connection = open().await;
        let dying = connection.call("die").arg("status", 5).into_future();
        let queued = connection.call("change").arg("value", 1).into_future();
        let (dying, queued) = tokio::join!(dying, queued);
        assert!(dying.unwrap_err().is_outcome_unknown());
        let error = queued.unwrap_err();
        assert_eq!(died(&error).status().unwrap().code(), Some(5));
        assert!(!error.is_outcome_unknown());
    });
}

#[cfg(unix)]
#[test]
fn a_death_between_calls_is_noticed() {
    scene(async || {
        let connection = open().await;
        let pid = connection.process_id().unwrap();
        kill(pid);
        // The owner waits for Python at once, and not with the next call.
        until(|| !exists(pid)).await;
        let error = connection.call("change").arg("value", 1).await.unwrap_err();
        assert!(!error.is_outcome_unknown(), "{error:?}");
        died(&error);
    });
}

#[test]
fn a_timeout_ends_python() {
    scene(async || {
        let connection = open().await;
        let pid = connection.process_id().unwrap();
        let timeout = Duration::from_millis(50);
        let error = connection.call("forever").timeout(timeout).await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Timeout(after) if *after == timeout),
            "{error}"
        );
        assert!(error.is_outcome_unknown());
        assert!(error.to_string().contains("The connection was closed"), "{error}");
        assert_gone(pid);
        let error = connection.ping().await.unwrap_err();
        died(&error);
    });
}

#[test]
fn the_timeout_of_a_dropped_call_ends_python_too() {
    scene(async || {
        let connection = open().await;
        let pid = connection.process_id().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("never");
        let call = connection.call("wait_for").arg("path", &path);
        let running = tokio::spawn(call.timeout(Duration::from_millis(500)).into_future());
        let started = path.with_extension("started");
        until(|| started.exists() || !exists(pid)).await;
        let next = connection.call("change").arg("value", 1).into_future();
        running.abort();
        let error = next.await.unwrap_err();
        died(&error);
        assert!(!error.is_outcome_unknown());
        assert_gone(pid);
    });
}

#[test]
fn closing_waits_for_calls_and_refuses_later_ones() {
    scene(async || {
        let connection = open().await;
        let clone = connection.clone();
        let call = tokio::spawn(connection.call("echo").arg("value", 1).into_future());
        tokio::task::yield_now().await;
        close(connection).await;
        call.await.unwrap().unwrap();
        let error = clone.call("change").arg("value", 1).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Closed), "{error}");
        assert!(!error.is_outcome_unknown());
    });
}

#[test]
fn a_dropped_connection_ends_python() {
    scene(async || {
        let connection = open().await;
        let pid = connection.process_id().unwrap();
        drop(connection);
        until(|| !exists(pid)).await;
    });
}

#[test]
fn closing_kills_python_that_does_not_end() {
    scene(async || {
        let folder = tempfile::tempdir().unwrap();
        // The end of the bridge flushes the standard error, which never ends here.
        let text = "import sys, time\n\
                class Slow:\n    def flush(self):\n        while True:\n            time.sleep(1)\n    \
                def write(self, text):\n        pass\n\
                sys.stderr = sys.stdout = Slow()\n";
        std::fs::write(folder.path().join("slow.py"), text).unwrap();
        let connection = builder()
            .module("slow")
            .module_path(folder.path())
            .grace(Duration::from_millis(50))
            .spawn()
            .await
            .unwrap();
        let pid = connection.process_id().unwrap();
        let report = connection.close().await;
        assert!(!report.status().unwrap().success(), "{report}");
        assert_gone(pid);
    });
}

fn runtime() -> Runtime {
    // Only a runtime with other threads works while nobody blocks on it.
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

#[test]
fn a_runtime_that_ends_leaves_no_process() {
    scene_without_runtime(|| {
        let (first, other) = (runtime(), runtime());
        let connection = first.block_on(open());
        drop(first);
        let call = connection.call("change").arg("value", 1).into_future();
        let error = other.block_on(call).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Closed), "{error}");
    });
}

#[test]
fn a_runtime_that_ends_during_a_call_leaves_no_process_and_an_unknown_outcome() {
    scene_without_runtime(|| {
        let (first, other) = (runtime(), runtime());
        let connection = first.block_on(open());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("never");
        let mut call = connection.call("wait_for").arg("path", &path).into_future();
        assert!(is_pending(&mut call));
        other.block_on(until(|| path.with_extension("started").exists()));
        drop(first);
        let error = other.block_on(call).unwrap_err();
        died(&error);
        assert!(error.is_outcome_unknown(), "{error}");
    });
}

#[test]
fn lines_that_are_not_answers_end_python() {
    scene(async || {
        for line in ["garbage", "{}", r#"{"id": 7, "ok": 1}"#, r#"{"id": 1}"#, "\u{7f}"] {
            let connection = open().await;
            let pid = connection.process_id().unwrap();
            let error = connection
                .call("write_private")
                .arg("line", line)
                .await
                .unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Protocol(_)), "{line}: {error}");
            assert!(error.is_outcome_unknown());
            assert_gone(pid);
        }
    });
}

#[test]
fn answers_to_earlier_requests_are_discarded() {
    scene(async || {
        let connection = open().await;
        let call = connection
            .call("write_private")
            .arg("line", r#"{"id": 0, "ok": 1}"#);
        assert!(call.await.unwrap().is_null());
        connection.ping().await.unwrap();
        close(connection).await;
    });
}

/// A part of a line is no request.
#[test]
fn a_call_that_was_not_sent_completely_was_not_executed() {
    scene(async || {
        let folder = tempfile::tempdir().unwrap();
        // Ends when the first part of the long request arrives.
        let text = "import os\n\
                real = os.read\n\
                def change(value):\n    pass\n\
                def read(descriptor, size):\n    \
                data = real(descriptor, size)\n    \
                return os._exit(6) if len(data) > 1000 else data\n\
                os.read = read\n";
        std::fs::write(folder.path().join("deaf.py"), text).unwrap();
        let connection = builder()
            .module("deaf")
            .module_path(folder.path())
            .spawn()
            .await
            .unwrap();
        let text = "x".repeat(1024 * 1024);
        let error = connection.call("change").arg("value", &text).await.unwrap_err();
        assert_eq!(died(&error).status().unwrap().code(), Some(6));
        assert!(!error.is_outcome_unknown(), "{error}");
    });
}

#[cfg(unix)]
fn kill(pid: u32) {
    use rustix::process::{Pid, Signal, kill_process};

    let pid = Pid::from_raw(pid.try_into().unwrap()).unwrap();
    kill_process(pid, Signal::KILL).unwrap();
}
