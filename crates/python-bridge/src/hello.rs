//! What the Python side says about itself and the module when a connection opens.

use serde::Deserialize;

/// What the Python side says about itself and the module when a connection opens.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Hello {
    /// Version of the protocol.
    pub bridge: u64,
    /// Version of Python, such as `3.11.7`.
    pub python: String,
    /// Name of the module.
    pub module: String,
    /// File of the module.
    #[serde(default)]
    pub file: Option<String>,
    /// Version of the module, if the module has one.
    #[serde(default)]
    pub module_version: Option<String>,
    /// Functions of the list that the module does not have.
    #[serde(default)]
    pub missing: Vec<String>,
}

impl Hello {
    /// Version of the protocol that this crate speaks.
    pub(crate) const PROTOCOL: u64 = 1;
}
