//! A connection to Python, which all calls share.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use wire_values::Json;

use crate::error::{Error, ErrorKind};
use crate::exit::ExitReport;
use crate::function::{Effect, Surface};
use crate::handle_table::{HandleTable, Slot};
use crate::hello::Hello;
use crate::job::{End, Job, Request};
use crate::line::LONGEST_LINE;
use crate::module::Class;
use crate::outgoing::to_ascii;
use crate::secrets::Secrets;
use crate::version::Version;

/// The longest request, in bytes. The numbers of 100,000 freed objects need a part of the line.
const LONGEST_BODY: usize = LONGEST_LINE - 2 * 1024 * 1024;

/// A connection to a Python module, in a child process or in a host program.
///
/// Clones share the connection. Python runs one call at a time, in the order in which they were sent; start more
/// connections to run calls at the same time. The child process ends when the last clone, request and handle is
/// dropped, or with [`close`](Self::close).
///
/// The connection works in any runtime, as long as the runtime that opened it runs.
#[derive(Clone)]
pub struct Connection(Arc<Inner>);

struct Inner {
    jobs: mpsc::UnboundedSender<Job>,
    ended: Arc<OnceLock<End>>,
    hello: Hello,
    process_id: Option<u32>,
    surface: &'static Surface,
    classes: Vec<Class>,
    running_version: Option<Version>,
    is_read_only: bool,
    is_positional: bool,
    call_timeout: Duration,
    secrets: Arc<Secrets>,
    handles: Arc<HandleTable>,
}

/// What a new connection needs.
pub(crate) struct Parts {
    pub(crate) jobs: mpsc::UnboundedSender<Job>,
    pub(crate) ended: Arc<OnceLock<End>>,
    pub(crate) hello: Hello,
    pub(crate) process_id: Option<u32>,
    pub(crate) surface: &'static Surface,
    pub(crate) classes: Vec<Class>,
    pub(crate) running_version: Option<Version>,
    pub(crate) is_read_only: bool,
    pub(crate) is_positional: bool,
    pub(crate) call_timeout: Duration,
    pub(crate) secrets: Arc<Secrets>,
    pub(crate) handles: Arc<HandleTable>,
}

/// A request before it is sent.
pub(crate) struct Outgoing {
    /// The function or method, for errors.
    pub(crate) name: String,
    /// The members of the request.
    pub(crate) body: String,
    pub(crate) effect: Effect,
    /// Replaces the timeout of the connection.
    pub(crate) timeout: Option<Duration>,
    pub(crate) held: Vec<Arc<Slot>>,
}

impl Connection {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts {
            jobs,
            ended,
            hello,
            process_id,
            surface,
            classes,
            running_version,
            is_read_only,
            is_positional,
            call_timeout,
            secrets,
            handles,
        } = parts;
        Self(Arc::new(Inner {
            jobs,
            ended,
            hello,
            process_id,
            surface,
            classes,
            running_version,
            is_read_only,
            is_positional,
            call_timeout,
            secrets,
            handles,
        }))
    }

    /// Returns what Python said about itself and the module.
    pub fn hello(&self) -> &Hello {
        &self.0.hello
    }

    /// Returns the functions that the program was compiled for.
    pub fn surface(&self) -> &'static Surface {
        self.0.surface
    }

    /// Returns the id of the child process. `None` if a host program runs Python.
    pub fn process_id(&self) -> Option<u32> {
        self.0.process_id
    }

    /// Returns whether calls that may change something are refused.
    pub fn is_read_only(&self) -> bool {
        self.0.is_read_only
    }

    /// Calls of earlier requests end first. Then the input of Python is closed, and Python is killed if it does not
    /// end in the grace period. Later calls on clones fail with [`ErrorKind::Closed`].
    ///
    /// If the future is dropped, the connection is closed all the same.
    pub async fn close(self) -> ExitReport {
        let (done, report) = oneshot::channel();
        if self.0.jobs.send(Job::Close(done)).is_err() {
            return match self.0.ended.get() {
                Some(End::Died(report)) => report.clone(),
                _ => ExitReport::default(),
            };
        }
        report.await.unwrap_or_default()
    }

    /// Asks Python for an answer, to find out whether it still works. Waits for the calls before it.
    ///
    /// # Errors
    /// Python ended.
    pub async fn ping(&self) -> Result<(), Error> {
        let outgoing = Outgoing {
            name: "ping".to_owned(),
            body: "\"ping\":true".to_owned(),
            effect: Effect::Read,
            timeout: None,
            held: Vec::new(),
        };
        self.send(outgoing).await.map(drop)
    }

    /// Returns a constant of the module.
    ///
    /// # Errors
    /// The constant is not in the list of the builder, or the module does not have it.
    pub async fn constant(&self, name: &str) -> Result<Json, Error> {
        let outgoing = Outgoing {
            name: name.to_owned(),
            body: format!("\"constant\":{}", crate::form::quoted(name)),
            effect: Effect::Read,
            timeout: None,
            held: Vec::new(),
        };
        self.send(outgoing).await
    }

    pub(crate) fn handles(&self) -> &Arc<HandleTable> {
        &self.0.handles
    }

    pub(crate) fn secrets(&self) -> &Secrets {
        &self.0.secrets
    }

    /// Returns the version of the product, if the program stated it.
    pub(crate) fn running_version(&self) -> Option<&Version> {
        self.0.running_version.as_ref()
    }

    pub(crate) fn is_positional(&self) -> bool {
        self.0.is_positional
    }

    /// Returns the effect of a method, which is unknown unless the class says that it only reads.
    pub(crate) fn effect_of_method(&self, class: &str, method: &str) -> Effect {
        let mut classes = self.0.classes.iter();
        let listed = classes.find(|known| known.name == class);
        match listed {
            Some(class) if class.only_reads(method) => Effect::Read,
            _ => Effect::Unknown,
        }
    }

    /// Sends a request when the requests before it are answered, and waits for its answer.
    ///
    /// If the future is dropped before the request is sent, it is not sent. If it is dropped later, the call still
    /// runs, and the next request waits for it.
    pub(crate) async fn send(&self, outgoing: Outgoing) -> Result<Json, Error> {
        let Outgoing {
            name,
            body,
            effect,
            timeout,
            held,
        } = outgoing;
        let changes = !effect.only_reads();
        if changes && self.0.is_read_only {
            return Err(Error::new(ErrorKind::ReadOnly).of(&name));
        }
        let too_long = || Err(Error::value("the arguments are longer than 64 MiB").of(&name));
        if body.len() > LONGEST_BODY {
            return too_long();
        }
        // The text grows if it has other characters.
        let body = to_ascii(&body);
        if body.len() > LONGEST_BODY {
            return too_long();
        }
        let (answer, received) = oneshot::channel();
        let request = Request {
            name: name.clone(),
            body,
            timeout: timeout.unwrap_or(self.0.call_timeout),
            changes,
            held,
            answer,
        };
        if self.0.jobs.send(Job::Call(request)).is_err() {
            let error = self.0.ended.get().map_or_else(Error::closed, End::error);
            return Err(error.of(&name));
        }
        match received.await {
            Ok(delivered) => delivered.map(|delivery| delivery.take()),
            // The runtime of the connection was shut down.
            Err(_) => {
                let error = Error::new(ErrorKind::Died(ExitReport::default()));
                Err(error.with_unknown_outcome(changes).of(&name))
            }
        }
    }
}

/// Shows the module and the process.
impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("module", &self.0.hello.module)
            .field("process_id", &self.0.process_id)
            .field("is_read_only", &self.0.is_read_only)
            .finish_non_exhaustive()
    }
}
