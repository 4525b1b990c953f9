//! Starts, stops and kills the engine and the worker of a fleet.

use std::fs;

use crate::support::Fleet;
use crate::support::process::{end, signal};
use crate::support::waiting::{DEADLINE, eventually};

impl Fleet {
    pub(crate) async fn start_engine(&mut self) {
        self.start_engine_with(&[]).await;
    }

    /// Starts the engine with more settings.
    pub(crate) async fn start_engine_with(&mut self, settings: &[(&str, &str)]) {
        self.engine_process.start(self.folder.path(), settings).await;
    }

    /// Ends the engine. It writes what it has in its memory.
    #[cfg(unix)]
    pub(crate) async fn end_engine(&mut self) {
        end(&mut self.engine_process.take()).await;
    }

    /// Kills the engine as `kill -9` does.
    pub(crate) async fn kill_engine(&mut self) {
        self.engine_process.take().kill().await.unwrap();
    }

    pub(crate) async fn start_worker(&mut self) {
        self.start_worker_with(&[]).await;
    }

    /// Starts the worker with more options.
    pub(crate) async fn start_worker_with(&mut self, options: &[&str]) {
        self.spawn_worker(options);
        self.worker_says("The worker is ready").await;
    }

    /// Starts the worker with more options, and does not wait until it is ready.
    pub(crate) fn spawn_worker(&mut self, options: &[&str]) {
        let addresses = self.engine_process.ports.addresses();
        let folder = self.folder.path();
        let variables = self.password_variable.iter().chain(&self.worker_variables);
        self.worker_process.start(folder, &addresses, options, variables);
    }

    /// Waits until the newest worker has printed a text.
    pub(crate) async fn worker_says(&self, text: &str) {
        let says = async || {
            let mut files = ["worker.out", "worker.err"].into_iter();
            files.any(|file| {
                let printed = fs::read_to_string(self.folder.path().join(file));
                printed.unwrap_or_default().contains(text)
            })
        };
        eventually(&format!("the worker says `{text}`"), says).await;
    }

    /// Waits until the worker has ended with an error, and returns what it printed.
    pub(crate) async fn worker_failed(&mut self) -> String {
        let mut child = self.worker_process.take();
        let ended = tokio::time::timeout(DEADLINE, child.wait()).await;
        let status = ended.expect("the worker does not end").unwrap();
        assert_eq!(status.code(), Some(1));
        // Messages are wrapped at the width of the terminal.
        self.worker_errors().replace("\n  │ ", " ")
    }

    /// Returns what the newest worker wrote to standard error.
    pub(crate) fn worker_errors(&self) -> String {
        fs::read_to_string(self.folder.path().join("worker.err")).unwrap()
    }

    /// Tells the worker to stop, as a service manager does.
    #[cfg(unix)]
    pub(crate) fn signal_worker(&self) {
        signal(self.worker_process.running());
    }

    /// Waits until the worker has ended by itself.
    pub(crate) async fn worker_ended(&mut self) {
        let mut child = self.worker_process.take();
        let ended = tokio::time::timeout(DEADLINE, child.wait()).await;
        let status = ended.expect("the worker does not end").unwrap();
        assert!(status.success(), "{status}");
    }

    /// Ends the worker as a service manager does.
    #[cfg(unix)]
    pub(crate) async fn end_worker(&mut self) {
        end(&mut self.worker_process.take()).await;
    }

    /// Kills the worker as `kill -9` does.
    pub(crate) async fn kill_worker(&mut self) {
        self.worker_process.take().kill().await.unwrap();
    }
}
