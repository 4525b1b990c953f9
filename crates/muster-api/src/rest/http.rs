//! Sends one HTTP request and reads its response. It never repeats a request.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use https_connect::{
    ConnectCause, ConnectError, Network, Pools, find, innermost, invalid_response, is_first_request,
    record_response,
};
use url::Url;

use super::answer::Answer;
use super::error::{Error, ErrorKind};

/// Maximum idle time of a connection.
const IDLE: Duration = Duration::from_secs(30);

/// Sends requests to one server.
pub(super) struct Http {
    pools: Pools<Full<Bytes>>,
    origin: String,
    timeout: Duration,
    max_response_size: usize,
}

impl Http {
    pub(super) fn new(
        network: &Network,
        base: &Url,
        timeout: Duration,
        max_response_size: usize,
    ) -> Result<Self, Error> {
        Ok(Self {
            pools: Pools::new(network.connector(base)?, IDLE),
            origin: base.origin().ascii_serialization(),
            timeout,
            max_response_size,
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
        let pool = self.pools.here()?;
        let client = pool.client().clone();
        let limit = self.max_response_size;
        let exchange = async move {
            let response = client.request(request).await?;
            record_response(&response);
            let status = response.status().as_u16();
            let body = Limited::new(response.into_body(), limit).collect().await?;
            Ok::<_, https_connect::Cause>(Answer {
                status,
                body: body.to_bytes().to_vec(),
            })
        };
        let timeout = self.timeout;
        let lost = |problem: String| {
            Error::new(ErrorKind::Lost {
                problem,
                may_have_changed: may_change,
            })
        };
        match pool
            .inside(async move { tokio::time::timeout(timeout, exchange).await })
            .await
        {
            Ok(Ok(Ok(answer))) => Ok(answer),
            Ok(Ok(Err(cause))) => Err(if let Some((cause, reason)) = not_connected(&*cause) {
                Error::new(ErrorKind::Connect {
                    origin: self.origin.clone(),
                    cause,
                    reason,
                })
            } else if find::<LengthLimitError>(&*cause).is_some() {
                Error::new(ErrorKind::InvalidResponse {
                    problem: format!("it is larger than {limit} bytes"),
                    may_have_changed: may_change,
                })
            } else {
                lost(invalid_response(&*cause).unwrap_or_else(|| innermost(&*cause)))
            }),
            Ok(Err(elapsed)) => Err(lost(format!("the timeout of {timeout:?} was reached")).because(elapsed)),
            Err(ended) => Err(lost(ended.to_string()).because(ended)),
        }
    }
}

/// Returns why no connection could be opened. Returns `None` if the request failed for another reason.
fn not_connected(cause: &(dyn std::error::Error + 'static)) -> Option<(ConnectCause, String)> {
    if let Some(error) = find::<ConnectError>(cause) {
        return Some((error.cause(), error.to_string()));
    }
    // With TLS 1.3, a server rejects the certificate of the client after the client has sent its first request.
    let error = ConnectError::client_certificate(cause).filter(|_| is_first_request(cause))?;
    Some((error.cause(), error.to_string()))
}
