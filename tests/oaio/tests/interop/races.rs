//! Another version of an object is made while a synchronization transfers its file.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use oaio_client::{AttachedFile, Content, DirectoryHost, ErrorKind, HostFuture, SkipReason, StorageHost};
use oaio_interop::{Environment, Peer};
use tokio::sync::Notify;

use crate::rust_client::settings;

/// A storage host that waits before it returns or stores the first file after it was armed.
struct Waiting {
    host: DirectoryHost,
    is_armed: AtomicBool,
    reached: Notify,
    go_on: Notify,
}

impl Waiting {
    fn new(peer: &Peer) -> Arc<Self> {
        Arc::new(Self {
            host: DirectoryHost::new(peer.storage()),
            is_armed: AtomicBool::new(false),
            reached: Notify::new(),
            go_on: Notify::new(),
        })
    }

    fn arm(&self) {
        self.is_armed.store(true, Ordering::Relaxed);
    }

    async fn wait(&self) {
        if self.is_armed.swap(false, Ordering::Relaxed) {
            self.reached.notify_one();
            self.go_on.notified().await;
        }
    }
}

impl StorageHost for Waiting {
    fn content<'a>(&'a self, path: &'a str) -> HostFuture<'a, Content> {
        Box::pin(async move {
            self.wait().await;
            self.host.content(path).await
        })
    }

    fn deploy<'a>(&'a self, path: &'a str, content: Content) -> HostFuture<'a, ()> {
        Box::pin(async move {
            self.wait().await;
            self.host.deploy(path, content).await
        })
    }

    fn delete<'a>(&'a self, path: &'a str) -> HostFuture<'a, ()> {
        self.host.delete(path)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_updated_during_a_download_is_not_overwritten() {
    let peer = Peer::start(Environment::oldest());
    let folder = tempfile::tempdir().unwrap();
    let host = Waiting::new(&peer);
    let client = settings(&peer, "alice", &folder.path().join("mine")).storage_host("Digi", host.clone());
    let client = client.build().unwrap();
    let other = settings(&peer, "alice", &folder.path().join("other"))
        .device_id("other")
        .build()
        .unwrap();
    let file = |text: &str| AttachedFile::new("note.txt", text);
    let object = client
        .register_file(file("first"))
        .await
        .unwrap()
        .synced()
        .unwrap();
    assert!(other.synchronize().await.unwrap().is_complete());
    let theirs = other
        .update_file(&object.id, file("theirs"))
        .await
        .unwrap()
        .synced()
        .unwrap();

    host.arm();
    let synchronizing = tokio::spawn({
        let client = client.clone();
        async move { client.synchronize().await }
    });
    host.reached.notified().await;
    let updating = tokio::spawn({
        let (client, id) = (client.clone(), object.id.clone());
        async move {
            client
                .update_file(&id, AttachedFile::new("note.txt", "mine"))
                .await
        }
    });
    while !client.object(&object.id).await.unwrap().is_changed() {
        tokio::task::yield_now().await;
    }
    host.go_on.notify_one();
    let report = synchronizing.await.unwrap().unwrap();
    assert_eq!(report.skipped[0].reason, SkipReason::ChangedMeanwhile);
    assert!(updating.await.unwrap().unwrap().is_synced());

    let place = &client.file_paths(&object.id).await.unwrap()[0];
    assert_eq!(fs::read_to_string(place).unwrap(), "mine");
    let copies = client.copies().await.unwrap();
    assert_eq!(copies[0].object.client_stamp, theirs.client_stamp);
    assert_eq!(
        fs::read_to_string(copies[0].folder.join("files/note.txt")).unwrap(),
        "theirs"
    );
    assert_eq!(other.synchronize().await.unwrap().downloaded.len(), 1);
    assert_eq!(
        fs::read_to_string(&other.file_paths(&object.id).await.unwrap()[0]).unwrap(),
        "mine"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_that_arrives_during_an_upload_of_files_is_kept_as_a_copy() {
    let peer = Peer::start(Environment::oldest());
    let folder = tempfile::tempdir().unwrap();
    let host = Waiting::new(&peer);
    let client = settings(&peer, "alice", &folder.path().join("mine")).storage_host("Digi", host.clone());
    let client = client.build().unwrap();
    let other = settings(&peer, "alice", &folder.path().join("other"))
        .device_id("other")
        .build()
        .unwrap();
    let file = |text: &str| AttachedFile::new("note.txt", text);
    let object = client
        .register_file(file("first"))
        .await
        .unwrap()
        .synced()
        .unwrap();
    assert!(other.synchronize().await.unwrap().is_complete());

    host.arm();
    let updating = tokio::spawn({
        let (client, id) = (client.clone(), object.id.clone());
        async move {
            client
                .update_file(&id, AttachedFile::new("note.txt", "mine"))
                .await
        }
    });
    host.reached.notified().await;
    let theirs = other
        .update_file(&object.id, file("theirs"))
        .await
        .unwrap()
        .synced()
        .unwrap();
    host.go_on.notify_one();
    let error = updating.await.unwrap().unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::NewerVersion { .. }),
        "{error:?}"
    );

    // The version of the other client is newer, so it stays.
    let place = &client.file_paths(&object.id).await.unwrap()[0];
    assert_eq!(fs::read_to_string(place).unwrap(), "theirs");
    assert_eq!(
        client.object(&object.id).await.unwrap().client_stamp,
        theirs.client_stamp
    );
    let copies = client.copies().await.unwrap();
    assert_eq!(
        fs::read_to_string(copies[0].folder.join("files/note.txt")).unwrap(),
        "mine"
    );
}
