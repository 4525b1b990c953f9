//! The settings of a client of the web server.

use std::fmt;
use std::time::Duration;

use https_connect::{ApiAddress, Network};
use secrecy::SecretString;

use super::client::Rest;
use super::error::Error;
use super::http::Http;
use super::session::Session;

/// The vendor's default port of Muster 9 without TLS.
const HTTP_PORT: u16 = 9890;

/// The settings of a client. [`Rest::builder`] creates it.
///
/// `Debug` shows neither the password nor keys.
#[must_use = "a builder does nothing until `build` is called"]
pub struct Builder {
    address: String,
    credentials: Option<(String, SecretString)>,
    allows_http: bool,
    is_read_only: bool,
    network: Network,
    timeout: Duration,
    max_response_size: usize,
}

impl Rest {
    /// Starts to build a client for the web server at this address: a host, `host:port`, or a URL.
    ///
    /// The address without a scheme means `https`, or `http` for `localhost` and loopback addresses. The default port of
    /// `http` is 9890, as in Muster 9. The vendor does not document the port of `https`, so pass it.
    pub fn builder(address: &str) -> Builder {
        Builder::new(address)
    }
}

impl Builder {
    pub(super) fn new(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            credentials: None,
            allows_http: false,
            is_read_only: false,
            network: Network::default(),
            timeout: Duration::from_secs(60),
            max_response_size: 64 * 1024 * 1024,
        }
    }

    /// The user name and the password. Required.
    ///
    /// The server accepts them only in the query of a URL. Proxies and the server itself may write URLs to logs.
    pub fn credentials(mut self, user_name: &str, password: impl Into<SecretString>) -> Self {
        self.credentials = Some((user_name.to_owned(), password.into()));
        self
    }

    /// Allows `http` to other machines. Everyone on the network can then read the password and the token.
    ///
    /// The vendor's default port 9890 has no TLS. Prefer TLS of the web server, or a tunnel to this machine.
    pub fn danger_allow_http(mut self) -> Self {
        self.allows_http = true;
        self
    }

    /// Rejects every request that may change the server: [`Rest::submit`], and [`Rest::raw`] with methods other than
    /// `GET`.
    pub fn read_only(mut self) -> Self {
        self.is_read_only = true;
        self
    }

    https_connect::network_settings!();

    /// Timeout of one request. The default is 60 seconds.
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Maximum size of a response, in bytes. The default is 64 MiB.
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.max_response_size = bytes;
        self
    }

    /// Builds the client. Sends no request.
    ///
    /// # Errors
    /// The address is invalid, the credentials are missing, or a certificate or the proxy cannot be used.
    pub fn build(self) -> Result<Rest, Error> {
        let address = ApiAddress {
            http_port: HTTP_PORT,
            danger_allow_http: Some(self.allows_http),
        };
        let base = address.parse(&self.address)?;
        let (user_name, password) = self.credentials.ok_or_else(|| {
            Error::configuration(
                "the user name and the password are missing: call `credentials` of the builder",
            )
        })?;
        if base.scheme() == "http" && self.allows_http {
            tracing::warn!("the connection has no TLS, so the network can read the password");
        }
        let http = Http::new(&self.network, &base, self.timeout, self.max_response_size)?;
        let session = Session::new(http, base, user_name, password);
        Ok(Rest::new(session, self.is_read_only))
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("address", &ApiAddress::shown(&self.address))
            .field("allows_http", &self.allows_http)
            .field("is_read_only", &self.is_read_only)
            .finish_non_exhaustive()
    }
}
