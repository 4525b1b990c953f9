//! Recognizes compressed responses. The client does not ask for compression, and a retry does not change the response.

use http::HeaderMap;
use http::header::CONTENT_ENCODING;

/// Describes the compression of a response. Returns `None` if it is not compressed.
pub(crate) fn problem(headers: &HeaderMap) -> Option<String> {
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
