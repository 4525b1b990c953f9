//! Opens a connection to the bridge in a Dispatcher.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use python_bridge::{Bridge, Builder, Class, Error};

use crate::class_list::{CLASSES, CONSTANTS, FIRST_RESULT, MODULE};
use crate::generated::Client;
use crate::generated::catalog::SURFACE;

impl Client {
    /// Starts to connect to the bridge in a Dispatcher on this machine.
    ///
    /// `token_file` is the file that switches the bridge on. Each program that can read it can use the bridge.
    pub fn connect(token_file: impl Into<PathBuf>) -> Connect {
        let builder = Bridge::connect(token_file);
        Connect::new(builder)
    }

    /// Uses a Python of its own instead of a Dispatcher. The functions then return an error of Muster, because they only
    /// work in the Dispatcher. Tests use it with a replacement of the module.
    pub fn with_python(program: &str, module_path: impl Into<PathBuf>) -> Spawn {
        let builder = Bridge::builder().python(program).module_path(module_path);
        Spawn(Connect::new(builder))
    }
}

/// The Dispatcher may rarely be idle, so it has time to answer.
const LONG: Duration = Duration::from_secs(60);

/// The settings of a connection to a Dispatcher. [`Client::connect`] creates it.
#[must_use = "this does nothing until `open` is called"]
pub struct Connect {
    builder: Builder,
    classes: Vec<Class>,
}

impl Connect {
    pub(crate) fn new(builder: Builder) -> Self {
        let builder = builder
            .module(MODULE)
            .surface(&SURFACE)
            .constants(CONSTANTS.iter().copied())
            .first_result(FIRST_RESULT)
            .handshake_timeout(LONG)
            .positional();
        let classes = CLASSES.to_vec();
        Self { builder, classes }
    }

    pub(crate) fn prepared(self) -> Builder {
        self.builder.classes(&self.classes)
    }

    /// Adds a class, or replaces the known class with this name. So methods can be called that this crate does not know.
    /// The setting `METHODS` of the template must allow them, too.
    ///
    /// ```
    /// # use muster_api::{Class, Client};
    /// const NODE: Class = Class::new("MNode").methods(&["getName"]).reads(&["getName"]);
    /// let connect = Client::connect("muster_bridge.token").class(NODE);
    /// ```
    pub fn class(mut self, class: Class) -> Self {
        self.classes.retain(|known| known.name != class.name);
        self.classes.push(class);
        self
    }

    /// The version of Muster that runs, such as `9.0.12`. Missing numbers count as zero.
    ///
    /// The page of the vendor names no function that returns it, so the client cannot ask. Functions that are new in a
    /// later version are then refused with [`ErrorKind::Version`](crate::ErrorKind::Version), before anything is sent.
    /// Functions that the module does not have are refused with [`ErrorKind::Missing`](crate::ErrorKind::Missing), with
    /// and without this setting.
    pub fn running_version(mut self, version: &str) -> Self {
        self.builder = self.builder.running_version(version);
        self
    }

    /// Refuses all calls that may change something, before anything is sent.
    pub fn read_only(mut self) -> Self {
        self.builder = self.builder.read_only();
        self
    }

    /// Maximum time of a call. The default is a minute. The Dispatcher serves calls only when it is idle, so a call may
    /// wait.
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.builder = self.builder.call_timeout(timeout);
        self
    }

    /// Maximum time until the Dispatcher answers that it knows the token, and then until it has opened the connection. The
    /// default is a minute for each.
    pub fn start_timeout(mut self, timeout: Duration) -> Self {
        self.builder = self.builder.handshake_timeout(timeout).start_timeout(timeout);
        self
    }

    /// Connects. If the future is dropped, the connection is closed.
    ///
    /// # Errors
    /// The token file is missing or not private, the running version is invalid, or the Dispatcher does not serve the
    /// bridge.
    pub async fn open(self) -> Result<Client, Error> {
        self.prepared().open().await.map(Client::new)
    }
}

/// The settings of a Python of its own. [`Client::with_python`] creates it.
#[must_use = "this does nothing until `spawn` is called"]
pub struct Spawn(Connect);

impl Spawn {
    /// Sets a variable in the environment of Python.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.0.builder = self.0.builder.env(name, value);
        self
    }

    /// Refuses all calls that may change something, before anything is sent.
    pub fn read_only(self) -> Self {
        Self(self.0.read_only())
    }

    /// The version of Muster that runs. See [`Connect::running_version`].
    pub fn running_version(self, version: &str) -> Self {
        Self(self.0.running_version(version))
    }

    /// Adds a class. See [`Connect::class`].
    pub fn class(self, class: Class) -> Self {
        Self(self.0.class(class))
    }

    /// Starts Python. If the future is dropped, Python is ended.
    ///
    /// # Errors
    /// Python cannot be started, it has no module `MDispatcherAPI`, or the running version is invalid.
    pub async fn spawn(self) -> Result<Client, Error> {
        self.0.prepared().spawn().await.map(Client::new)
    }
}

impl fmt::Debug for Connect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connect").finish_non_exhaustive()
    }
}

impl fmt::Debug for Spawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spawn").finish_non_exhaustive()
    }
}
