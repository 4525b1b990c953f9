//! A Rust client of the server of the tests.

use std::path::Path;
use std::sync::Arc;

use oaio_client::{Builder, Client, DirectoryHost, ObjectId, Values, blocking};
use oaio_interop::{Peer, password};
use serde_json::Value;
use tempfile::TempDir;

/// A Rust client with a folder of its own.
pub(crate) struct RustClient {
    pub(crate) client: blocking::Client,
    _folder: TempDir,
}

impl RustClient {
    /// A client of a user, with the app `demo` and the device `rust`.
    pub(crate) fn start(peer: &Peer, user: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let client = settings(peer, user, &folder.path().join("root")).build().unwrap();
        Self {
            client: client.into(),
            _folder: folder,
        }
    }
}

impl std::ops::Deref for RustClient {
    type Target = blocking::Client;

    fn deref(&self) -> &blocking::Client {
        &self.client
    }
}

/// The settings of a client of a user that uses this folder.
pub(crate) fn settings(peer: &Peer, user: &str, root: &Path) -> Builder {
    Client::builder(&peer.host())
        .credentials(user, password(user))
        .app_id("demo")
        .device_id("rust")
        .root(root)
        .storage_host("Digi", Arc::new(DirectoryHost::new(peer.storage())))
}

/// Values from JSON.
pub(crate) fn values(json: Value) -> Values {
    json.to_string().parse().unwrap()
}

/// The id in this text.
pub(crate) fn id(text: &str) -> ObjectId {
    text.parse().unwrap()
}
