//! How a client reaches its server: which certificates it accepts, and how long it waits for a connection.

use std::time::Duration;

use url::Url;

use crate::certificates;
use crate::connect::Connector;
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::identity::Identity;
use crate::proxy::Proxies;
use crate::trust::Trust;

pub(crate) struct Network {
    pub(crate) authority: Option<Vec<u8>>,
    pub(crate) pins: Vec<Fingerprint>,
    pub(crate) accept_invalid_certs: bool,
    pub(crate) accept_invalid_certs_through_proxy: bool,
    pub(crate) proxies: Proxies,
    pub(crate) identity: Option<Identity>,
    pub(crate) connect_timeout: Duration,
}

impl Default for Network {
    fn default() -> Self {
        Self {
            authority: None,
            pins: Vec::new(),
            accept_invalid_certs: false,
            accept_invalid_certs_through_proxy: false,
            proxies: Proxies::Environment,
            identity: None,
            connect_timeout: Duration::from_secs(10),
        }
    }
}

impl Network {
    /// Creates the connector of a client for the server with this address.
    pub(crate) fn connector(&self, base: &Url) -> Result<Connector, Error> {
        self.connector_with(&self.trust()?, base)
    }

    /// Creates a connector that accepts every certificate. Requests must not be sent over its connections.
    pub(crate) fn peeking(&self, base: &Url) -> Result<Connector, Error> {
        self.connector_with(&Trust::Shown, base)
    }

    fn connector_with(&self, trust: &Trust, base: &Url) -> Result<Connector, Error> {
        let tls = trust.config(self.identity.as_ref())?;
        let proxy = self.proxies.proxy(base)?;
        let is_verified = !matches!(trust, Trust::Anything);
        if let Some(proxy) = &proxy
            && !is_verified
            && !self.accept_invalid_certs_through_proxy
        {
            return Err(Error::configuration(format!(
                "`danger_accept_invalid_certs` is not accepted through {proxy}, because the proxy could read the \
                 password. Use `pin`; or `no_proxy`, or call `danger_accept_invalid_certs_through_proxy` too"
            )));
        }
        Ok(Connector::new(proxy, tls, is_verified, self.connect_timeout))
    }

    fn trust(&self) -> Result<Trust, Error> {
        let given = self.authority.as_deref().map(certificates::read).transpose();
        let given = given.map_err(|problem| {
            Error::configuration(format!("the certificate authority cannot be used: {problem}"))
        })?;
        let ways = [!self.pins.is_empty(), given.is_some(), self.accept_invalid_certs];
        if ways.into_iter().filter(|is_set| *is_set).count() > 1 {
            return Err(Error::configuration(
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
