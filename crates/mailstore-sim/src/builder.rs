//! Settings of a simulator before it starts.

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

/// Settings of a [`Simulator`], each with a default that suits a test.
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
#[must_use = "nothing listens until `start` is called"]
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
    /// Starts a Server edition with the defaults of [`Builder`]: any free port on 127.0.0.1, `admin`/`admin`.
    ///
    /// # Errors
    ///
    /// As [`Builder::start`].
    pub fn start() -> Result<Simulator, Error> {
        Simulator::builder(Edition::Server).start()
    }

    /// A simulator with other settings than the defaults.
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

    /// The one user name and password that are accepted. Default: `admin` and `admin`.
    ///
    /// `SetUserPassword` and `SetSystemAdministratorPassword` do not change them. A user name must not hold a colon,
    /// which HTTP Basic cannot carry.
    pub fn credentials(mut self, user: impl Into<String>, password: impl Into<String>) -> Builder {
        self.user = user.into();
        self.password = password.into();
        self
    }

    /// The IP address and port to listen on; port 0 is any free one. Default: `127.0.0.1:0`.
    ///
    /// Only loopback addresses are taken unless [`allow_remote`](Builder::allow_remote) is called.
    pub fn listen(mut self, address: impl Into<String>) -> Builder {
        self.listen = address.into();
        self
    }

    /// Allows an address that other machines can reach. Default: refused, for the default password is known to all.
    pub fn allow_remote(mut self) -> Builder {
        self.allow_remote = true;
        self
    }

    /// The functions to offer. Default: the edition's list that is built into this crate.
    ///
    /// Functions the simulator has no behaviour for succeed with a null result after their arguments are checked.
    pub fn metadata(mut self, dump: Dump) -> Builder {
        self.dump = Some(dump);
        self
    }

    /// The product version to claim, such as `25.3.1.23024`.
    ///
    /// Default: 9.0.3.9857 (documented) for the function list of Server 9.0, and 24.4.0.22704 for every other list.
    pub fn version(mut self, version: impl Into<String>) -> Builder {
        self.version = Some(version.into());
        self
    }

    /// The time between two steps of a long call. Default: 100 ms.
    ///
    /// With [`Duration::ZERO`] there is no clock: every `get-status` takes its call one step further and answers at
    /// once, so a call is over after as many polls as it has steps.
    pub fn step(mut self, step: Duration) -> Builder {
        self.step = step;
        self
    }

    /// How many status changes every long call has after its first answer, 1 to 10,000; the last one is its end.
    /// Default: as many as its work has parts, 2 to a few dozen.
    ///
    /// Logs become shorter or longer to fit: parts are told together, or lines are put between them.
    pub fn steps(mut self, steps: usize) -> Builder {
        self.steps = Some(steps.clamp(1, MOST_STEPS));
        self
    }

    /// Misbehaves by this rule from the start. More can be given; [`Simulator::inject`] adds them later.
    pub fn fault(mut self, rule: Rule) -> Builder {
        self.rules.push(rule);
        self
    }

    /// How long a finished call can still be asked for; later its token answers 404. Default: 10 minutes.
    ///
    /// The real lifetime is not published.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Builder {
        self.token_lifetime = lifetime;
        self
    }

    /// Whether JSON answers start with a byte order mark, as most of the real server's do. Default: true.
    pub fn bom(mut self, bom: bool) -> Builder {
        self.bom = bom;
        self
    }

    /// Whether every call finishes within its first answer, without a token. Default: false.
    ///
    /// Any call may do so on the real server, depending on load. Such an answer carries the whole log (inferred).
    pub fn immediate(mut self, immediate: bool) -> Builder {
        self.immediate = immediate;
        self
    }

    /// Makes a function answer with a token that answers at once by default, such as `GetWorkerResults`.
    ///
    /// The real server may do so with every function. The function does its work at the end of the call.
    pub fn long_running(mut self, function: impl Into<String>) -> Builder {
        self.long.insert(function.into());
        self
    }

    /// Makes a function answer another result than the simulator's own, which `change` is given: a member more, one
    /// less, a word of tomorrow. Can be called again, for the same function too: then both changes are made in turn.
    ///
    /// A function that the simulator has no behaviour for has the result null. A call that fails is not changed.
    /// [`Simulator::change_result`] does the same later.
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

    /// Starts the server. It answers as soon as this returns.
    ///
    /// # Errors
    ///
    /// [`Error::Address`] and [`Error::NotLoopback`] for an address that is invalid or not allowed, [`Error::Listen`]
    /// if it is taken, [`Error::UserName`], [`Error::NoSuchFunction`] and [`Error::Rule`] for settings that cannot
    /// work; the others tell of a system that lacks randomness or threads.
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
            None => built_in(self.edition)?,
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

/// A longer step is as good as none, and clocks cannot be asked for every date.
const LONGEST_STEP: Duration = Duration::from_secs(365 * 24 * 3600);

/// More would only fill the memory.
const MOST_STEPS: usize = 10_000;

/// The version of a server with this function list.
fn version_of(dump: &Dump) -> &'static str {
    /// The list of Server 9.0, rebuilt from public material.
    const SERVER_9: &str = "59dce890e815182f5f1837fd8fbd151fefc1fbe63d2a7761ea3d62ddd6fe5c89";
    if dump.digest().to_string() == SERVER_9 {
        "9.0.3.9857"
    } else {
        "24.4.0.22704"
    }
}

/// The function list of an edition that is compiled in.
fn built_in(edition: Edition) -> Result<Dump, Error> {
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
