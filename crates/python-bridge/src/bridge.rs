//! The settings of a connection, and how it is opened.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};
use tokio::runtime::Handle as Runtime;
use tokio::sync::{mpsc, oneshot};

use crate::channel::Channel;
use crate::child::{Interpreter, Process};
use crate::connection::{Connection, Parts};
use crate::error::{Error, ErrorKind};
use crate::function::{OutParameter, Surface};
use crate::handle_table::HandleTable;
use crate::line::{LONGEST_LINE, Lines};
use crate::loopback;
use crate::module::{Class, FirstResult, Step};
use crate::owner::Owner;
use crate::secrets::Secrets;
use crate::version::Version;

/// Opens connections to Python modules.
#[derive(Debug)]
pub struct Bridge(());

/// No functions.
static EMPTY: Surface = Surface::new("", "");

impl Bridge {
    /// Starts the settings of a connection to a module in a child process. [`Builder::spawn`] starts Python.
    pub fn builder() -> Builder {
        Builder::new(None)
    }

    /// Starts the settings of a connection to a host program on this machine that pumps the bridge.
    /// [`Builder::open`] connects.
    ///
    /// `token_file` is the file with the token that both programs read. The port is in `<token_file>.port`.
    pub fn connect(token_file: impl Into<PathBuf>) -> Builder {
        Builder::new(Some(token_file.into()))
    }
}

/// The settings of a connection. [`Bridge::builder`] and [`Bridge::connect`] create it.
#[must_use = "a builder does nothing until `spawn` or `open` is called"]
pub struct Builder {
    token_file: Option<PathBuf>,
    interpreter: Interpreter,
    module: String,
    paths: Vec<PathBuf>,
    root: Vec<Step>,
    surface: &'static Surface,
    constants: Vec<String>,
    classes: Vec<Class>,
    first_result: Option<FirstResult>,
    secrets: Vec<SecretString>,
    running_version: Option<String>,
    is_read_only: bool,
    is_positional: bool,
    call_timeout: Duration,
    start_timeout: Duration,
    handshake_timeout: Duration,
    grace: Duration,
}

impl Builder {
    fn new(token_file: Option<PathBuf>) -> Self {
        Self {
            token_file,
            interpreter: Interpreter {
                program: OsString::from("python3"),
                environment: Vec::new(),
            },
            module: String::new(),
            paths: Vec::new(),
            root: Vec::new(),
            surface: &EMPTY,
            constants: Vec::new(),
            classes: Vec::new(),
            first_result: None,
            secrets: Vec::new(),
            running_version: None,
            is_read_only: false,
            is_positional: false,
            call_timeout: Duration::from_secs(60),
            start_timeout: Duration::from_secs(60),
            handshake_timeout: Duration::from_secs(5),
            grace: Duration::from_secs(5),
        }
    }

    /// The program of Python, such as `python3.11` or a path. The default is `python3`.
    pub fn python(mut self, program: impl Into<OsString>) -> Self {
        self.interpreter.program = program.into();
        self
    }

    /// Sets a variable in the environment of Python.
    ///
    /// Do not set a secret here: other programs of the user, and programs that the module starts, can read it.
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.interpreter.environment.push((name.into(), value.into()));
        self
    }

    /// The name of the module. Required.
    pub fn module(mut self, name: impl Into<String>) -> Self {
        self.module = name.into();
        self
    }

    /// Adds a folder in which Python looks for modules.
    pub fn module_path(mut self, folder: impl Into<PathBuf>) -> Self {
        self.paths.push(folder.into());
        self
    }

    /// The steps from the module to the object whose functions are called. Without steps it is the module.
    pub fn root(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.root = steps.into_iter().collect();
        self
    }

    /// The functions that may be called. The default is none.
    pub fn surface(mut self, surface: &'static Surface) -> Self {
        self.surface = surface;
        self
    }

    /// The constants that may be read.
    pub fn constants<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.constants = names.into_iter().map(Into::into).collect();
        self
    }

    /// The classes whose objects stay in Python.
    pub fn classes(mut self, classes: &[Class]) -> Self {
        self.classes = classes.to_vec();
        self
    }

    /// The first result of each function is an error object. It is cut off, or becomes an [`ErrorKind::Muster`].
    pub fn first_result(mut self, first: FirstResult) -> Self {
        self.first_result = Some(first);
        self
    }

    /// A text that is cut out of errors and of the standard error. May be called several times.
    ///
    /// Secret arguments are cut out anyway. Texts with fewer than four bytes are not cut out.
    pub fn secret(mut self, secret: impl Into<SecretString>) -> Self {
        self.secrets.push(secret.into());
        self
    }

    /// The version of the product that runs, such as `9.0.12`, if you know it. Missing numbers count as zero.
    ///
    /// Functions that the list gives a later first version are then refused with [`ErrorKind::Version`], before anything
    /// is sent. Functions that the module does not have are always refused.
    pub fn running_version(mut self, version: impl Into<String>) -> Self {
        self.running_version = Some(version.into());
        self
    }

    /// Refuses all calls that may change something, before anything is sent.
    pub fn read_only(mut self) -> Self {
        self.is_read_only = true;
        self
    }

    /// Sends optional arguments by their place, too. Modules that are written in C often accept no keywords.
    pub fn positional(mut self) -> Self {
        self.is_positional = true;
        self
    }

    /// Maximum time of a call, from sending the request to its answer. At the end of this time, Python is ended. The
    /// default is a minute.
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.call_timeout = timeout;
        self
    }

    /// Maximum time until the module is loaded. The default is a minute.
    pub fn start_timeout(mut self, timeout: Duration) -> Self {
        self.start_timeout = timeout;
        self
    }

    /// Maximum time until a host program answers that it knows the token. The default is five seconds. A host program that
    /// rarely pumps the bridge needs more.
    pub fn handshake_timeout(mut self, timeout: Duration) -> Self {
        self.handshake_timeout = timeout;
        self
    }

    /// How long Python may take to end after its input is closed, before it is killed. The default is five seconds.
    pub fn grace(mut self, time: Duration) -> Self {
        self.grace = time;
        self
    }

    /// Starts Python and loads the module. If the future is dropped, Python is ended.
    ///
    /// # Errors
    /// - [`ErrorKind::Configuration`]: the name of the module is missing, or the running version is invalid.
    /// - [`ErrorKind::Start`]: Python cannot be started, or it cannot load the module.
    /// - [`ErrorKind::NoRuntime`]: there is no tokio runtime.
    pub async fn spawn(self) -> Result<Connection, Error> {
        if self.token_file.is_some() {
            return Err(Error::configuration(
                "`spawn` needs `Bridge::builder`. Use `open` to connect to a host program",
            ));
        }
        self.run().await
    }

    /// Connects to the host program, which must know the token.
    ///
    /// # Errors
    /// - [`ErrorKind::Configuration`]: the name of the module is missing, the running version is invalid, or the token
    ///   is invalid or not private.
    /// - [`ErrorKind::Start`]: the host program cannot be reached, does not know the token, or refuses the functions.
    /// - [`ErrorKind::NoRuntime`]: there is no tokio runtime.
    pub async fn open(self) -> Result<Connection, Error> {
        if self.token_file.is_none() {
            return Err(Error::configuration(
                "`open` needs `Bridge::connect`. Use `spawn` to start Python",
            ));
        }
        self.run().await
    }

    async fn run(self) -> Result<Connection, Error> {
        let runtime =
            Runtime::try_current().map_err(|error| Error::new(ErrorKind::NoRuntime).because(error))?;
        if self.module.is_empty() {
            return Err(Error::configuration(
                "the name of the module is missing: set `module`",
            ));
        }
        let running_version = self.parsed_version()?;
        let open = json!({ "open": self.surface_json()? }).to_string();
        let secrets = Arc::new(Secrets::default());
        for secret in &self.secrets {
            secrets.add(secret.expose_secret());
        }
        let channel = self.channel(&secrets).await?;
        let process_id = channel.process.as_ref().and_then(Process::id);
        let handles = Arc::new(HandleTable::new());
        let ended = Arc::new(OnceLock::new());
        let owner = Owner {
            channel,
            secrets: Arc::clone(&secrets),
            handles: Arc::clone(&handles),
            grace: self.grace,
            ended: Arc::clone(&ended),
        };
        let (jobs, waiting) = mpsc::unbounded_channel();
        let (opened, hello) = oneshot::channel();
        runtime.spawn(owner.run(open, self.start_timeout, opened, waiting));
        let hello = hello
            .await
            .map_err(|_| Error::start("the runtime was shut down"))??;
        Ok(Connection::new(Parts {
            jobs,
            ended,
            hello,
            process_id,
            surface: self.surface,
            classes: self.classes,
            running_version,
            is_read_only: self.is_read_only,
            is_positional: self.is_positional,
            call_timeout: self.call_timeout,
            secrets,
            handles,
        }))
    }

    fn parsed_version(&self) -> Result<Option<Version>, Error> {
        let Some(text) = &self.running_version else {
            return Ok(None);
        };
        let problem = || {
            let text = text.escape_debug();
            Error::configuration(format!(
                "the running version must have a form such as 9.0.13, not `{text}`"
            ))
        };
        Version::parse(text).map(Some).ok_or_else(problem)
    }

    async fn channel(&self, secrets: &Arc<Secrets>) -> Result<Channel, Error> {
        if let Some(token_file) = &self.token_file {
            let (lines, writer) = loopback::connect(token_file, secrets, self.handshake_timeout).await?;
            return Ok(Channel {
                lines: lines.boxed(),
                writer: Some(Box::new(writer)),
                process: None,
            });
        }
        let (process, stdin, stdout) = Process::start(&self.interpreter, Arc::clone(secrets))?;
        Ok(Channel {
            lines: Lines::new(stdout, LONGEST_LINE).boxed(),
            writer: Some(Box::new(stdin)),
            process: Some(process),
        })
    }

    /// Returns what the connection may use, as JSON: the message that opens it. A host program passes it to `Pump` of
    /// `bridge.py`, which then allows the same.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`]: a path is not valid Unicode.
    pub fn surface_json(&self) -> Result<Value, Error> {
        let names: BTreeSet<&str> = self
            .surface
            .functions
            .iter()
            .map(|function| function.name)
            .collect();
        // Python knows only names, so all functions with the name must read.
        let only_reads = |name: &&str| {
            let mut functions = self.surface.functions_named(name);
            functions.all(|function| function.effect.only_reads())
        };
        let methods = self.classes.iter().flat_map(|class| {
            let methods = class.reads.iter();
            methods.map(|method| format!("{}.{method}", class.name))
        });
        let reads = names.iter().copied().filter(only_reads).map(str::to_owned);
        let reads: Vec<String> = reads.chain(methods).collect();
        let classes = self
            .classes
            .iter()
            .map(|class| (class.name.to_owned(), class.to_value()));
        let functions = self.surface.functions.iter();
        let fillers = functions.filter(|function| !function.out.is_empty());
        let place = |out: &OutParameter| (out.index.to_string(), Value::from(out.class));
        let out: Map<String, Value> = fillers
            .map(|function| (function.name.to_owned(), function.out.iter().map(place).collect()))
            .collect();
        let root: Vec<Value> = self.root.iter().map(Step::to_value).collect();
        Ok(json!({
            "module": self.module,
            "path": self.paths.iter().map(|path| path_text(path)).collect::<Result<Vec<_>, _>>()?,
            "root": if root.is_empty() { Value::Null } else { Value::Array(root) },
            "functions": names,
            "constants": self.constants,
            "classes": classes.collect::<Map<_, _>>(),
            "errors": self.first_result.map_or(Value::Null, FirstResult::to_value),
            "out": out,
            "read_only": self.is_read_only,
            "reads": reads,
        }))
    }
}

fn path_text(path: &Path) -> Result<&str, Error> {
    path.to_str()
        .ok_or_else(|| Error::configuration(format!("{}: the path is not valid Unicode", path.display())))
}

/// Shows no secrets.
impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("program", &self.interpreter.program)
            .field("module", &self.module)
            .field("is_read_only", &self.is_read_only)
            .finish_non_exhaustive()
    }
}
