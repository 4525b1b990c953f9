//! The methods with which the builder of a client sets its network.

/// Adds the settings of the network to the builder of a client: the methods that the errors of this crate name. The
/// builder has the field `network`, a [`Network`](crate::Network). Write it inside an `impl` of the builder.
///
/// ```
/// use https_connect::Network;
///
/// /// The settings of a client.
/// #[derive(Default)]
/// pub struct Builder {
///     network: Network,
/// }
///
/// impl Builder {
///     https_connect::network_settings!();
/// }
///
/// let builder = Builder::default().no_proxy();
/// # _ = builder;
/// ```
#[macro_export]
macro_rules! network_settings {
    () => {
        /// Trusts these certificates instead of those of the platform: certificates of authorities or of the server, as
        /// PEM or DER.
        pub fn certificate_authority(mut self, certificates: impl Into<Vec<u8>>) -> Self {
            self.network.certificate_authority = Some(certificates.into());
            self
        }

        /// Accepts only a certificate with this fingerprint. May be called several times.
        pub fn pin(mut self, fingerprint: $crate::Fingerprint) -> Self {
            self.network.pins.push(fingerprint);
            self
        }

        /// The certificate of the client and its private key, as PEM, for servers that require one.
        pub fn client_certificate(
            mut self,
            certificate: impl Into<Vec<u8>>,
            key: impl Into<$crate::SecretString>,
        ) -> Self {
            self.network.identity = Some($crate::Identity {
                certificates: certificate.into(),
                key: key.into(),
            });
            self
        }

        /// Accepts any certificate. An attacker on the network can then read the password. Each connection logs a
        /// warning.
        pub fn danger_accept_invalid_certs(mut self) -> Self {
            self.network.accept_invalid_certs = true;
            self
        }

        /// Accepts any certificate through a proxy too.
        pub fn danger_accept_invalid_certs_through_proxy(mut self) -> Self {
            self.network.accept_invalid_certs_through_proxy = true;
            self
        }

        /// Uses this proxy, such as `http://user:password@proxy:3128`. By default, the proxy of the environment is used.
        pub fn proxy(mut self, url: impl Into<$crate::SecretString>) -> Self {
            self.network.proxies = $crate::Proxies::Given(url.into());
            self
        }

        /// Uses no proxy.
        pub fn no_proxy(mut self) -> Self {
            self.network.proxies = $crate::Proxies::None;
            self
        }

        /// Timeout of one attempt to connect, including TLS. The default is 10 seconds.
        pub fn connect_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.network.connect_timeout = timeout;
            self
        }
    };
}
