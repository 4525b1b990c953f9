//! Requests that the server works on, and their results.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;

#[cfg(feature = "blocking")]
use python_bridge::Error;
use python_bridge::generated_v1::Draft;
use python_bridge::{CallFuture, FromJson, Json, Request as _};

use crate::generated::server::ServerGetRequestStatus;
use crate::generated::{Client, RequestId, RequestStatus, catalog};
use crate::reference::Reference;
use crate::wait::Wait;

/// A request that the server works on. It runs whether or not it is watched. Dropping it changes nothing.
///
/// The end of a request is not the end of a manifest or transfer. The server forgets requests some time after their end
/// (documented; the time is not known).
pub struct Request<T = Json> {
    client: Client,
    reference: Reference<RequestId>,
    result: PhantomData<fn() -> T>,
}

impl<T: FromJson + Send + Sync + 'static> Request<T> {
    pub(crate) fn new(client: &Client, reference: Reference<RequestId>) -> Self {
        Self {
            client: client.clone(),
            reference,
            result: PhantomData,
        }
    }

    /// The number of the request.
    pub fn id(&self) -> Option<&RequestId> {
        self.reference.id()
    }

    /// Returns the status at once (documented). It only reads.
    pub fn status(&self) -> ServerGetRequestStatus {
        let draft = Draft::new(self.client.connection(), &catalog::SERVER_GET_REQUEST_STATUS);
        ServerGetRequestStatus::from_draft(draft.arg("request", self.reference.clone()))
    }

    /// Returns the result (documented). It only reads.
    ///
    /// The call blocks Python until the request has ended, so other calls wait for it. If it takes longer than the
    /// timeout of calls, Python is ended. [`wait`](Self::wait) has neither of these limits.
    pub fn result(&self) -> CallFuture<T> {
        let draft = Draft::new(self.client.connection(), &catalog::SERVER_GET_REQUEST_RESULT);
        draft.arg("request", self.reference.clone()).send()
    }

    /// Like [`result`](Self::result), but blocks the thread.
    ///
    /// # Errors
    /// The request failed, or the call failed.
    #[cfg(feature = "blocking")]
    pub fn result_blocking(&self) -> Result<T, Error> {
        python_bridge::block_on(self.result())
    }

    /// Asks for the status until the request has ended. The result of the wait is that of the request.
    pub fn wait<'a>(&self) -> Wait<'a, RequestStatus, T> {
        let (looking, ending) = (self.clone(), self.clone());
        Wait::with_result(move || looking.status().into_future(), move |_| ending.result())
    }
}

impl<T> Clone for Request<T> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            reference: self.reference.clone(),
            result: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("id", &self.reference.id())
            .finish_non_exhaustive()
    }
}
