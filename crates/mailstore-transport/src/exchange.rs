//! One HTTP exchange: a POST there, an answer back. The only place that sends anything.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use crate::error::Cause;
use crate::form::Form;
use crate::retry_after;

/// A future without borrowed parts: what every request, start and poll is.
pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The way to a server. Over sockets in earnest, scripted in tests of the polling.
pub(crate) trait Exchange: Send + Sync {
    /// Posts a form and reads the whole answer. Never repeats anything.
    fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>>;
}

/// A form on its way to the server.
#[derive(Clone)]
pub(crate) struct Post {
    /// Path below the server's root, without a slash at either end: `api/invoke/GetUsers`.
    pub(crate) path: String,
    pub(crate) body: String,
    /// From the first step of connecting to the last byte read.
    pub(crate) timeout: Duration,
}

/// What came back, of whatever status.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// How long to wait before the next request (`Retry-After`).
    pub(crate) retry_after: Option<Duration>,
}

impl Answer {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            body: body.into(),
            retry_after: None,
        }
    }
}

/// Why nothing, or not all, came back.
#[derive(Debug)]
pub(crate) enum PostError {
    /// Not a byte of the request was sent, and none will be.
    NotSent {
        /// How long the exchange took, if the reason is that its time was over.
        timeout: Option<Duration>,
        cause: Cause,
    },
    /// The request may have arrived, or a part of it.
    Lost {
        /// How long the exchange took, if the reason is that its time was over.
        timeout: Option<Duration>,
        cause: Cause,
    },
    /// The answer exceeds the limit.
    TooLarge { limit: u64 },
}

/// Over TLS with HTTP Basic.
pub(crate) struct Https {
    pub(crate) client: reqwest::Client,
    /// For blocking calls, whose connections are served by another runtime.
    #[cfg(feature = "blocking")]
    pub(crate) blocking_client: reqwest::Client,
    pub(crate) base: Url,
    pub(crate) user: String,
    pub(crate) password: SecretString,
    pub(crate) max_response_size: u64,
}

impl Https {
    fn client(&self) -> &reqwest::Client {
        #[cfg(feature = "blocking")]
        if crate::blocking::is_blocking() {
            return &self.blocking_client;
        }
        &self.client
    }
}

impl Exchange for Https {
    fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>> {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(post.path.split('/'));
        }
        let (form, progress) = Form::new(post.body);
        let request = self
            .client()
            .post(url)
            .basic_auth(&self.user, Some(self.password.expose_secret()))
            .header(reqwest::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .timeout(post.timeout)
            .body(reqwest::Body::wrap(form));
        let limit = self.max_response_size;
        Box::pin(async move {
            let lost = |cause: reqwest::Error| {
                let timeout = cause.is_timeout().then_some(post.timeout);
                let no_connection = cause.is_connect();
                let cause = cause.without_url().into();
                if no_connection || progress.give_up() {
                    PostError::NotSent { timeout, cause }
                } else {
                    PostError::Lost { timeout, cause }
                }
            };
            let response = request.send().await.map_err(lost)?;
            let status = response.status().as_u16();
            let pause = retry_after::of(response.headers());
            match read_body(response, limit).await.map_err(lost)? {
                Some(body) => Ok(Answer {
                    retry_after: pause,
                    ..Answer::new(status, body)
                }),
                None => Err(PostError::TooLarge { limit }),
            }
        })
    }
}

/// The whole body; `None` if it is larger than the limit.
async fn read_body(mut response: reqwest::Response, limit: u64) -> Result<Option<Vec<u8>>, reqwest::Error> {
    if response.content_length().is_some_and(|length| length > limit) {
        return Ok(None);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if (body.len() + chunk.len()) as u64 > limit {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}
