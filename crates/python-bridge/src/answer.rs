//! The lines that Python sends: answers with results or failures.

use serde::{Deserialize, Deserializer};
use wire_values::Json;

use crate::error::{Error, ErrorKind};
use crate::hello::Hello;
use crate::secrets::Secrets;

/// Python cuts longer messages, in characters.
const LONGEST_MESSAGE: usize = 65_536;

/// The answer to a request.
#[derive(Deserialize)]
pub(crate) struct Answer {
    pub(crate) id: u64,
    /// `Some` with `null` if the function returned `None`.
    #[serde(default, deserialize_with = "present")]
    pub(crate) ok: Option<Json>,
    #[serde(default)]
    pub(crate) error: Option<Failure>,
}

/// The answer to `open`.
#[derive(Deserialize)]
pub(crate) struct Opened {
    #[serde(default)]
    pub(crate) hello: Option<Hello>,
    #[serde(default)]
    pub(crate) failed: Option<Failure>,
}

/// Why a call failed.
#[derive(Deserialize)]
pub(crate) struct Failure {
    kind: String,
    #[serde(default)]
    classes: Vec<String>,
    #[serde(default)]
    message: String,
    #[serde(default)]
    code: Option<i64>,
    /// Whether the function was called.
    #[serde(default)]
    ran: bool,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

impl Failure {
    /// Returns the classes and the message, without secrets.
    pub(crate) fn into_parts(mut self, secrets: &Secrets) -> (Vec<String>, String) {
        let is_cut = self.message.chars().count() >= LONGEST_MESSAGE;
        secrets.mask(&mut self.message);
        if is_cut {
            secrets.mask_end(&mut self.message);
        }
        for class in &mut self.classes {
            secrets.mask(class);
        }
        (self.classes, self.message)
    }

    /// Returns the error of a call. Its outcome is unknown if the function was called, and its result did not arrive.
    pub(crate) fn into_error(self, secrets: &Secrets) -> Error {
        let is_result_lost = self.ran && matches!(self.kind.as_str(), "value" | "handle");
        let code = self.code.unwrap_or_default();
        let kind = self.kind.clone();
        let (classes, message) = self.into_parts(secrets);
        Error::new(match kind.as_str() {
            "raised" => ErrorKind::Raised { classes, message },
            "muster" => ErrorKind::Muster {
                code,
                description: message,
            },
            "refused" => ErrorKind::Refused(message),
            "missing" => ErrorKind::Missing(message),
            "value" => ErrorKind::Value(message),
            "handle" => ErrorKind::Handle(message),
            _ => ErrorKind::Protocol(format!("unknown kind of failure: {message}")),
        })
        .with_unknown_outcome(is_result_lost)
    }
}
