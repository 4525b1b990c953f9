//! The settings of a simulator before it starts.

use std::collections::BTreeSet;
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use mailstore_metadata::Dump;
use serde_json::Value;

use crate::changes::Changes;
use crate::core::Settings;
use crate::serve;
use crate::simulator::{Simulator, check_listed};
use crate::{Edition, Error, Rule};

/// The settings of a [`Simulator`]. Every setting has a default that suits tests.
///
/// ```
/// use std::time::Duration;
/// use mailstore_sim::{Edition, Simulator};
///
/// let server = Simulator::builder(Edition::Spe)
///     .credentials("ops", "correct horse")
///     .step(Duration::ZERO)
///     .start()?;
/// assert_eq!(server.user(), "ops");
/// # Ok::<(), mailstore_sim::Error>(())
/// ```
#[must_use = "the simulator does not run until `start` is called"]
pub struct Builder {
    edition: Edition,
    user: String,
    password: String,
    listen: String,
    allow_remote: bool,
    dump: Option<Dump>,
    version: Option<String>,
    step: Duration,
    steps: Option<usize>,
    token_lifetime: Duration,
    bom: bool,
    immediate: bool,
    long: BTreeSet<String>,
    rules: Vec<Rule>,
    changes: Changes,
}

impl Simulator {
    /// Starts MailStore Server with the defaults of [`Builder`]: any free port on 127.0.0.1, and `admin`/`admin`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Builder::start`].
    pub fn start() -> Result<Simulator, Error> {
        Simulator::builder(Edition::Server).start()
    }

    /// Returns the settings of a simulator, with their defaults.
    pub fn builder(edition: Edition) -> Builder {
        Builder::new(edition)
    }
}

impl Builder {
    pub(crate) fn new(edition: Edition) -> Builder {
        Builder {
            edition,
            user: "admin".to_owned(),
            password: "admin".to_owned(),
            listen: "127.0.0.1:0".to_owned(),
            allow_remote: false,
            dump: None,
            version: None,
            step: Duration::from_millis(100),
            steps: None,
            token_lifetime: Duration::from_secs(600),
            bom: true,
            immediate: false,
            long: BTreeSet::new(),
            rules: Vec::new(),
            changes: Changes::default(),
        }
    }

    /// Sets the only accepted user name and password. Default: `admin` and `admin`.
    ///
    /// `SetUserPassword` and `SetSystemAdministratorPassword` do not change them. The user name must not contain a
    /// colon, because HTTP Basic cannot encode it.
    pub fn credentials(mut self, user: impl Into<String>, password: impl Into<String>) -> Builder {
        self.user = user.into();
        self.password = password.into();
        self
    }

    /// Sets the IP address and port to listen on; port 0 selects any free port. Default: `127.0.0.1:0`.
    ///
    /// Only loopback addresses are allowed unless [`allow_remote`](Builder::allow_remote) is called.
    pub fn listen(mut self, address: impl Into<String>) -> Builder {
        self.listen = address.into();
        self
    }

    /// Allows an address that other machines can reach. By default, [`start`](Builder::start) rejects such an address,
    /// because the default password is public.
    pub fn allow_remote(mut self) -> Builder {
        self.allow_remote = true;
        self
    }

    /// Sets the functions of the server. Default: the function list of the edition that is built into this crate.
    ///
    /// A function that the simulator does not implement validates its arguments and succeeds with a null result.
    pub fn metadata(mut self, dump: Dump) -> Builder {
        self.dump = Some(dump);
        self
    }

    /// Sets the product version that the server reports, such as `25.3.1.23024`.
    ///
    /// Default: 9.0.3.9857 (documented) for the function list of Server 9.0, and 24.4.0.22704 for every other list.
    pub fn version(mut self, version: impl Into<String>) -> Builder {
        self.version = Some(version.into());
        self
    }

    /// Sets the time between two steps of a long call. Default: 100 ms.
    ///
    /// With [`Duration::ZERO`], no clock is used: every `get-status` advances its call by one step and responds
    /// immediately. A call then ends after as many polls as it has steps.
    pub fn step(mut self, step: Duration) -> Builder {
        self.step = step;
        self
    }

    /// Sets the number of status changes of every long call after its first response, 1 to 10,000. The last status
    /// change is the end of the call. Default: one per part of its work, 2 to a few dozen.
    ///
    /// The log is adapted to this number: parts are joined, or lines are inserted between them.
    pub fn steps(mut self, steps: usize) -> Builder {
        self.steps = Some(steps.clamp(1, MOST_STEPS));
        self
    }

    /// Adds a fault rule. It can be called repeatedly; [`Simulator::inject`] adds rules later.
    pub fn fault(mut self, rule: Rule) -> Builder {
        self.rules.push(rule);
        self
    }

    /// Sets the time for which the token of a finished call stays valid. Later requests with it return 404. Default: 10
    /// minutes.
    ///
    /// The real lifetime is not published.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Builder {
        self.token_lifetime = lifetime;
        self
    }

    /// Sets whether JSON responses start with a byte order mark, as most responses of the real server do. Default:
    /// true.
    pub fn bom(mut self, bom: bool) -> Builder {
        self.bom = bom;
        self
    }

    /// Sets whether every call finishes within its first response, without a token. Default: false.
    ///
    /// On the real server, any call may do so, depending on its load. Such a response contains the whole log
    /// (inferred).
    pub fn immediate(mut self, immediate: bool) -> Builder {
        self.immediate = immediate;
        self
    }

    /// Makes a function return a token even if it returns its result immediately by default, such as
    /// `GetWorkerResults`.
    ///
    /// On the real server, every function may do so. The function does its work at the end of the call.
    pub fn long_running(mut self, function: impl Into<String>) -> Builder {
        self.long.insert(function.into());
        self
    }

    /// Changes the result of a function. `change` receives the simulator's own result and returns the result to send,
    /// for example with an additional member, a missing member or an unknown word. The method can be called
    /// repeatedly. Several changes of one function are applied in order.
    ///
    /// The own result of a function that the simulator does not implement is null. The response of a failed call is
    /// not changed. [`Simulator::change_result`] does the same after the start.
    ///
    /// ```
    /// use mailstore_sim::{Edition, Simulator};
    ///
    /// let server = Simulator::builder(Edition::Server)
    ///     .result("GetServerInfo", |mut info| {
    ///         info["colour"] = "blue".into();
    ///         info
    ///     })
    ///     .start()?;
    /// # Ok::<(), mailstore_sim::Error>(())
    /// ```
    pub fn result(
        mut self,
        function: &str,
        change: impl Fn(Value) -> Value + Send + Sync + 'static,
    ) -> Builder {
        self.changes.add(function, change);
        self
    }

    /// Starts the server. It accepts requests when this method returns.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Address`] or [`Error::NotLoopback`] if the address is invalid or not allowed, and
    /// [`Error::Listen`] if it is in use. Returns [`Error::UserName`], [`Error::NoSuchFunction`] or [`Error::Rule`] if
    /// a setting is invalid. The other errors mean that the system lacks randomness or threads.
    pub fn start(self) -> Result<Simulator, Error> {
        let Ok(address) = self.listen.parse::<SocketAddr>() else {
            return Err(Error::Address { address: self.listen });
        };
        if !address.ip().is_loopback() && !self.allow_remote {
            return Err(Error::NotLoopback { address: self.listen });
        }
        if self.user.contains(':') {
            return Err(Error::UserName);
        }
        let dump = match self.dump {
            Some(dump) => dump,
            None => function_list(self.edition)?,
        };
        let version = self.version.unwrap_or_else(|| version_of(&dump).to_owned());
        let named = self
            .long
            .iter()
            .map(String::as_str)
            .chain(self.changes.functions());
        for function in named {
            check_listed(function, &dump)?;
        }
        for rule in &self.rules {
            rule.check_with(&dump).map_err(|cause| Error::Rule { cause })?;
        }
        let socket = serve::bind(address).map_err(|cause| Error::Listen {
            address: self.listen,
            cause,
        })?;
        let settings = Settings {
            edition: self.edition,
            user: self.user,
            password: self.password,
            dump,
            version,
            step: self.step.min(LONGEST_STEP),
            steps: self.steps,
            token_lifetime: self.token_lifetime,
            bom: self.bom,
            immediate: self.immediate,
            long: self.long,
        };
        Simulator::serve(settings, socket, self.rules, self.changes)
    }
}

/// Maximum time of a step. The limit keeps all dates within the range of the clock.
const LONGEST_STEP: Duration = Duration::from_secs(365 * 24 * 3600);

/// Maximum number of steps. The limit bounds memory.
const MOST_STEPS: usize = 10_000;

/// Returns the version of a server with this function list.
fn version_of(dump: &Dump) -> &'static str {
    /// The function list of Server 9.0, reconstructed from public material.
    const SERVER_9: &str = "59dce890e815182f5f1837fd8fbd151fefc1fbe63d2a7761ea3d62ddd6fe5c89";
    if dump.digest().to_string() == SERVER_9 {
        "9.0.3.9857"
    } else {
        "24.4.0.22704"
    }
}

/// Returns the built-in function list of an edition, that of version 24.
///
/// # Errors
/// The list is invalid. The tests of this crate parse it.
pub fn function_list(edition: Edition) -> Result<Dump, Error> {
    let (name, bytes) = match edition {
        Edition::Server => ("server-24.json", include_bytes!("dumps/server.json").as_slice()),
        Edition::Spe => ("spe-24.json", include_bytes!("dumps/spe.json").as_slice()),
    };
    Dump::parse(name, bytes).map_err(|cause| Error::Dump { cause: cause.into() })
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("edition", &self.edition)
            .field("user", &self.user)
            .field("listen", &self.listen)
            .field("allow_remote", &self.allow_remote)
            .field("step", &self.step)
            .field("steps", &self.steps)
            .field("token_lifetime", &self.token_lifetime)
            .field("bom", &self.bom)
            .field("immediate", &self.immediate)
            .field("long", &self.long)
            .field("rules", &self.rules)
            .field("changes", &self.changes)
            .finish_non_exhaustive()
    }
}
