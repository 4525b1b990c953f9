//! One HTTP exchange: a POST there, an answer back. How it is carried out is behind the trait [`Exchange`].

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use serde_json::{Value, json};

use crate::cause::Cause;

/// An owned future: what every request, start and poll is.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// What the public futures are made of. They are `Sync` too, so that a value that holds one can be shared.
pub(crate) type SharedFuture<T> = Pin<Box<dyn Future<Output = T> + Send + Sync>>;

/// Sends requests: over TLS in production, from a script in tests.
pub trait Exchange: Send + Sync {
    /// Posts a form and reads the whole answer. Must never send the request twice.
    ///
    /// Retries, status polling, errors and results are the client's work. Redirects must not be followed.
    fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>>;
}

/// A form to be sent to the server.
///
/// `Debug` does not show the body, which holds the arguments of the call.
#[derive(Clone)]
#[non_exhaustive]
pub struct Post {
    /// Path below the address of the server, without a slash at either end: `api/invoke/GetUsers`.
    pub path: String,
    /// The arguments, as `application/x-www-form-urlencoded`. May hold secrets.
    pub body: String,
    /// The longest time for the exchange, from the first step of connecting to the last byte read.
    pub timeout: Duration,
}

impl Post {
    /// A form for this path.
    pub fn new(path: impl Into<String>, body: impl Into<String>, timeout: Duration) -> Self {
        Self {
            path: path.into(),
            body: body.into(),
            timeout,
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

/// The answer of a server, of any HTTP status.
///
/// `Debug` does not show the body, which may hold secrets.
#[derive(Clone)]
#[non_exhaustive]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The whole body.
    pub body: Vec<u8>,
    /// How long the server asks to wait before the next request (the header `Retry-After`).
    pub retry_after: Option<Duration>,
}

impl Answer {
    /// An answer of this HTTP status and body.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            body: body.into(),
            retry_after: None,
        }
    }

    /// HTTP 200: the call succeeded with this result.
    pub fn succeeded(result: Value) -> Self {
        Self::envelope(&json!({"statusCode": "succeeded", "statusVersion": 2, "result": result}))
    }

    /// HTTP 200: the call failed with this message of the server.
    pub fn failed(message: &str) -> Self {
        Self::envelope(&json!({"statusCode": "failed", "statusVersion": 2, "error": {"message": message}}))
    }

    /// HTTP 200: the call is running, with this status token and status version.
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

/// Why no complete answer came.
#[derive(Debug)]
#[non_exhaustive]
pub enum PostError {
    /// Not a byte of the request was sent, and none will be.
    ///
    /// Say this only if it is certain: the client may send the request again.
    NotSent {
        /// How long the exchange took, if it ended because its time was over.
        timeout: Option<Duration>,
        /// What went wrong. A [`ConnectError`](crate::unversioned::ConnectError) here, or among the sources, decides
        /// the [`ConnectCause`](crate::ConnectCause) of the error.
        cause: Cause,
    },
    /// The request, or a part of it, may have arrived.
    Lost {
        /// How long the exchange took, if it ended because its time was over.
        timeout: Option<Duration>,
        /// What went wrong.
        cause: Cause,
    },
    /// The answer exceeds the limit.
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
}
