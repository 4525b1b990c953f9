//! How to reach a server: address, credentials, trust and limits.

use std::fmt;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::address;
use crate::certificates;
use crate::connect::Connector;
use crate::connection::{Connection, Limits};
use crate::error::Error;
use crate::exchange::Exchange;
use crate::function::Surface;
use crate::https::Https;
use crate::pools::Pools;
use crate::trust::Trust;
use crate::wait::{LONGEST_POLL_WAIT, Patience, WaitOptions};

/// Puts together a client: `Client::builder("mailstore.example.com").credentials("admin", password).build()?`.
///
/// Building opens no connection. The proxy settings of the environment are honoured except for this machine itself.
pub struct Builder<C> {
    surface: &'static Surface,
    address: String,
    credentials: Option<(String, SecretString)>,
    authority: Option<Vec<u8>>,
    accept_invalid_certs: bool,
    connect_timeout: Duration,
    limits: Limits,
    max_response_size: u64,
    exchange: Option<Box<dyn Exchange>>,
    client: fn(Connection) -> C,
}

impl<C> Builder<C> {
    /// Called by generated code.
    #[doc(hidden)]
    pub fn new(surface: &'static Surface, address: &str, client: fn(Connection) -> C) -> Self {
        Self {
            surface,
            address: address.to_owned(),
            credentials: None,
            authority: None,
            accept_invalid_certs: false,
            connect_timeout: Duration::from_secs(10),
            limits: Limits::default(),
            max_response_size: 256 * 1024 * 1024,
            exchange: None,
            client,
        }
    }

    /// User name and password of an administrator. Required.
    ///
    /// For the Service Provider Edition with multi-factor authentication, the password is the API password.
    pub fn credentials(mut self, user: &str, password: impl Into<SecretString>) -> Self {
        self.credentials = Some((user.to_owned(), password.into()));
        self
    }

    /// Trusts these certificates, and no others, instead of the platform's.
    ///
    /// Takes the certificate of your own authority, or the server's own certificate, whether it signed itself or not.
    /// The name in the certificate still has to be the one in the address, and its time of validity is checked.
    ///
    /// The certificates are PEM or DER, as tools and editors write them: PEM may hold several certificates, other
    /// text between them, a byte order mark, and may be UTF-16.
    pub fn certificate_authority(mut self, certificates: impl Into<Vec<u8>>) -> Self {
        self.authority = Some(certificates.into());
        self
    }

    /// Accepts any certificate for any name. An attacker on the network can then read the administrator's password, so
    /// only use it for a server on this machine or for a first try.
    pub fn danger_accept_invalid_certs(mut self, accept: bool) -> Self {
        self.accept_invalid_certs = accept;
        self
    }

    /// How long one attempt to connect may take, TLS included. 10 seconds unless set.
    ///
    /// A part of [`request_timeout`](Self::request_timeout): a shorter one leaves time for another attempt.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The longest time for a request: in all, with connecting, retries and the pauses between them. 120 seconds
    /// unless set.
    ///
    /// It is the time to the first answer of a call, for which a single call can set its own (`timeout`), and the time
    /// for a request to cancel a call or for the function list.
    ///
    /// Calls that run longer on the server are not cut: the server answers them early, and the client then asks for
    /// their status. Status requests have their own time, which is [`poll_wait`](Self::poll_wait) and 15 seconds. For
    /// the time of a whole call see [`wait_options`](Self::wait_options).
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.limits.request_timeout = timeout;
        self
    }

    /// How often a request is sent again within its [`request_timeout`](Self::request_timeout). 3 times unless set; 0
    /// switches retries off.
    ///
    /// Only these are retried: requests of which nothing was sent, because no connection came about; and requests that
    /// only read or cancel, if their answer was lost or is HTTP 408, 429, 500, 502, 503 or 504. If the server says
    /// when to come back (`Retry-After`), the pause lasts as long. Status requests have
    /// [their own patience](Self::poll_patience).
    pub fn retries(mut self, count: usize) -> Self {
        self.limits.retries = count;
        self
    }

    /// Limits of every wait for the end of a call for which none are given: when a request or a
    /// [`Task`](crate::Task) is awaited. No limits unless set.
    ///
    /// For an awaited request the time begins with its sending, so
    /// [`total`](WaitOptions::total) is a deadline for the whole call. For a task it begins with the wait.
    /// [`Task::next`](crate::Task::next) and streams of updates have no limits.
    pub fn wait_options(mut self, options: WaitOptions) -> Self {
        self.limits.wait = options;
        self
    }

    /// How long the client keeps polling a running call although its status requests fail: for so
    /// many failures in a row, and for so long after the first of them. 10 failures and 5 minutes unless set.
    ///
    /// Then the error is reported, and the call can be resumed from its token. The pauses between the requests grow
    /// from 250 ms to 10 seconds; a `Retry-After` of the server makes them longer, and one beyond this time is
    /// reported at once. Only failures that may pass are repeated: see [`Task::next`](crate::Task::next).
    pub fn poll_patience(mut self, failures: u32, time: Duration) -> Self {
        self.limits.poll_patience = Patience { failures, time };
        self
    }

    /// How long the server holds a status request when a running call has nothing new (`millisecondsTimeout`).
    /// 10 seconds unless set. Longer means fewer requests, not later news: news is answered at once.
    ///
    /// At most 2³¹ - 1 milliseconds, some 24 days, are asked for: the server's number is taken to have 32 bits
    /// (inferred).
    pub fn poll_wait(mut self, wait: Duration) -> Self {
        self.limits.poll_wait = wait.min(LONGEST_POLL_WAIT);
        self
    }

    /// How many status requests may be under way at once, and so how many connections running calls may hold. 16
    /// unless set; at least one.
    ///
    /// Any number of running calls share them fairly: the more there are, the shorter the server is asked to hold
    /// each request, so that every call is asked for about once in `poll_wait`.
    pub fn polls_at_once(mut self, count: usize) -> Self {
        self.limits.polls_at_once = count;
        self
    }

    /// Makes a client that refuses every call but those that only read ([`Effect::Read`](crate::Effect::Read)):
    /// with an error, before anything is sent and before a connection is opened.
    ///
    /// A safety catch for monitoring and reports, whose accounts hold an administrator's full rights all the same. It
    /// keeps this program from mistakes; it does not protect the server from people who know the password.
    ///
    /// Which functions only read is what the program was compiled with (inferred, see [`Effect`](crate::Effect)). A
    /// function of which that is not known is refused: one that is called by its name and that this version has not
    /// heard of, and every function of a client that was generated without an overlay.
    ///
    /// Running calls of every function can be resumed and polled, because polling is read-only. Cancelling a call is
    /// rejected unless its function is read-only: see [`Task::request_cancel`](crate::Task::request_cancel).
    ///
    /// ```
    /// use mailstore_transport::{Call, Connection, Effect, ErrorKind, Json};
    /// # use mailstore_transport::{Error, Function, Surface};
    /// # static DELETE: Function = Function::new("DeleteUser", "api/invoke/", Effect::Destructive, false, &[]);
    /// # static SURFACE: Surface = Surface::new("server", "MailStore Server", "24", 8463, "", &[&DELETE]);
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let client = Connection::builder(&SURFACE, "mailstore.example.com")
    ///     .credentials("monitor", "password")
    ///     .read_only()
    ///     // A monitor that hangs reports nothing.
    ///     .request_timeout(std::time::Duration::from_secs(20))
    ///     .build()?;
    ///
    /// let error = Call::<Json>::new(&client, "DeleteUser").arg("userName", "jane").await.unwrap_err();
    /// assert!(error.is_read_only());
    /// assert!(matches!(error.kind(), ErrorKind::ReadOnly { effect: Effect::Destructive, .. }));
    /// # Ok::<(), Error>(())
    /// # }).unwrap();
    /// ```
    pub fn read_only(mut self) -> Self {
        self.limits.read_only = true;
        self
    }

    /// Sends calls that may change the server without verifying the server's edition.
    ///
    /// Unless this is set, a client asks for the function list (`get-metadata`) before its first request that may
    /// change the server, and compares the [edition](crate::Edition) with the one that the program was
    /// [compiled for](Surface::edition). If they differ, the request is not sent:
    /// [`ErrorKind::WrongEdition`](crate::ErrorKind::WrongEdition). A server ignores arguments that it does not know,
    /// so a call for one instance of the Service Provider Edition would otherwise change a MailStore Server.
    ///
    /// - It is one request for each client and its clones. Calls that begin at the same time wait for the same
    ///   response, and their `request_timeout` includes it. `compatibility` and `require_compatible` of the client
    ///   verify the edition as well.
    /// - If the request fails, the call is not sent either. The error has the kind of the failed request, which is its
    ///   `source()`, and [`Error::is_outcome_unknown`] is false. The next call asks again.
    /// - A list with functions of neither edition counts as wrong.
    /// - Other versions of the same edition are accepted, and so is a client that has a part of the functions.
    /// - Calls that only read are not verified: at the wrong edition they fail or return another server's data.
    /// - The edition is not verified again later. If another server takes over the address while a client lives, the
    ///   client does not notice: make a new one.
    ///
    /// Set this if the server, or a proxy before it, does not answer get-metadata; or in a test with a server that
    /// answers calls only.
    pub fn assume_edition(mut self) -> Self {
        self.limits.assume_edition = true;
        self
    }

    /// The largest answer to accept, in bytes. 256 MiB unless set.
    pub fn max_response_size(mut self, bytes: u64) -> Self {
        self.max_response_size = bytes;
        self
    }

    /// Sends requests by this exchange instead of TLS connections: a script in tests, or a transport of your own.
    ///
    /// Credentials and certificates are then the exchange's own work, and those of the builder are not used. See
    /// [`unversioned`](crate::unversioned), which is outside of semantic versioning, for an example.
    pub fn exchange(mut self, exchange: impl Exchange + 'static) -> Self {
        self.exchange = Some(Box::new(exchange));
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// The address is invalid, the credentials are missing or unusable, the certificate authority holds no
    /// certificate, or the proxy of the environment is of an unsupported kind.
    pub fn build(mut self) -> Result<C, Error> {
        let base = address::parse(&self.address, self.surface.port)?;
        let exchange = match self.exchange.take() {
            Some(exchange) => exchange,
            None => self.https(&base)?,
        };
        let connection = Connection::new(self.surface, &base, exchange, self.limits);
        Ok((self.client)(connection))
    }

    fn https(&mut self, base: &Url) -> Result<Box<dyn Exchange>, Error> {
        let (user, password) = self.credentials.take().ok_or_else(|| {
            Error::configuration("no credentials: call `credentials(user, password)` on the builder")
        })?;
        if user.contains(':') {
            return Err(Error::configuration(
                "a user name with a colon cannot be sent by HTTP Basic",
            ));
        }
        let connector = Connector::new(base, &self.trust()?, self.connect_timeout)?;
        Ok(Box::new(Https {
            pools: Pools::new(connector),
            base: base.clone(),
            user,
            password,
            max_response_size: self.max_response_size,
        }))
    }

    fn trust(&self) -> Result<Trust, Error> {
        let given = self.authority.as_deref().map(certificates::read).transpose();
        let given = given.map_err(|problem| {
            Error::configuration(format!("the certificate authority cannot be used: {problem}"))
        })?;
        Ok(match given {
            _ if self.accept_invalid_certs => Trust::Anything,
            Some(given) => Trust::Given(given),
            None => Trust::Platform,
        })
    }
}

impl Connection {
    /// Begins a connection to the server at this address, without a client of a generated module. Nothing is sent
    /// before the first call. [`Call`](crate::Call) calls functions by name.
    ///
    /// The address is a host name, `host:port` or `https://host:port`; the default port is that of the surface.
    pub fn builder(surface: &'static Surface, address: &str) -> Builder<Self> {
        Builder::new(surface, address, |connection| connection)
    }
}

/// Without the password.
impl<C> fmt::Debug for Builder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("address", &address::without_credentials(&self.address))
            .field("user", &self.credentials.as_ref().map(|(user, _)| user))
            .field("accept_invalid_certs", &self.accept_invalid_certs)
            .field("read_only", &self.limits.read_only)
            .finish_non_exhaustive()
    }
}
