//! Requests that the server works on, and their results.

use std::marker::PhantomData;
use std::time::Duration;

use python_bridge::generated_v1::Draft;
use python_bridge::{CallFuture, FromJson, Json, Request as _};
use tokio::time::Instant;

use crate::generated::server::ServerGetRequestStatus;
use crate::generated::{Client, RequestId, RequestStatus, ServerRequest, catalog};
use crate::poll_plan::PollPlan;
use crate::reference::Reference;
use crate::wait_error::{WaitError, WaitErrorKind};

/// A request that the server works on. It runs whether or not it is watched.
///
/// The end of a request is not the end of a manifest or transfer. The server forgets requests some time after their end.
#[derive(Clone, Debug)]
pub struct Request<T = Json> {
    client: Client,
    reference: Reference<RequestId>,
    result: PhantomData<fn() -> T>,
}

impl<T: FromJson + Send + Sync + 'static> Request<T> {
    pub(crate) fn new(client: &Client, started: &ServerRequest) -> Self {
        Self {
            client: client.clone(),
            reference: started.into(),
            result: PhantomData,
        }
    }

    /// The number of the request.
    pub fn id(&self) -> Option<&RequestId> {
        self.reference.id()
    }

    /// Returns the status at once. It only reads.
    pub fn status(&self) -> ServerGetRequestStatus {
        let draft = Draft::new(self.client.connection(), &catalog::SERVER_GET_REQUEST_STATUS);
        ServerGetRequestStatus::from_draft(draft.arg("request", self.reference.clone()))
    }

    /// Returns the result. The call blocks Python until the request has ended, and other calls wait for it.
    pub fn result(&self) -> CallFuture<T> {
        let draft = Draft::new(self.client.connection(), &catalog::SERVER_GET_REQUEST_RESULT);
        draft.arg("request", self.reference.clone()).send()
    }

    /// Asks for the status until the request has ended, and returns its result. Dropping the future ends the wait.
    ///
    /// # Errors
    /// The timeout passed, the request failed, or a call failed. The error has the last status.
    pub async fn wait(&self, timeout: Option<Duration>) -> Result<T, WaitError<RequestStatus>> {
        let started = Instant::now();
        let mut plan = PollPlan::new(Duration::from_millis(100), Duration::from_secs(5), timeout);
        let mut last = None;
        loop {
            let looked = match plan.left(started.elapsed()) {
                Some(left) => tokio::time::timeout(left, self.status().into_future()).await,
                None => Ok(self.status().await),
            };
            let status = match looked {
                Ok(Ok(status)) => status,
                Ok(Err(error)) => return Err(WaitError::new(WaitErrorKind::Call(error), last)),
                Err(_) => return Err(WaitError::new(WaitErrorKind::TimedOut, last)),
            };
            match (status.processing, status.status.as_deref()) {
                (Some(true), _) => last = Some(status),
                (_, Some("error")) => {
                    let message = status.error_message.clone().unwrap_or_default();
                    return Err(WaitError::new(WaitErrorKind::Failed(message), Some(status)));
                }
                (Some(false), _) => {
                    let result = self.result().await;
                    return result.map_err(|error| WaitError::new(WaitErrorKind::Call(error), Some(status)));
                }
                (None, _) => return Err(WaitError::new(WaitErrorKind::Unexpected, Some(status))),
            }
            match plan.pause(started.elapsed()) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(WaitError::new(WaitErrorKind::TimedOut, last)),
            }
        }
    }
}
