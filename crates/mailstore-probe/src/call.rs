//! Calls one read-only function with a timeout.

use std::fmt;
use std::time::{Duration, Instant};

use mailstore_transport::{Call, Connection, Error, ErrorKind, Json, WaitOptions};

/// The reason for a missing result. It never contains text from the server, which may contain names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The timeout has expired, and the call was cancelled.
    TooSlow,
    /// The call failed.
    Failed(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooSlow => f.write_str("timed out; `--limit` allows more time"),
            Self::Failed(reason) => write!(f, "failed: {reason}"),
        }
    }
}

/// Calls a function and waits for its end. After the timeout, it cancels the call, which is safe for a read-only
/// call.
pub(crate) async fn call(
    connection: &Connection,
    function: &str,
    arguments: &[(String, String)],
    limit: Duration,
) -> Result<Json, Trouble> {
    let began = Instant::now();
    let result = answer(connection, function, arguments, limit).await;
    result.map_err(|error| match error.kind() {
        // A cancelled call may end with any status.
        _ if began.elapsed() >= limit => Trouble::TooSlow,
        kind => Trouble::Failed(reason(kind)),
    })
}

async fn answer(
    connection: &Connection,
    function: &str,
    arguments: &[(String, String)],
    limit: Duration,
) -> Result<Json, Error> {
    let mut call = Call::<Json>::new(connection, function).timeout(limit);
    for (name, value) in arguments {
        call = call.arg(name, value.as_str());
    }
    let task = call.start().await?;
    task.wait(WaitOptions::new().total(limit).cancel_at_limit()).await
}

fn reason(kind: &ErrorKind) -> String {
    let reason = match kind {
        ErrorKind::Connect { .. } => "no connection",
        ErrorKind::Lost { .. } => "the response was lost",
        ErrorKind::Unauthorized => "the credentials were rejected (HTTP 401)",
        ErrorKind::Forbidden => "the user was rejected (HTTP 403)",
        ErrorKind::UnknownFunction { .. } => "the server lists the function but does not have it (HTTP 404)",
        ErrorKind::TokenExpired => "the status token expired (HTTP 404)",
        ErrorKind::Http { status } => return format!("HTTP {status}"),
        ErrorKind::TooLarge { .. } => "the response is too large",
        ErrorKind::InvalidHttp { .. } => "the response is not valid HTTP",
        ErrorKind::Envelope { .. } => "the response is not an envelope of the API",
        ErrorKind::Failed(_) => {
            "the server reports an error; call the function separately to see the message"
        }
        ErrorKind::UnknownStatus { .. } => "the server sent an unknown status",
        ErrorKind::ReadOnly { .. } => "not sent, because the function is not marked as read-only",
        _ => "the call could not be made",
    };
    reason.to_owned()
}
