//! One HTTP exchange: a POST there, an answer back. The only place that knows sockets.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use crate::error::{Cause, Error};

/// A future without borrowed parts: what every request, start and poll is.
pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The way to a server. Over sockets in earnest, scripted in tests of the polling.
pub(crate) trait Exchange: Send + Sync {
    /// Posts a form and reads the whole answer. Never repeats anything.
    fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>>;
}

/// A form on its way to the server.
pub(crate) struct Post {
    /// Path below the server's root, without a slash at either end: `api/invoke/GetUsers`.
    pub(crate) path: String,
    pub(crate) body: String,
    /// From the first byte sent to the last byte read.
    pub(crate) timeout: Duration,
}

/// What came back, of whatever status.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Why nothing, or not all, came back.
#[derive(Debug)]
pub(crate) enum PostError {
    /// No connection was made: not a byte of the request was sent.
    Connect(Cause),
    /// The request may have arrived.
    Lost { timeout: Option<Duration>, cause: Cause },
    /// The answer exceeds the limit.
    TooLarge { limit: u64 },
}

/// Over TLS with HTTP Basic.
pub(crate) struct Https {
    pub(crate) client: reqwest::Client,
    pub(crate) base: Url,
    pub(crate) user: String,
    pub(crate) password: SecretString,
    pub(crate) max_response_size: u64,
}

impl Exchange for Https {
    fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>> {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(post.path.split('/'));
        }
        let request = self
            .client
            .post(url)
            .basic_auth(&self.user, Some(self.password.expose_secret()))
            .header(reqwest::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            // Without a length the server answers 411, also to an empty form.
            .header(reqwest::header::CONTENT_LENGTH, post.body.len())
            .timeout(post.timeout)
            .body(post.body);
        let limit = self.max_response_size;
        Box::pin(async move {
            let lost = |cause: reqwest::Error| {
                let cause = cause.without_url();
                if cause.is_connect() {
                    return PostError::Connect(cause.into());
                }
                PostError::Lost {
                    timeout: cause.is_timeout().then_some(post.timeout),
                    cause: cause.into(),
                }
            };
            let response = request.send().await.map_err(lost)?;
            let status = response.status().as_u16();
            let body = read_body(response, limit)
                .await
                .map_err(|error| error.unwrap_or_else(lost, limit))?;
            Ok(Answer { status, body })
        })
    }
}

enum ReadError {
    Broken(reqwest::Error),
    TooLarge,
}

impl ReadError {
    fn unwrap_or_else(self, broken: impl FnOnce(reqwest::Error) -> PostError, limit: u64) -> PostError {
        match self {
            Self::Broken(cause) => broken(cause),
            Self::TooLarge => PostError::TooLarge { limit },
        }
    }
}

async fn read_body(mut response: reqwest::Response, limit: u64) -> Result<Vec<u8>, ReadError> {
    if response.content_length().is_some_and(|length| length > limit) {
        return Err(ReadError::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(ReadError::Broken)? {
        if (body.len() + chunk.len()) as u64 > limit {
            return Err(ReadError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Reads an address as a user writes it: a host, a host and port, or a URL.
///
/// # Errors
/// The address names no host, is no URL, or is not encrypted.
pub(crate) fn parse_address(address: &str, default_port: u16) -> Result<Url, Error> {
    let refuse = |problem: &dyn fmt::Display| {
        Error::configuration(format!(
            "`{address}` is no address of a server: {problem}. Write a host name, `host:port`, or `https://host:port`"
        ))
    };
    let text = address.trim();
    let (text, given_as_url) = match text.split_once("://") {
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("https") => (text.to_owned(), true),
        Some((scheme, _)) => {
            return Err(refuse(&format_args!(
                "the API is reached by https only, not by {scheme}"
            )));
        }
        // A bare IPv6 address has colons of its own.
        None if text.matches(':').count() > 1 && !text.starts_with('[') => {
            (format!("https://[{text}]"), false)
        }
        None => (format!("https://{text}"), false),
    };
    let mut url = Url::parse(&text).map_err(|error| refuse(&error))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::configuration(
            "the address contains credentials, which would end up in logs: give them to `credentials` instead",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse(&"it has a query or fragment"));
    }
    if url.path() != "/" && !given_as_url {
        return Err(refuse(&"it has a path"));
    }
    // A port that is the scheme's own cannot be told from none, so 443 has to be found in the text.
    let says_port = url.port().is_some() || text.trim_end_matches('/').ends_with(":443");
    if !says_port {
        url.set_port(Some(default_port))
            .map_err(|()| refuse(&"it has no host"))?;
    }
    Ok(url)
}

/// `https://host:port`, always with its port.
pub(crate) fn origin(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or_default();
    format!("https://{host}:{port}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin_of(address: &str) -> String {
        origin(&parse_address(address, 8463).expect(address))
    }

    #[test]
    fn addresses_are_read_as_users_write_them() {
        assert_eq!(
            origin_of("mailstore.example.com"),
            "https://mailstore.example.com:8463"
        );
        assert_eq!(origin_of("127.0.0.1:9000"), "https://127.0.0.1:9000");
        assert_eq!(
            origin_of("https://mailstore.example.com:443/"),
            "https://mailstore.example.com:443"
        );
        assert_eq!(
            origin_of("https://mailstore.example.com"),
            "https://mailstore.example.com:8463"
        );
        assert_eq!(origin_of("::1"), "https://[::1]:8463");
        assert_eq!(origin_of("[::1]:9000"), "https://[::1]:9000");
    }

    #[test]
    fn wrong_addresses_are_refused_with_advice() {
        for address in [
            "",
            "http://mailstore.example.com",
            "ftp://x",
            "host/path",
            "a b",
            "https://x/?q",
            "host:99999",
        ] {
            let error = parse_address(address, 8463).expect_err(address).to_string();
            assert!(error.contains("https://host:port"), "{address}: {error}");
        }
    }

    #[test]
    fn credentials_in_an_address_are_refused_and_not_shown() {
        let error = parse_address("https://admin:hunter2@x", 8463)
            .expect_err("refused")
            .to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
}
