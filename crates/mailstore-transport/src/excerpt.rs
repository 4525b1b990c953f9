//! What a body looks like that is no answer of the API.

use crate::envelope::without_bom;

/// What a body looks like, without a word of it: it may hold anything.
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
