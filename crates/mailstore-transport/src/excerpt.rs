//! Describes a body that is not a response of the API.

use crate::envelope::without_bom;

/// Describes a body without quoting it, because it may hold secrets.
pub(crate) fn excerpt(body: &[u8]) -> &'static str {
    let body = without_bom(body);
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => "nothing at all",
        Some(b'<') => "a tag, so this is a web page: the address is that of another service, or of a proxy",
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(_) => "something that is neither JSON object nor web page",
    }
}
