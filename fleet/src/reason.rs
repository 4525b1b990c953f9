//! Why a request failed, in words of this program.
//!
//! A reason goes into the journal. Text of the server goes into the log of its call, because it may name users and
//! mailboxes.

use mailstore_api::{Error, ErrorKind};
use wire_values::floor_char_boundary;

/// The longest reason in bytes. A description of a certificate may be long.
const LONGEST: usize = 1_000;

/// Returns why a request failed. The reason contains no message and no status of the server.
pub(crate) fn reason(error: &Error) -> String {
    let mut reason = match error.kind() {
        ErrorKind::UnknownStatus { .. } => {
            "the server sent a status that this program does not know".to_owned()
        }
        ErrorKind::Failed(_) => "the server reported a failure".to_owned(),
        ErrorKind::Decode { .. } => "the call succeeded, but its result is not valid".to_owned(),
        _ => error.to_string(),
    };
    reason.truncate(floor_char_boundary(&reason, LONGEST));
    reason
}
