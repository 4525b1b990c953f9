//! Describes the beginning of a body that is not a valid response of the API.

use crate::envelope::without_bom;

/// Describes the beginning of a body. Does not quote it, because it may contain secrets.
pub(crate) fn excerpt(body: &[u8]) -> &'static str {
    let body = without_bom(body);
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => "nothing, because the body is empty: check the server and the proxies before it",
        Some(b'<') => {
            "a tag, so it is a web page: check the address, because another service or a proxy responded"
        }
        Some(b'{') => {
            "an object: check that the response is complete, and that it comes from the API and not from a proxy"
        }
        Some(b'[') => "an array: check that the response comes from the API and not from a proxy",
        Some(_) => {
            "something that is neither a JSON object nor a web page: check the address and the port, because another service may have responded"
        }
    }
}
