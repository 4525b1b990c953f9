//! Sends one HTTP request and reads its response. It never repeats a request.

use std::time::Duration;

use bytes::Bytes;
use cookie::Cookie;
use http::Request;
use http::header::SET_COOKIE;
use http_body_util::Full;
use https_connect::{HttpClient, Network, SendError};
use url::Url;

use crate::error::{Error, ErrorKind};

/// Maximum idle time of a connection.
const IDLE: Duration = Duration::from_secs(60);

/// Sends requests to one server.
pub(crate) struct Http {
    client: HttpClient,
    origin: String,
}

/// A complete response.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The names and values of the cookies that the response sets.
    pub(crate) cookies: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl Http {
    pub(crate) fn new(
        network: &Network,
        base: &Url,
        timeout: Duration,
        max_response_size: usize,
    ) -> Result<Self, Error> {
        Ok(Self {
            client: HttpClient::new(network.connector(base)?, IDLE, timeout, max_response_size),
            origin: base.origin().ascii_serialization(),
        })
    }

    /// Sends a request. `may_change` is whether it may change the server.
    ///
    /// # Errors
    /// No connection could be opened, or no complete response arrived.
    pub(crate) async fn send(
        &self,
        request: Request<Full<Bytes>>,
        may_change: bool,
    ) -> Result<Answer, Error> {
        let response = self.client.send(request).await;
        let response = response.map_err(|error| self.failed(error, may_change))?;
        Ok(Answer {
            status: response.status().as_u16(),
            cookies: cookies(response.headers()),
            body: response.into_body(),
        })
    }

    fn failed(&self, error: SendError, may_change: bool) -> Error {
        match error {
            SendError::NoRuntime(error) => error.into(),
            SendError::Connect {
                cause,
                reason,
                source,
            } => Error::new(ErrorKind::Connect {
                origin: self.origin.clone(),
                cause,
                reason,
            })
            .because(source),
            SendError::TooLarge { limit, source } => {
                Error::response(format!("it is larger than {limit} bytes")).because(source)
            }
            SendError::Lost { problem, source } => Error::new(ErrorKind::Lost {
                problem,
                may_have_changed: may_change,
            })
            .because(source),
        }
    }
}

/// Returns the cookies that a response sets. Invalid ones are ignored.
fn cookies(headers: &http::HeaderMap) -> Vec<(String, String)> {
    let values = headers.get_all(SET_COOKIE).iter();
    let cookies = values.filter_map(|value| Cookie::parse(value.to_str().ok()?).ok());
    cookies
        .map(|cookie| (cookie.name().to_owned(), cookie.value().to_owned()))
        .collect()
}
