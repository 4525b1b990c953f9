//! The future of a synchronization is dropped at any point.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use oaio_client::AttachedFile;
use oaio_interop::{Environment, Peer};
use serde_json::json;

use crate::rust_client::{settings, values};

/// Polls a future at most this number of times. Returns `None` if it did not complete.
async fn polled<F: Future>(future: F, times: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut polls = 0;
    poll_fn(|context| {
        polls += 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if polls >= times => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[tokio::test]
async fn a_synchronization_that_was_dropped_at_any_point_is_completed_by_the_next_one() {
    let peer = Peer::start(Environment::oldest());
    let mut dropped = 0;
    for times in 1.. {
        let folder = tempfile::tempdir().unwrap();
        let client = settings(&peer, "alice", folder.path()).build().unwrap();
        peer.go_offline();
        let note = client
            .register_object(values(json!({"number": times})))
            .await
            .unwrap()
            .into_object();
        let file = AttachedFile::new("a.txt", "x".repeat(200_000));
        let file = client.register_file(file).await.unwrap().into_object();
        peer.go_online();
        let is_complete = match polled(client.synchronize(), times).await {
            None => false,
            Some(report) => report.unwrap().is_complete(),
        };
        dropped += usize::from(!is_complete);
        let report = client.synchronize().await.unwrap();
        assert!(report.is_complete(), "after {times} polls: {report:?}");
        for object in [&note, &file] {
            assert!(!client.object(&object.id).await.unwrap().is_changed());
            let sent = peer
                .versions()
                .into_iter()
                .filter(|version| version["oaio_id"] == object.id.as_str());
            assert_eq!(sent.count(), 1, "after {times} polls");
            client.unregister_object(&object.id, true).await.unwrap();
        }
        if is_complete {
            break;
        }
    }
    assert!(dropped > 10, "only {dropped} futures were dropped");
}
