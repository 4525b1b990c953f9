//! Responses of the API.

use crate::client::with_responses;
use crate::shown::assert_shown;

/// Receives a response to a read-only call and to one that changes the server. The call that changes the server is sent
/// once. Returns whether the input is valid.
///
/// # Panics
/// If that does not hold.
pub fn envelope(bytes: &[u8]) -> bool {
    let mut valid = false;
    let requests = with_responses(vec![bytes.to_vec(); 2], async |client| {
        match client.get_server_info().await {
            Ok(_) => valid = true,
            Err(error) => assert_shown(&error),
        }
        if let Err(error) = client.delete_user("jane").await {
            assert_shown(&error);
            assert!(!error.is_transient(), "{error}");
        }
    });
    let deletions = requests.iter().filter(|post| post.path.ends_with("/DeleteUser"));
    assert!(deletions.count() <= 1);
    valid
}
