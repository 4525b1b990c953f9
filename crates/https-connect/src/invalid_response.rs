//! Recognizes responses that are not valid HTTP. A retry does not make them valid, unlike a connection that broke.

use std::error::Error as StdError;
use std::io;

use crate::chain::{find, innermost};

/// Describes what is wrong with the response that was read when this error occurred. Returns `None` if the connection
/// broke.
///
/// The HTTP library reports an invalid head as a parse error. It reports invalid chunks and trailers as errors of the
/// kinds `InvalidData` and `InvalidInput`, and the TLS library reports invalid records in the same way.
pub fn invalid_response(error: &(dyn StdError + 'static)) -> Option<String> {
    if let Some(http) = find::<hyper::Error>(error)
        && http.is_parse()
    {
        return Some(http.to_string());
    }
    let io = find::<io::Error>(error)?;
    matches!(
        io.kind(),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput
    )
    .then(|| innermost(error))
}
