//! The exchange over TLS with HTTP Basic authentication.

use std::io;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{Method, Request};
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use https_connect::{
    Cause, ConnectError, Pool, Pools, find, invalid_response, is_first_request, record_response,
};
use hyper::body::Incoming;
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use url::Url;

use crate::compression::{self, Unusable};
use crate::exchange::{Answer, BoxFuture, Exchange, Post, PostError};
use crate::form::Form;
use crate::retry_after;

const AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Maximum idle time of a connection. It is shorter than the server's limit (120 s), so that a call rarely uses a
/// connection that the server is closing.
pub(crate) const IDLE: Duration = Duration::from_secs(60);

/// Maximum size of a response by default, in bytes.
const MAX_RESPONSE_SIZE: u64 = 64 * 1024 * 1024;

pub(crate) struct Https {
    pub(crate) pools: Pools<Form>,
    pub(crate) base: Url,
    pub(crate) user: String,
    pub(crate) password: SecretString,
    /// The limit that the user set. It replaces the limits of functions.
    pub(crate) max_response_size: Option<u64>,
}

impl Https {
    fn request(&self, path: &str, form: Form) -> Result<Request<Form>, http::Error> {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path.split('/'));
        }
        Request::builder()
            .method(Method::POST)
            .uri(url.as_str())
            .header(AUTHORIZATION, self.credentials()?)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(USER_AGENT, AGENT)
            .body(form)
    }

    fn credentials(&self) -> Result<HeaderValue, http::Error> {
        let plain = Zeroizing::new(format!("{}:{}", self.user, self.password.expose_secret()));
        let encoded = Zeroizing::new(BASE64_STANDARD.encode(plain.as_bytes()));
        let basic = Zeroizing::new(format!("Basic {}", *encoded));
        // The owner overwrites the bytes when the last copy of the header is dropped.
        let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(basic))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl Exchange for Https {
    fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>> {
        let Post {
            path,
            body,
            timeout,
            response_limit,
        } = post;
        let (form, progress) = Form::new(body);
        let request = self.request(&path, form);
        let pool = self.pools.here();
        let limit = self
            .max_response_size
            .or(response_limit)
            .unwrap_or(MAX_RESPONSE_SIZE);
        Box::pin(async move {
            let not_sent = |cause: Cause| PostError::NotSent { timeout: None, cause };
            let pool = pool.map_err(|cause| not_sent(cause.into()))?;
            let request = request.map_err(|cause| not_sent(cause.into()))?;
            let connections = pool.clone();
            let answer =
                async move { tokio::time::timeout(timeout, exchange(connections, request, limit)).await };
            let (timeout, cause): (_, Cause) = match pool.inside(answer).await {
                Ok(Ok(Ok(answer))) => return Ok(answer),
                Ok(Ok(Err(cause))) => (None, cause),
                Ok(Err(elapsed)) => (Some(timeout), elapsed.into()),
                Err(ended) => (None, ended.into()),
            };
            let is_unsent = progress.give_up();
            if find::<LengthLimitError>(&*cause).is_some() {
                Err(PostError::TooLarge { limit })
            } else if (is_unsent || is_first_request(&*cause))
                && let Some(error) = ConnectError::client_certificate(&*cause)
            {
                Err(not_sent(error.because(cause).into()))
            } else if is_unsent {
                match ConnectError::early_data(&*cause) {
                    Some(error) => Err(not_sent(error.because(cause).into())),
                    None => Err(PostError::NotSent { timeout, cause }),
                }
            } else if let Some(problem) = invalid_response(&*cause) {
                Err(PostError::InvalidHttp { problem, cause })
            } else {
                Err(PostError::Lost { timeout, cause })
            }
        })
    }
}

async fn exchange(pool: Pool<Form>, request: Request<Form>, limit: u64) -> Result<Answer, Cause> {
    let response = pool.client().request(request).await?;
    record_response(&response);
    let status = response.status().as_u16();
    let retry_after = retry_after::of(response.headers());
    if (200..300).contains(&status)
        && let Some(problem) = compression::problem(response.headers())
    {
        return Err(io::Error::new(io::ErrorKind::InvalidData, Unusable(problem)).into());
    }
    let body = read(response.into_body(), limit).await?;
    Ok(Answer {
        retry_after,
        ..Answer::new(status, body)
    })
}

/// Reads the whole body, or returns a [`LengthLimitError`].
///
/// The parts of the body are appended to one buffer. Collecting them first would need the memory of two bodies.
async fn read(body: Incoming, limit: u64) -> Result<Vec<u8>, Cause> {
    // A body whose announced length is too large is not read.
    let announced = body.size_hint().lower();
    let limit = if announced > limit { 0 } else { limit };
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(usize::try_from(announced.min(limit))?)?;
    let mut limited = Limited::new(body, usize::try_from(limit).unwrap_or(usize::MAX));
    while let Some(frame) = limited.frame().await {
        if let Ok(data) = frame?.into_data() {
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes)
}
