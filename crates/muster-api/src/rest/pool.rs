//! A pool of nodes, as the web server lists it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A pool of nodes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Pool {
    /// Name of the pool.
    pub name: String,
    /// All other members. They are not known.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}
