//! The builder of a client: address, credentials, trust and limits.

use std::fmt;
use std::time::Duration;

use https_connect::{Network, Pools};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::address;
use crate::connection::{Connection, Limits};
use crate::error::Error;
use crate::exchange::Exchange;
use crate::function::Surface;
use crate::https::{Https, IDLE};
use crate::secrets::Secrets;
use crate::wait::{LONGEST_POLL_WAIT, Patience, WaitOptions};

mod proxies;
mod trust;

/// Builds a client: `Client::builder("mailstore.example.com").credentials("admin", password).build()?`.
///
/// Building opens no connection. The proxy settings of the environment are used, except for connections to this
/// machine: see [`proxy`](Self::proxy) and [`no_proxy`](Self::no_proxy).
pub struct Builder<C> {
    surface: &'static Surface,
    address: String,
    credentials: Option<(String, SecretString)>,
    network: Network,
    limits: Limits,
    max_response_size: Option<u64>,
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
            network: Network::default(),
            limits: Limits::default(),
            max_response_size: None,
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

    /// Timeout of one attempt to connect, including TLS. The default is 10 seconds.
    ///
    /// It is part of [`request_timeout`](Self::request_timeout): a shorter value leaves time for another attempt.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.network.connect_timeout = timeout;
        self
    }

    /// Timeout of a request, including connecting, retries and the pauses between them. The default is 120 seconds.
    ///
    /// It limits the time to the first response of a call, cancel requests and requests for the function list. A single
    /// call can set another value (`timeout`).
    ///
    /// It does not limit how long a call runs: the server responds to a long-running call early, and the client then
    /// polls its status. The timeout of a status request is [`poll_wait`](Self::poll_wait) plus 15 seconds. To limit
    /// the time of a whole call, see [`wait_options`](Self::wait_options).
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.limits.request_timeout = timeout;
        self
    }

    /// Maximum number of retries of a request within its [`request_timeout`](Self::request_timeout). The default is 3;
    /// 0 disables retries.
    ///
    /// A request is retried if no connection could be opened, so that nothing was sent. A read-only request or a cancel
    /// request is also retried if its response was lost or is HTTP 408, 429, 500, 502, 503 or 504. The pause respects
    /// `Retry-After`. For status requests, see [`poll_patience`](Self::poll_patience).
    pub fn retries(mut self, count: usize) -> Self {
        self.limits.retries = count;
        self
    }

    /// Limits of the wait when a request or a [`Task`](crate::Task) is awaited. By default, there are no limits.
    ///
    /// For an awaited request, the time starts when the request is sent, so [`total`](WaitOptions::total) is a deadline
    /// for the whole call. For a task, the time starts when the wait starts. [`Task::next`](crate::Task::next) and
    /// streams of updates have no limits.
    pub fn wait_options(mut self, options: WaitOptions) -> Self {
        self.limits.wait = options;
        self
    }

    /// How long the client keeps polling a running call while its status requests fail: the maximum number of
    /// consecutive failures, and the maximum time since the first of them. The default is 10 failures and 5 minutes.
    ///
    /// After that, the error is returned, and the call can be resumed from its token. The pauses between the requests
    /// grow from 250 ms to 10 seconds. `Retry-After` of the server makes them longer. If it is longer than `time`, the
    /// error is returned at once. Only transient failures are retried: see [`Task::next`](crate::Task::next).
    pub fn poll_patience(mut self, failures: u32, time: Duration) -> Self {
        self.limits.poll_patience = Patience { failures, time };
        self
    }

    /// How long the server holds a status request when a running call has nothing new (`millisecondsTimeout`).
    /// The default is 10 seconds. A longer time means fewer requests but not later updates: the server responds at once
    /// when there is news.
    ///
    /// The maximum is 2³¹ - 1 milliseconds, about 24 days, because the server's number has 32 bits (inferred).
    pub fn poll_wait(mut self, wait: Duration) -> Self {
        self.limits.poll_wait = wait.min(LONGEST_POLL_WAIT);
        self
    }

    /// Maximum number of concurrent status requests, which is also the maximum number of connections for running calls.
    /// The default is 16; the minimum is 1.
    ///
    /// Any number of running calls share them fairly. If there are many, the client asks the server to hold each
    /// request for a shorter time, so that every call is polled about once in `poll_wait`.
    pub fn polls_at_once(mut self, count: usize) -> Self {
        self.limits.polls_at_once = count;
        self
    }

    /// Rejects every call that is not read-only ([`Effect::Read`](crate::Effect::Read)). The call returns an error
    /// before a connection is opened.
    ///
    /// Use it for monitoring and reports, because their accounts have all rights of an administrator. It protects
    /// against mistakes in this program. It does not protect against people who know the password.
    ///
    /// The compiled-in catalog contains which functions are read-only (inferred, see [`Effect`](crate::Effect)).
    /// Functions with an unknown effect are rejected too: functions that are not in the catalog, and all functions of a
    /// client that was generated without an overlay.
    ///
    /// Running calls of every function can be resumed and polled, because polling is read-only. Cancelling a call is
    /// rejected unless its function is read-only: see [`Task::request_cancel`](crate::Task::request_cancel).
    ///
    /// ```
    /// use mailstore_transport::{Call, Connection, Effect, ErrorKind, Json};
    /// # use mailstore_transport::{Error, Function, Surface};
    /// # static DELETE: Function = Function::new("DeleteUser").path("api/invoke/").effect(Effect::Destructive);
    /// # static SURFACE: Surface =
    /// #     Surface::new("server", "MailStore Server").version("24").port(8463).functions(&[&DELETE]);
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let client = Connection::builder(&SURFACE, "mailstore.example.com")
    ///     .credentials("monitor", "password")
    ///     .read_only()
    ///     // A monitor that waits for long reports nothing.
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
    /// By default, a client requests the function list (`get-metadata`) before its first request that may change the
    /// server. It compares the [edition](crate::Edition) with the edition that the program was [compiled
    /// for](Surface::edition). If they differ, the request is not sent:
    /// [`ErrorKind::WrongEdition`](crate::ErrorKind::WrongEdition). A server ignores unknown arguments, so a call for
    /// one instance of the Service Provider Edition would otherwise change a MailStore Server.
    ///
    /// - The function list is requested once for a client and all its clones. Calls that begin at the same time wait
    ///   for the same response, and their `request_timeout` includes it. `compatibility` and `require_compatible` of
    ///   the client verify the edition as well.
    /// - If this request fails, the call is not sent. The error has the kind of the failed request, and its `source()`
    ///   is the error of the failed request. [`Error::is_outcome_unknown`] is false. The next call requests the list
    ///   again.
    /// - A function list that matches neither edition is treated as the wrong edition.
    /// - Other versions of the same edition are accepted. Clients with only some of the functions are accepted too.
    /// - The edition is not verified for read-only calls. On a server of the wrong edition, they fail or return the
    ///   data of that server.
    /// - The edition is verified once. If another server takes over the address while a client exists, build a new
    ///   client.
    ///
    /// Set this if the server or a proxy does not support get-metadata, or in a test with a server that only supports
    /// calls.
    pub fn assume_edition(mut self) -> Self {
        self.limits.assume_edition = true;
        self
    }

    /// Maximum size of a response, in bytes. The default is 64 MiB, and more for functions that are known to return much:
    /// their [`response_limit`](crate::Function::response_limit). A value that is set here applies to all functions.
    ///
    /// This limits the memory of a call: it needs at most this size and 32 MiB until its result is decoded. A result that
    /// is ignored, such as that of `delete_user`, is never built, and a result as [`Json`](wire_values::Json) keeps the
    /// memory of the response. Any other result has memory of its own. A list of many small items can need many times
    /// the size of its text.
    pub fn max_response_size(mut self, bytes: u64) -> Self {
        self.max_response_size = Some(bytes);
        self
    }

    /// Sends requests with this exchange instead of TLS connections: a script in tests, or a transport of your own.
    ///
    /// The credentials and certificates of the builder are then not used. The exchange must provide its own. For an
    /// example, see [`unversioned`](crate::unversioned), which is outside of semantic versioning.
    pub fn exchange(mut self, exchange: impl Exchange + 'static) -> Self {
        self.exchange = Some(Box::new(exchange));
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// The address is invalid, the credentials are missing or cannot be used, the certificate authority contains no
    /// certificate, the client certificate or its key cannot be used, or the proxy cannot be used.
    pub fn build(mut self) -> Result<C, Error> {
        let base = address::parse(&self.address, self.surface.port)?;
        let mut secrets = Secrets::default();
        if let Some((_, password)) = &self.credentials {
            secrets.add(password.expose_secret());
        }
        let exchange = match self.exchange.take() {
            Some(exchange) => exchange,
            None => self.https(&base)?,
        };
        let connection = Connection::concealing(self.surface, &base, exchange, self.limits, secrets);
        Ok((self.client)(connection))
    }

    fn https(&mut self, base: &Url) -> Result<Box<dyn Exchange>, Error> {
        let (user, password) = self.credentials.take().ok_or_else(|| {
            Error::configuration("missing credentials: call `credentials(user, password)` on the builder")
        })?;
        if user.contains(':') {
            return Err(Error::configuration(
                "the user name contains a colon, which HTTP Basic authentication does not support",
            ));
        }
        let connector = self.network.connector(base)?;
        Ok(Box::new(Https {
            pools: Pools::new(connector, IDLE),
            base: base.clone(),
            user,
            password,
            max_response_size: self.max_response_size,
        }))
    }
}

impl Connection {
    /// Creates the builder of a connection to the server at this address, without a generated client. Nothing is sent
    /// before the first call. [`Call`](crate::Call) calls functions by name.
    ///
    /// The address is a host name, `host:port` or `https://host:port`; the default port is that of the surface.
    pub fn builder(surface: &'static Surface, address: &str) -> Builder<Self> {
        Builder::new(surface, address, |connection| connection)
    }
}

/// Omits the password.
impl<C> fmt::Debug for Builder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("address", &address::without_credentials(&self.address))
            .field("user", &self.credentials.as_ref().map(|(user, _)| user))
            .field("pins", &self.network.pins)
            .field("accept_invalid_certs", &self.network.accept_invalid_certs)
            .field("read_only", &self.limits.read_only)
            .finish_non_exhaustive()
    }
}
