//! The address of a server, without a connection to it.

use mailstore_metadata::Edition;
use mailstore_transport::unversioned::{Answer, BoxFuture, Exchange, Post, PostError};
use mailstore_transport::{Connection, Surface};
use miette::IntoDiagnostic as _;

use crate::edition::surface;

/// Returns an address as `https://host:port`. A missing port is replaced by the default port of the edition.
///
/// # Errors
/// The address is invalid.
pub fn origin(address: &str, edition: Edition) -> miette::Result<String> {
    origin_with(address, surface(edition))
}

/// Returns an address as `https://host:port`, with the default port of `surface`.
///
/// # Errors
/// The address is invalid.
pub(crate) fn origin_with(address: &str, surface: &'static Surface) -> miette::Result<String> {
    // A connection for requests would read the certificates that this machine trusts, which takes long.
    let connection = Connection::builder(surface, address)
        .exchange(Unused)
        .build()
        .into_diagnostic()?;
    Ok(connection.origin().to_owned())
}

/// Sends no requests.
struct Unused;

impl Exchange for Unused {
    fn post(&self, _: Post) -> BoxFuture<Result<Answer, PostError>> {
        Box::pin(async {
            Err(PostError::NotSent {
                timeout: None,
                cause: "this connection sends no requests".into(),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_port_is_that_of_the_edition() {
        let origin = |address| origin(address, Edition::Server).ok();
        assert_eq!(
            origin("mail.example.com").as_deref(),
            Some("https://mail.example.com:8463")
        );
        assert_eq!(
            origin("https://mail.example.com:99/").as_deref(),
            Some("https://mail.example.com:99")
        );
        assert_eq!(origin("http://mail.example.com"), None);
        assert_eq!(origin("user@mail.example.com"), None);
    }
}
