//! What the workflow of a call is started with, and the names under which it keeps what others read.

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::logs::Logs;

/// The name of the state with the [`Status`](crate::outcome::Status).
pub(crate) const STATUS: &str = "status";
/// The name of the state with the token of the running call.
pub(crate) const TOKEN: &str = "token";
/// The name of the promise with what is known first: the end, or that the outcome is unknown.
pub(crate) const FIRST: &str = "first";
/// The name of the promise with the end.
pub(crate) const ENDED: &str = "ended";

/// What the workflow of a call is started with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    /// The call. Its key is the key of the workflow.
    pub call: Call,
    /// How many calls may run on the server at the same time.
    pub per_server: u32,
    /// From this time, the call is not started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<Timestamp>,
    /// The folder of the logs.
    pub logs: String,
}

impl Order {
    /// Returns the place of the log and the result.
    pub(crate) fn files(&self) -> Logs {
        Logs::of(Path::new(&self.logs), &self.call)
    }
}

/// Returns the name of the promise with a decision.
pub(crate) fn decision(number: u32) -> String {
    format!("decision-{number}")
}
