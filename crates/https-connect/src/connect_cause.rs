//! The causes of failed connections, and what to do about them.

/// The reason why no connection to the server could be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConnectCause {
    /// The host name could not be resolved.
    Dns,
    /// Nothing listens on the port.
    Refused,
    /// No route to the server's network or host.
    Unreachable,
    /// A step of connecting timed out.
    Timeout,
    /// The connection was closed or reset before it could be used.
    Closed,
    /// The service on the port does not use TLS.
    NotTls,
    /// The service on the port uses TLS but not HTTP: it sent data before it received a request.
    NotHttp,
    /// The TLS handshake failed. For example, the server and the client have no TLS version or cipher in common.
    Tls,
    /// The server requires a client certificate, or rejected the one of the [settings](crate::Network::identity).
    ClientCertificate,
    /// The server's certificate is neither trusted nor signed by a trusted authority.
    Untrusted,
    /// The server's certificate has none of the [pinned](crate::Network::pins) fingerprints.
    WrongPin,
    /// The server's certificate has expired.
    Expired,
    /// The server's certificate is not valid yet.
    NotYetValid,
    /// The server's certificate is for another name.
    WrongName,
    /// The server's certificate cannot be used for another reason.
    BadCertificate,
    /// The proxy cannot be reached, or it cannot reach the server.
    Proxy,
    /// The proxy rejected the connection, or the service at its address is not a proxy.
    ProxyRefused,
    /// The proxy requires credentials, or rejected them (HTTP 407).
    ProxyAuthentication,
    /// The process or the system has too many open files.
    TooManyFiles,
    /// Any other reason.
    Other,
}

impl ConnectCause {
    /// Whether the same attempt may succeed a little later.
    pub fn is_transient(self) -> bool {
        use ConnectCause::{Closed, Dns, Other, Proxy, Refused, Timeout, TooManyFiles, Unreachable};
        matches!(
            self,
            Dns | Refused | Unreachable | Timeout | Closed | Proxy | TooManyFiles | Other
        )
    }

    /// The remedy, as a sentence without a full stop. It names the settings as methods of the client's builder: `pin`,
    /// `certificate_authority`, `client_certificate`, `proxy`, `no_proxy`, `connect_timeout` and `request_timeout`.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Dns => "Check the host name in the address, and the name server of this machine",
            Self::Refused | Self::Unreachable => {
                "Check the address and the port, and check that the API is enabled on the server"
            }
            Self::Timeout => {
                "Check the address, the port and the firewall; if the server is slow, raise `connect_timeout` and `request_timeout`"
            }
            Self::Closed => "Check that the port is the port of the API, and try again",
            Self::NotHttp => "The service on this port does not use HTTP: check the port",
            Self::NotTls => "The service on this port does not use TLS: check the port",
            Self::Tls => {
                "The client requires TLS 1.2 or 1.3: enable it on the server, and check the port. If the server requires a client certificate, pass one to `client_certificate`"
            }
            Self::ClientCertificate => {
                "Pass a certificate that the server accepts, with its private key, to `client_certificate`; or configure the server, or the proxy before it, not to require one"
            }
            Self::Untrusted => {
                "Compare the fingerprint with that of the certificate on the server; if they are equal, pass this certificate, or the certificate of its authority, to `certificate_authority`"
            }
            Self::WrongPin => {
                "Do not continue until you know the reason. Compare the fingerprint with that of the certificate on the server. If they are equal, the certificate was renewed: pin the new fingerprint. If they differ, another machine answers in place of the server"
            }
            Self::Expired => {
                "Renew the server's certificate, or correct the clock of this machine if the certificate is valid"
            }
            Self::NotYetValid => {
                "Correct the clock of this machine, or install a certificate that is valid now on the server"
            }
            Self::WrongName => "Use an address with a name that the certificate is for",
            Self::BadCertificate => {
                "Install another certificate on the server: X.509 version 3, for server authentication, with its host name as subject alternative name"
            }
            Self::Proxy => {
                "Check the proxy, which is set on the builder (`proxy`) or in the environment (HTTPS_PROXY, ALL_PROXY); to connect without it, use `no_proxy` or add the server's host to NO_PROXY"
            }
            Self::ProxyRefused => {
                "Allow the connection on the proxy, and check its address (`proxy` on the builder, or HTTPS_PROXY); to connect without it, use `no_proxy` or add the server's host to NO_PROXY"
            }
            Self::ProxyAuthentication => {
                "Set the user name and the password in the address of the proxy (`proxy` on the builder, or HTTPS_PROXY: `http://user:password@proxy:port`); to connect without the proxy, use `no_proxy` or add the server's host to NO_PROXY"
            }
            Self::TooManyFiles => {
                "Close files and connections, share one client instead of building several, or raise the limit (`ulimit -n`)"
            }
            Self::Other => "Check the address and the port, and check that the API is enabled on the server",
        }
    }
}
