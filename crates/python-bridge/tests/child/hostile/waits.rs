//! Futures and connections that are dropped while Python works.

use std::time::Duration;

use python_bridge::ErrorKind;
use serde_json::json as value;

use super::{builder, open};
use crate::process::{exists, until};
use crate::scene::scene;
use crate::support::{close, is_pending, json};

#[test]
fn a_dropped_future_leaves_the_next_call_its_own_answer() {
    scene(async || {
        let connection = open().await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("go");
        let mut waiting = connection.call("waits").arg("path", &path).into_future();
        assert!(is_pending(&mut waiting));
        until(|| path.with_extension("started").exists()).await;
        drop(waiting);
        let mut next = connection.call("echo").arg("value", 5).into_future();
        assert!(is_pending(&mut next));
        std::fs::write(&path, "").unwrap();
        assert_eq!(next.await.unwrap(), json(value!(5)));
        close(connection).await;
    });
}

#[test]
fn a_dropped_connection_ends_python_when_the_call_has_ended() {
    scene(async || {
        let connection = open().await;
        let pid = connection.process_id().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("go");
        let mut waiting = connection.call("waits").arg("path", &path).into_future();
        assert!(is_pending(&mut waiting));
        until(|| path.with_extension("started").exists()).await;
        drop((waiting, connection));
        tokio::task::yield_now().await;
        assert!(exists(pid), "a call that was sent runs to its end");
        std::fs::write(&path, "").unwrap();
        until(|| !exists(pid)).await;
    });
}

#[test]
fn a_dropped_connection_ends_python_at_the_deadline_of_the_call() {
    scene(async || {
        let timeout = Duration::from_millis(300);
        let connection = builder().call_timeout(timeout).spawn().await.unwrap();
        let pid = connection.process_id().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("never");
        let mut waiting = connection.call("waits").arg("path", &path).into_future();
        assert!(is_pending(&mut waiting));
        drop((waiting, connection));
        until(|| !exists(pid)).await;
    });
}

#[test]
fn a_dropped_start_leaves_no_python() {
    scene(async || {
        let mut starting = Box::pin(builder().spawn());
        assert!(is_pending(&mut starting));
        // The scene finds the process.
    });
}

#[test]
fn a_dropped_close_closes_all_the_same() {
    scene(async || {
        let connection = open().await;
        let pid = connection.process_id().unwrap();
        let clone = connection.clone();
        let mut closing = Box::pin(connection.close());
        assert!(is_pending(&mut closing));
        drop(closing);
        until(|| !exists(pid)).await;
        let error = clone.ping().await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Closed), "{error}");
    });
}

#[test]
fn a_second_connection_works_while_the_first_waits() {
    scene(async || {
        let (first, second) = tokio::join!(open(), open());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("go");
        let mut waiting = first.call("waits").arg("path", &path).into_future();
        assert!(is_pending(&mut waiting));
        until(|| path.with_extension("started").exists()).await;
        assert_eq!(
            second.call("echo").arg("value", 1).await.unwrap(),
            json(value!(1))
        );
        assert!(is_pending(&mut waiting));
        std::fs::write(&path, "").unwrap();
        assert_eq!(waiting.await.unwrap(), "waited".into());
        close(first).await;
        close(second).await;
    });
}
