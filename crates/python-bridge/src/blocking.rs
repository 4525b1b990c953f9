//! Blocking calls, for programs without an async runtime.

use std::future::Future;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

use serde::Serialize;
use wire_values::{FromJson, Json};

use crate::bridge::Builder as BridgeBuilder;
use crate::connection::Connection;
use crate::error::Error;
use crate::exit::ExitReport;
use crate::handle::Handle;

/// Runs a future to its end on this thread. One runtime with one thread serves all blocking calls.
///
/// It also works in async code, where it blocks the thread. If the connection was opened in a runtime with one thread, a
/// blocking call on this thread never ends, because the connection works on the same thread.
///
/// # Errors
/// Those of the future, or the runtime cannot be started.
pub fn block_on<T>(future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let _entered = runtime()?.enter();
    pollster::block_on(future)
}

fn runtime() -> Result<&'static Runtime, Error> {
    static RUNTIME: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    let started = RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("python-bridge-blocking")
            .enable_all()
            .build()
    });
    started.as_ref().map_err(|error| {
        Error::configuration(format!(
            "the runtime for blocking calls cannot be started: {error}"
        ))
    })
}

impl BridgeBuilder {
    /// Like [`spawn`](Self::spawn), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`spawn`](Self::spawn).
    pub fn spawn_blocking(self) -> Result<Connection, Error> {
        block_on(self.spawn())
    }

    /// Like [`open`](Self::open), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub fn open_blocking(self) -> Result<Connection, Error> {
        block_on(self.open())
    }
}

impl Connection {
    /// Like [`close`](Self::close), but blocks the thread.
    pub fn close_blocking(self) -> ExitReport {
        pollster::block_on(self.close())
    }

    /// Like [`constant`](Self::constant), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`constant`](Self::constant).
    pub fn constant_blocking(&self, name: &str) -> Result<Json, Error> {
        block_on(self.constant(name))
    }

    /// Like [`new_object`](Self::new_object), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`new_object`](Self::new_object).
    pub fn new_object_blocking(&self, class: &str, arguments: impl Serialize) -> Result<Handle, Error> {
        block_on(self.new_object(class, arguments))
    }
}

impl Handle {
    /// Like [`call`](Self::call), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`call`](Self::call).
    pub fn call_blocking(&self, method: &str, arguments: impl Serialize) -> Result<Json, Error> {
        block_on(self.call(method, arguments))
    }

    /// Like [`call_as`](Self::call_as), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`call_as`](Self::call_as).
    pub fn call_as_blocking<T: FromJson>(&self, method: &str, arguments: impl Serialize) -> Result<T, Error> {
        block_on(self.call_as(method, arguments))
    }
}
