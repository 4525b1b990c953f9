//! Recognizes responses that are not valid HTTP. A retry does not make them valid, unlike a connection that broke.

use std::error::Error as StdError;
use std::io;

use http::HeaderMap;
use http::header::CONTENT_ENCODING;

use crate::connect_error::{ConnectCause, ConnectError, find, innermost};

/// Describes what is wrong with the response. Returns `None` if the connection broke.
///
/// The HTTP library reports an invalid head as a parse error. It reports invalid chunks and trailers as errors of the
/// kinds `InvalidData` and `InvalidInput`, and the TLS library reports invalid records in the same way.
pub(crate) fn problem(cause: &(dyn StdError + 'static)) -> Option<String> {
    if let Some(error) = find::<hyper::Error>(cause)
        && error.is_parse()
    {
        return Some(error.to_string());
    }
    let io = find::<io::Error>(cause)?;
    matches!(
        io.kind(),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput
    )
    .then(|| innermost(cause))
}

/// Returns the error of a connection on which the server sent data before it received a request.
pub(crate) fn early_data(cause: &(dyn StdError + 'static)) -> Option<ConnectError> {
    if find::<ConnectError>(cause).is_some() {
        return None;
    }
    // The HTTP library has no predicate for this error, so it is what remains without the others.
    let mut error = find::<hyper::Error>(cause)?;
    while let Some(source) = StdError::source(error) {
        error = find::<hyper::Error>(source)?;
    }
    let is_other = error.is_canceled()
        || error.is_closed()
        || error.is_incomplete_message()
        || error.is_user()
        || error.is_shutdown()
        || error.is_timeout();
    (!is_other).then(|| {
        let reason = format!("the server sent data before it received a request ({error})");
        ConnectError::new(ConnectCause::NotHttp, reason)
    })
}

/// Describes the compression of a response. Returns `None` if it is not compressed. The client does not ask for
/// compression.
pub(crate) fn compression(headers: &HeaderMap) -> Option<String> {
    const KNOWN: &[&str] = &["br", "compress", "deflate", "gzip", "x-gzip", "zstd"];
    let value = headers.get(CONTENT_ENCODING)?.as_bytes();
    if value.is_empty() || value.eq_ignore_ascii_case(b"identity") {
        return None;
    }
    let known = KNOWN
        .iter()
        .find(|known| known.as_bytes().eq_ignore_ascii_case(value));
    let name = known.map_or_else(String::new, |known| format!(" (`{known}`)"));
    Some(format!(
        "it is compressed{name}, and the client did not accept a compressed response"
    ))
}

/// The error of a response that the client cannot use.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unusable(pub(crate) String);
