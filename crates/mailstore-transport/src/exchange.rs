//! One HTTP exchange: a POST request and its response. The trait [`Exchange`] hides how it is sent.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use https_connect::Cause;
use secrecy::zeroize::Zeroizing;
use serde_json::{Value, json};

/// A boxed, owned future.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A boxed, owned future that is also `Sync`. The public futures consist of it, so values that contain them can be
/// shared.
pub(crate) type SharedFuture<T> = Pin<Box<dyn Future<Output = T> + Send + Sync>>;

/// Sends requests: over TLS in production, from a script in tests.
pub trait Exchange: Send + Sync {
    /// Posts a form and reads the whole response. Must not send the request twice, and must not follow redirects.
    ///
    /// The client handles retries, status polling, errors and results.
    fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>>;
}

/// A form to send to the server.
///
/// `Debug` does not show the body, because it contains the arguments of the call.
#[derive(Clone)]
#[non_exhaustive]
pub struct Post {
    /// Path below the address of the server, without a slash at either end: `api/invoke/GetUsers`.
    pub path: String,
    /// The arguments, as `application/x-www-form-urlencoded`. May contain secrets.
    pub body: String,
    /// Timeout of the exchange, from the first step of connecting to the last byte of the response.
    pub timeout: Duration,
    /// The largest response of the function in bytes, if the function has its own limit.
    pub response_limit: Option<u64>,
}

impl Post {
    /// Creates a form for this path.
    pub fn new(path: impl Into<String>, body: impl Into<String>, timeout: Duration) -> Self {
        Self {
            path: path.into(),
            body: body.into(),
            timeout,
            response_limit: None,
        }
    }
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post")
            .field("path", &self.path)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// A request that is kept to be sent again. Its form is overwritten when it is dropped, because it may contain secrets.
pub(crate) struct Kept {
    pub(crate) path: String,
    pub(crate) body: Zeroizing<String>,
    pub(crate) timeout: Duration,
    pub(crate) response_limit: Option<u64>,
}

impl Kept {
    /// The request with this timeout.
    pub(crate) fn post(&self, timeout: Duration) -> Post {
        let mut post = Post::new(self.path.clone(), self.body.as_str(), timeout);
        post.response_limit = self.response_limit;
        post
    }
}

/// A response of a server, with any HTTP status.
///
/// `Debug` does not show the body, because it may contain secrets.
#[derive(Clone)]
#[non_exhaustive]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The whole body.
    pub body: Vec<u8>,
    /// The pause that the server requires before the next request (the header `Retry-After`).
    pub retry_after: Option<Duration>,
}

impl Answer {
    /// Creates a response with this HTTP status and body.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            body: body.into(),
            retry_after: None,
        }
    }

    /// Creates an HTTP 200 response: the call succeeded with this result.
    pub fn succeeded(result: Value) -> Self {
        Self::envelope(&json!({"statusCode": "succeeded", "statusVersion": 2, "result": result}))
    }

    /// Creates an HTTP 200 response: the call failed with this message of the server.
    pub fn failed(message: &str) -> Self {
        Self::envelope(&json!({"statusCode": "failed", "statusVersion": 2, "error": {"message": message}}))
    }

    /// Creates an HTTP 200 response: the call is running, with this status token and status version.
    pub fn running(token: &str, version: u64) -> Self {
        Self::envelope(&json!({"statusCode": "running", "statusVersion": version, "token": token}))
    }

    fn envelope(envelope: &Value) -> Self {
        Self::new(200, envelope.to_string())
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

/// The reason why there is no complete response.
#[derive(Debug)]
#[non_exhaustive]
pub enum PostError {
    /// No byte of the request was sent, and none will be sent.
    ///
    /// Only return it if this is certain, because the client may retry the request.
    NotSent {
        /// The timeout, if that was the reason.
        timeout: Option<Duration>,
        /// The cause. If it is a [`ConnectError`](crate::unversioned::ConnectError), or if one of its sources is, that
        /// determines the [`ConnectCause`](crate::ConnectCause) of the error.
        cause: Cause,
    },
    /// The request or a part of it may have arrived.
    Lost {
        /// The timeout, if that was the reason.
        timeout: Option<Duration>,
        /// The cause.
        cause: Cause,
    },
    /// The response is not valid HTTP. The server received the request or a part of it.
    InvalidHttp {
        /// What is wrong with it. Must not quote the response.
        problem: String,
        /// The cause.
        cause: Cause,
    },
    /// The response is larger than the limit.
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
}
