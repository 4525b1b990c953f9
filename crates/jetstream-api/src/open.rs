//! The settings of a client, and how it connects.

use std::ffi::OsString;
use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

use python_bridge::{Bridge, Error, ExitReport, Json, Step};

use crate::constant;
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
            bridge: Bridge::builder()
                .module("jetstream")
                .surface(&catalog::SURFACE)
                .constants(constant::names()),
            host: "localhost".to_owned(),
            port: 8886,
        }
    }

    /// Ends Python, which ends its connection with the server. Manifests and transfers go on.
    ///
    /// Calls that were sent before end first. Later calls of clones fail. If the future is dropped, Python is ended all the
    /// same. Dropping all clones of the client also ends Python.
    pub async fn close(self) -> ExitReport {
        self.connection().clone().close().await
    }

    /// Like [`close`](Self::close), but blocks the thread.
    #[cfg(feature = "blocking")]
    pub fn close_blocking(self) -> ExitReport {
        self.connection().clone().close_blocking()
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
    ///
    /// It also applies to the calls that block until the server has finished: `wait_for_manifest`, `wait_for_transfer` and
    /// the result of a request.
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.bridge = self.bridge.call_timeout(timeout);
        self
    }

    /// Maximum time until the package is loaded. The default is a minute.
    pub fn start_timeout(mut self, timeout: Duration) -> Self {
        self.bridge = self.bridge.start_timeout(timeout);
        self
    }

    /// Refuses all calls that may change something, before anything is sent. Authentication is allowed.
    pub fn read_only(mut self) -> Self {
        self.bridge = self.bridge.read_only();
        self
    }

    /// Starts Python and connects with the server: `Jetstream().api(address, port)` and `api.connect()`.
    ///
    /// The class has the name `JetStream` since version 2 and `Jetstream` before it (documented). The first of these names
    /// that exists is used. If the future is dropped, Python is ended.
    ///
    /// # Errors
    /// - [`Start`](crate::ErrorKind::Start): Python or the package is missing, or the package cannot be loaded.
    /// - [`Raised`](crate::ErrorKind::Raised): the server cannot be reached.
    pub async fn connect(self) -> Result<Client, Error> {
        let client = self.open([]).await?;
        client.connect().await?;
        Ok(client)
    }

    /// Connects, runs the function, and disconnects, whatever the function returns: `with api:`.
    ///
    /// The package disconnects after the calls of the function have ended, also if the future is dropped. It does not
    /// disconnect if Python is killed, because a call exceeded its timeout, the package did not disconnect in a few seconds,
    /// or the tokio runtime was shut down. The end of Python closes its connections in any case.
    ///
    /// # Errors
    /// - [`Start`](crate::ErrorKind::Start): Python or the package is missing, or the server cannot be reached.
    /// - Those of the function.
    pub async fn scope<T, E, F>(self, function: impl FnOnce(Client) -> F) -> Result<T, E>
    where
        E: From<Error>,
        F: Future<Output = Result<T, E>>,
    {
        let client = self.open([Step::Enter]).await?;
        let result = function(client.clone()).await;
        client.close().await;
        result
    }

    /// Starts Python, and creates the object whose functions are called.
    async fn open(self, further: impl IntoIterator<Item = Step>) -> Result<Client, Error> {
        let address = vec![Json::from(self.host), Json::from(i64::from(self.port))];
        let steps = [
            Step::get(["JetStream", "Jetstream"]),
            Step::call(),
            Step::get(["api"]),
            Step::Call(address),
        ];
        let steps = steps.into_iter().chain(further);
        Ok(Client::new(self.bridge.root(steps).spawn().await?))
    }

    /// Like [`connect`](Self::connect), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`connect`](Self::connect).
    #[cfg(feature = "blocking")]
    pub fn connect_blocking(self) -> Result<Client, Error> {
        python_bridge::block_on(self.connect())
    }

    /// Like [`scope`](Self::scope), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`scope`](Self::scope).
    #[cfg(feature = "blocking")]
    pub fn scope_blocking<T, E: From<Error>>(
        self,
        function: impl FnOnce(Client) -> Result<T, E>,
    ) -> Result<T, E> {
        let client = python_bridge::block_on(self.open([Step::Enter]))?;
        let result = function(client.clone());
        client.close_blocking();
        result
    }
}
