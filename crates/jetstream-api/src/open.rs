//! The settings of a client, and how it connects.

use std::ffi::OsString;
use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

use python_bridge::{Bridge, Error, ExitReport, Json, Step};

use crate::generated::{Client, catalog};

/// The settings of a client. [`Client::builder`] creates it.
///
/// Passwords are arguments of [`Client::auth`]. They go to Python through a pipe, and never to its command line.
#[derive(Debug)]
#[must_use = "a builder does nothing until `connect` is called"]
pub struct Builder {
    bridge: python_bridge::Builder,
    host: String,
    port: u16,
}

impl Client {
    /// Starts the settings of a client.
    pub fn builder() -> Builder {
        Builder {
            bridge: Bridge::builder().module("jetstream").surface(&catalog::SURFACE),
            host: "localhost".to_owned(),
            port: 8886,
        }
    }

    /// Ends Python, which ends its connection with the server. Manifests and transfers go on.
    pub async fn close(self) -> ExitReport {
        self.connection().clone().close().await
    }
}

impl Builder {
    /// The address of the server. The default is `localhost`.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = host.into();
        self
    }

    /// The TCP port of the control API. The default is 8886.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The program of Python. The default is `python3`.
    pub fn python(mut self, program: impl Into<OsString>) -> Self {
        self.bridge = self.bridge.python(program);
        self
    }

    /// Sets a variable in the environment of Python.
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.bridge = self.bridge.env(name, value);
        self
    }

    /// Adds the folder that contains the package `jetstream` of the vendor.
    pub fn module_path(mut self, folder: impl Into<PathBuf>) -> Self {
        self.bridge = self.bridge.module_path(folder);
        self
    }

    /// Maximum time of a call. At its end Python is ended, because it cannot cancel a call. The default is a minute.
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.bridge = self.bridge.call_timeout(timeout);
        self
    }

    /// Maximum time until the package is loaded. The default is a minute.
    pub fn start_timeout(mut self, timeout: Duration) -> Self {
        self.bridge = self.bridge.start_timeout(timeout);
        self
    }

    /// Refuses all calls that may change something, before anything is sent.
    pub fn read_only(mut self) -> Self {
        self.bridge = self.bridge.read_only();
        self
    }

    /// Starts Python and connects with the server. Both names of the class, `JetStream` and `Jetstream`, are found.
    ///
    /// # Errors
    /// Python or the package is missing, or the server cannot be reached.
    pub async fn connect(self) -> Result<Client, Error> {
        let address = vec![Json::from(self.host), Json::from(i64::from(self.port))];
        let steps = [
            Step::get(["JetStream", "Jetstream"]),
            Step::call(),
            Step::get(["api"]),
            Step::Call(address),
        ];
        let client = Client::new(self.bridge.root(steps).spawn().await?);
        client.connect().await?;
        Ok(client)
    }

    /// Connects, runs the function, and closes the connection, whatever the function returns.
    ///
    /// # Errors
    /// Those of [`connect`](Self::connect), and those of the function.
    pub async fn scope<T, E, F>(self, function: impl FnOnce(Client) -> F) -> Result<T, E>
    where
        E: From<Error>,
        F: Future<Output = Result<T, E>>,
    {
        let client = self.connect().await?;
        let result = function(client.clone()).await;
        client.close().await;
        result
    }

    /// Like [`connect`](Self::connect), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`connect`](Self::connect).
    #[cfg(feature = "blocking")]
    pub fn connect_blocking(self) -> Result<Client, Error> {
        python_bridge::block_on(self.connect())
    }
}
