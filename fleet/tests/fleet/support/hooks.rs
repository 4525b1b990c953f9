//! Stops calls of a worker between two steps.

use std::fs;
use std::path::PathBuf;

use crate::support::Fleet;
use crate::support::waiting::eventually;

impl Fleet {
    /// Asks the next call that reaches a point to wait there.
    pub(crate) fn hold(&self, point: &str) {
        fs::write(self.hook(point), "").unwrap();
    }

    /// Waits until a call is at a point.
    pub(crate) async fn reached(&self, point: &str) {
        let reached = self.hook(point).with_extension("reached");
        eventually(&format!("a call is at {point}"), async || reached.exists()).await;
    }

    /// Lets the call at a point continue.
    pub(crate) fn resume(&self, point: &str) {
        fs::remove_file(self.hook(point).with_extension("reached")).unwrap();
    }

    /// Makes workers ignore their claims, as a naive handler would.
    pub(crate) fn ignore_claims(&self) {
        fs::write(self.hook("naive"), "").unwrap();
    }

    /// Gives the workers that start from now on another version.
    pub(crate) fn set_version(&self, version: &str) {
        fs::write(self.hook("version"), version).unwrap();
    }

    fn hook(&self, point: &str) -> PathBuf {
        self.folder.path().join("hooks").join(point)
    }
}
