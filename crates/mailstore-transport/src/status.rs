//! The status of a call: `statusCode` of the envelope.

use wire_values::UnknownWord;

/// The `statusCode` of a response.
///
/// `running` and `succeeded` are documented. The vendor's wrapper checks for `failed`. `cancelled` is inferred. Only
/// `running` means that the call has not ended, and only `succeeded` is a success. Any other word ends the call with an
/// error.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum StatusCode {
    /// The call has not ended; poll it with its token.
    Running,
    /// The call succeeded.
    Succeeded,
    /// The call ended with an error.
    Failed,
    /// The call was stopped. No published response contains it.
    Cancelled,
    /// A word that this version does not know.
    Unknown(UnknownWord),
}

wire_values::words!(StatusCode {
    Running = "running",
    Succeeded = "succeeded",
    Failed = "failed",
    Cancelled = "cancelled",
} else Unknown(UnknownWord));
