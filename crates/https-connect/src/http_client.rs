//! Sends HTTP requests to one server and reads their responses. It never repeats a request.

use std::error::Error as StdError;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{Method, Request, Response};
use http_body::Body as _;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};

use crate::cause::Cause;
use crate::chain::{find, innermost};
use crate::connect::Connector;
use crate::connect_cause::ConnectCause;
use crate::connect_error::ConnectError;
use crate::invalid_response::invalid_response;
use crate::no_runtime::NoRuntime;
use crate::opened::{is_first_request, record_response};
use crate::pools::Pools;

/// Sends requests to one server, with one connection pool for each runtime.
pub struct HttpClient {
    pools: Pools<Full<Bytes>>,
    timeout: Duration,
    max_response_size: usize,
}

/// Why no complete response arrived.
#[derive(Debug)]
pub enum SendError {
    /// The future is polled outside a tokio runtime. Nothing was sent.
    NoRuntime(NoRuntime),
    /// No connection could be opened. The request was not sent.
    Connect {
        /// Why no connection could be opened.
        cause: ConnectCause,
        /// The cause in words.
        reason: String,
        /// The error.
        source: Cause,
    },
    /// The response is larger than the maximum size.
    TooLarge {
        /// The maximum size, in bytes.
        limit: usize,
        /// The error.
        source: Cause,
    },
    /// The request or a part of it may have been sent, but no complete response arrived.
    Lost {
        /// What happened.
        problem: String,
        /// The error. It is `tokio::time::error::Elapsed` after a timeout.
        source: Cause,
    },
}

impl HttpClient {
    /// Creates a client. `idle` is the maximum idle time of a connection, `timeout` is the time of one request including
    /// its response, and `max_response_size` is the maximum size of the body of a response, in bytes.
    pub fn new(connector: Connector, idle: Duration, timeout: Duration, max_response_size: usize) -> Self {
        Self {
            pools: Pools::new(connector, idle),
            timeout,
            max_response_size,
        }
    }

    /// Sends a request and reads the whole response, whatever its status is. Redirects are not followed.
    ///
    /// A request with another method than `GET` and without a body is sent with `Content-Length: 0`, because some servers
    /// reject it without this header.
    ///
    /// # Errors
    /// No connection could be opened, or no complete response arrived.
    pub async fn send(&self, mut request: Request<Full<Bytes>>) -> Result<Response<Vec<u8>>, SendError> {
        if request.method() != Method::GET && request.body().is_end_stream() {
            request.headers_mut().insert(CONTENT_LENGTH, 0.into());
        }
        let pool = self.pools.here().map_err(SendError::NoRuntime)?;
        let client = pool.client().clone();
        let (limit, timeout) = (self.max_response_size, self.timeout);
        let exchange = async move {
            let response = client.request(request).await?;
            record_response(&response);
            let (head, body) = response.into_parts();
            let body = Limited::new(body, limit).collect().await?;
            Ok::<_, Cause>(Response::from_parts(head, body.to_bytes().to_vec()))
        };
        match pool
            .inside(async move { tokio::time::timeout(timeout, exchange).await })
            .await
        {
            Ok(Ok(Ok(response))) => Ok(response),
            Ok(Ok(Err(source))) => Err(failed(source, limit)),
            Ok(Err(elapsed)) => Err(SendError::Lost {
                problem: format!("the timeout of {timeout:?} was reached"),
                source: elapsed.into(),
            }),
            Err(ended) => Err(SendError::Lost {
                problem: ended.to_string(),
                source: ended.into(),
            }),
        }
    }
}

fn failed(source: Cause, limit: usize) -> SendError {
    if let Some((cause, reason)) = not_connected(&*source) {
        SendError::Connect {
            cause,
            reason,
            source,
        }
    } else if find::<LengthLimitError>(&*source).is_some() {
        SendError::TooLarge { limit, source }
    } else {
        SendError::Lost {
            problem: invalid_response(&*source).unwrap_or_else(|| innermost(&*source)),
            source,
        }
    }
}

/// Returns why no connection could be opened. Returns `None` if the request failed for another reason.
fn not_connected(cause: &(dyn StdError + 'static)) -> Option<(ConnectCause, String)> {
    if let Some(error) = find::<ConnectError>(cause) {
        return Some((error.cause(), error.to_string()));
    }
    // With TLS 1.3, a server rejects the certificate of the client after the client has sent its first request.
    let error = ConnectError::client_certificate(cause).filter(|_| is_first_request(cause))?;
    Some((error.cause(), error.to_string()))
}
