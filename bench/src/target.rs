//! The server that both sides call.

use serde::{Deserialize, Serialize};

/// The address of a server, and the certificate that clients trust.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) certificate: String,
}
