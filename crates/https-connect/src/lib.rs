#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod api_address;
mod cause;
mod certificates;
mod chain;
mod connect;
mod connect_cause;
mod connect_error;
mod excerpt;
mod fingerprint;
mod http_client;
mod identity;
mod invalid_response;
mod network;
mod network_settings;
mod no_runtime;
mod opened;
mod peer_certificate;
mod pin;
mod pools;
mod proxy;
mod runtime;
mod settings_error;
mod this_machine;
mod trust;
mod x509;

pub use api_address::ApiAddress;
pub use cause::Cause;
pub use chain::{find, innermost};
pub use connect::Connector;
pub use connect_cause::ConnectCause;
pub use connect_error::ConnectError;
pub use excerpt::excerpt;
pub use fingerprint::Fingerprint;
pub use http_client::{HttpClient, SendError};
pub use identity::Identity;
pub use invalid_response::invalid_response;
pub use network::Network;
pub use no_runtime::NoRuntime;
pub use opened::{Opened, is_first_request, record_response};
pub use peer_certificate::PeerCertificate;
pub use pools::{Pool, Pools};
pub use proxy::Proxies;
pub use runtime::{Inside, RuntimeEnded, current_runtime};
/// The type of passwords and keys in the settings.
pub use secrecy::SecretString;
pub use settings_error::SettingsError;
pub use this_machine::is_this_machine;
