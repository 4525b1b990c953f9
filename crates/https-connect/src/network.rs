//! How a client reaches its server: which certificates it accepts, which proxy it uses, and how long it waits for a
//! connection.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio_rustls::rustls::ClientConfig;
use url::Url;

use crate::certificates;
use crate::connect::Connector;
use crate::fingerprint::Fingerprint;
use crate::identity::Identity;
use crate::proxy::Proxies;
use crate::settings_error::SettingsError;
use crate::trust::Trust;

/// The settings of connections: trust, proxy, client certificate and timeout. By default, the certificates of the
/// platform are trusted, and the proxy of the environment is used.
///
/// The errors name the settings as methods of a builder: `pin`, `certificate_authority`, `client_certificate`,
/// `danger_accept_invalid_certs`, `danger_accept_invalid_certs_through_proxy`, `proxy` and `no_proxy`. The macro
/// [`network_settings`](crate::network_settings) adds these methods to the builder of a client.
///
/// `Debug` shows neither the private key nor the credentials of the proxy.
#[derive(Clone)]
#[non_exhaustive]
pub struct Network {
    /// The certificates that are trusted instead of those of the platform, as PEM or DER: certificates of authorities
    /// or of the server.
    pub certificate_authority: Option<Vec<u8>>,
    /// The fingerprints of the only certificates that are accepted. Empty if certificates are not pinned.
    pub pins: Vec<Fingerprint>,
    /// Whether any certificate is accepted. Each connection then logs a warning.
    pub accept_invalid_certs: bool,
    /// Whether any certificate is accepted through a proxy too.
    pub accept_invalid_certs_through_proxy: bool,
    /// The proxy.
    pub proxies: Proxies,
    /// The certificate of the client, for servers that require one.
    pub identity: Option<Identity>,
    /// Timeout of one attempt to connect, including the proxy and TLS. The default is 10 seconds.
    pub connect_timeout: Duration,
}

impl Default for Network {
    fn default() -> Self {
        Self {
            certificate_authority: None,
            pins: Vec::new(),
            accept_invalid_certs: false,
            accept_invalid_certs_through_proxy: false,
            proxies: Proxies::default(),
            identity: None,
            connect_timeout: Duration::from_secs(10),
        }
    }
}

impl Network {
    /// Creates the connector of a client for the server with this address. It uses TLS if the scheme of the address is
    /// `https`, and no TLS if it is `http`. Trust and the client certificate are then not used.
    ///
    /// # Errors
    /// The address has another scheme, a certificate or key cannot be used, settings exclude each other, or the proxy
    /// cannot be used.
    pub fn connector(&self, base: &Url) -> Result<Connector, SettingsError> {
        self.connector_with(&self.trust()?, base)
    }

    /// Creates a connector that accepts every certificate, for [`Connector::certificate`]. Requests must not be sent over
    /// its connections.
    ///
    /// # Errors
    /// Those of [`connector`](Self::connector), except those about trusted certificates.
    pub fn peeking(&self, base: &Url) -> Result<Connector, SettingsError> {
        self.connector_with(&Trust::Shown, base)
    }

    fn connector_with(&self, trust: &Trust, base: &Url) -> Result<Connector, SettingsError> {
        let tls = self.tls(trust, base)?;
        let proxy = self.proxies.proxy(base)?;
        let is_verified = !matches!(trust, Trust::Anything);
        if let Some(proxy) = &proxy
            && !is_verified
            && !self.accept_invalid_certs_through_proxy
        {
            return Err(SettingsError::new(format!(
                "`danger_accept_invalid_certs` is not accepted through {proxy}, because the proxy could read the \
                 password. Use `pin`; or `no_proxy`, or call `danger_accept_invalid_certs_through_proxy` too"
            )));
        }
        Ok(Connector::new(proxy, tls, is_verified, self.connect_timeout))
    }

    /// Returns the configuration of TLS. Returns `None` for a server without TLS.
    fn tls(&self, trust: &Trust, base: &Url) -> Result<Option<Arc<ClientConfig>>, SettingsError> {
        match base.scheme() {
            "https" => trust.config(self.identity.as_ref()).map(Some),
            "http" => Ok(None),
            other => Err(SettingsError::new(format!(
                "the scheme of the server's address must be `https` or `http`, but it is `{other}`"
            ))),
        }
    }

    fn trust(&self) -> Result<Trust, SettingsError> {
        let given = self
            .certificate_authority
            .as_deref()
            .map(certificates::read)
            .transpose();
        let given = given.map_err(|problem| {
            SettingsError::new(format!("the certificate authority cannot be used: {problem}"))
        })?;
        let ways = [!self.pins.is_empty(), given.is_some(), self.accept_invalid_certs];
        if ways.into_iter().filter(|is_set| *is_set).count() > 1 {
            return Err(SettingsError::new(
                "`pin`, `certificate_authority` and `danger_accept_invalid_certs` exclude each other: use one of them",
            ));
        }
        Ok(match given {
            _ if self.accept_invalid_certs => Trust::Anything,
            None if !self.pins.is_empty() => Trust::Pinned(self.pins.clone()),
            Some(given) => Trust::Given(given),
            None => Trust::Platform,
        })
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network")
            .field("pins", &self.pins)
            .field("accept_invalid_certs", &self.accept_invalid_certs)
            .field("connect_timeout", &self.connect_timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(network: &Network, base: &str) -> String {
        let made = network.connector(&Url::parse(base).unwrap());
        made.err().unwrap().to_string()
    }

    #[test]
    fn the_error_of_unusable_settings_says_what_is_wrong() {
        let pins = vec![Fingerprint::of_certificate(b"a certificate")];
        let several = Network {
            pins,
            accept_invalid_certs: true,
            ..Network::default()
        };
        let empty = Network {
            certificate_authority: Some(Vec::new()),
            ..Network::default()
        };
        let danger = Network {
            accept_invalid_certs: true,
            proxies: Proxies::Given("proxy:3128".into()),
            ..Network::default()
        };
        for (network, base, words) in [
            (&several, "https://archive.example.com", "exclude each other"),
            (&empty, "https://archive.example.com", "it is empty"),
            (&danger, "https://archive.example.com", "http://proxy:3128"),
            (&Network::default(), "ftp://archive.example.com", "`ftp`"),
        ] {
            let error = error(network, base);
            assert!(error.contains(words), "{words}: {error}");
        }
    }

    #[test]
    fn secrets_of_the_settings_are_not_shown() {
        let network = Network {
            proxies: Proxies::Given("http://user:hunter2@proxy/path".into()),
            identity: Some(Identity {
                certificates: Vec::new(),
                key: "hunter2".into(),
            }),
            ..Network::default()
        };
        let plain = Network {
            identity: None,
            ..network.clone()
        };
        let shown = [
            format!("{network:?} {network:#?}"),
            error(&network, "https://archive.example.com"),
            error(&plain, "https://archive.example.com"),
        ];
        assert!(shown[2].contains("it has a path"), "{}", shown[2]);
        assert!(!shown.concat().contains("hunter2"), "{shown:?}");
    }
}
