//! The methods of the builder that choose a proxy.

use https_connect::Proxies;
use secrecy::SecretString;

use super::Builder;

/// Proxies.
///
/// By default, a client uses the proxy of the environment: `HTTPS_PROXY`, or else `ALL_PROXY`, except for the hosts in
/// `NO_PROXY`. The names may also be in lower case.
///
/// A server on this machine is always reached without a proxy: `localhost` and the names that end in `.localhost`, the
/// addresses 127.0.0.0/8 and ::1, also in IPv6 form, and 0.0.0.0 and ::.
impl<C> Builder<C> {
    /// Connects through this proxy. The environment is then not used.
    ///
    /// The format is `http://proxy:3128` or `https://proxy:3128`, for a connection to the proxy with TLS. The user name
    /// and the password of the proxy are part of it: `http://user:password@proxy:3128`, with special characters in
    /// percent-encoding. `Debug` and errors do not show them.
    ///
    /// The client sends a CONNECT request to the proxy. The connection to the server inside the tunnel uses TLS, so the
    /// proxy can read neither the credentials of MailStore nor the data.
    ///
    /// # Errors
    /// `build` returns an error if the address of the proxy is invalid.
    pub fn proxy(mut self, url: impl Into<SecretString>) -> Self {
        self.network.proxies = Proxies::Given(url.into());
        self
    }

    /// Connects without a proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.network.proxies = Proxies::None;
        self
    }

    /// Allows [`danger_accept_invalid_certs`](Self::danger_accept_invalid_certs) through a proxy. Without it, `build`
    /// returns an error if a proxy would be used.
    ///
    /// The proxy, and everyone between it and the server, can then read the administrator's password and all data. Use
    /// [`pin`](Self::pin) instead: it is as easy and safe.
    pub fn danger_accept_invalid_certs_through_proxy(mut self, accept: bool) -> Self {
        self.network.accept_invalid_certs_through_proxy = accept;
        self
    }
}
