//! The arguments of a request.

use std::borrow::Cow;

use crate::client::with_responses;
use crate::shown::assert_shown;

/// Sends the pieces of the input, which are separated by NUL, as names and values of arguments. A server that decodes the
/// form receives the same names and values. The last value of a repeated name is sent. Returns whether the input is valid.
///
/// # Panics
/// If that does not hold.
pub fn form(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let pieces: Vec<&str> = text.split('\0').collect();
    let mut expected: Vec<(&str, &str)> = Vec::new();
    for pair in pieces.chunks_exact(2) {
        match expected.iter_mut().find(|(name, _)| *name == pair[0]) {
            Some(argument) => argument.1 = pair[1],
            None => expected.push((pair[0], pair[1])),
        }
    }
    let requests = with_responses(Vec::new(), async |client| {
        let mut call = client.call("GetServerInfo");
        for pair in pieces.chunks_exact(2) {
            call = call.arg(pair[0], pair[1]);
        }
        if let Err(error) = call.await {
            assert_shown(&error);
        }
    });
    let [request] = requests.as_slice() else {
        panic!("{} requests were sent", requests.len())
    };
    let mut received: Vec<(Cow<'_, str>, Cow<'_, str>)> =
        form_urlencoded::parse(request.body.as_bytes()).collect();
    received.sort();
    let mut expected: Vec<_> = expected
        .into_iter()
        .map(|(name, value)| (Cow::Borrowed(name), Cow::Borrowed(value)))
        .collect();
    expected.sort();
    assert_eq!(received, expected);
    true
}
