//! Sends one HTTP request and reads its response. It never repeats a request.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use https_connect::{HttpClient, Network, SendError};
use url::Url;

use super::answer::Answer;
use super::error::{Error, ErrorKind};

/// Maximum idle time of a connection.
const IDLE: Duration = Duration::from_secs(30);

/// Sends requests to one server.
pub(super) struct Http {
    client: HttpClient,
    origin: String,
}

impl Http {
    pub(super) fn new(
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
    pub(super) async fn send(
        &self,
        request: Request<Full<Bytes>>,
        may_change: bool,
    ) -> Result<Answer, Error> {
        let response = self.client.send(request).await;
        let response = response.map_err(|error| self.failed(error, may_change))?;
        Ok(Answer::new(response.status().as_u16(), response.into_body()))
    }

    fn failed(&self, error: SendError, may_have_changed: bool) -> Error {
        let (kind, source) = match error {
            SendError::NoRuntime(error) => return error.into(),
            SendError::Connect {
                cause,
                reason,
                source,
            } => {
                let origin = self.origin.clone();
                (
                    ErrorKind::Connect {
                        origin,
                        cause,
                        reason,
                    },
                    source,
                )
            }
            SendError::TooLarge { limit, source } => (
                ErrorKind::InvalidResponse {
                    problem: format!("it is larger than {limit} bytes"),
                    may_have_changed,
                },
                source,
            ),
            SendError::Lost { problem, source } => (
                ErrorKind::Lost {
                    problem,
                    may_have_changed,
                },
                source,
            ),
        };
        Error::new(kind).because(source)
    }
}
