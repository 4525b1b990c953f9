//! Calls that start a request.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::time::Duration;

use python_bridge::generated_v1::Draft;
use python_bridge::{Error, FromJson, Json};

use crate::generated::{Client, ServerRequest};
use crate::request::Request;

/// A call that starts a [`Request`]. Await it.
///
/// It is never sent twice. If [`Error::is_outcome_unknown`] is true, the request may have been started.
#[must_use = "a request is started when it is awaited"]
pub struct Start<T = Json> {
    client: Client,
    draft: Draft,
    result: PhantomData<fn() -> T>,
}

impl<T: FromJson + Send + Sync + 'static> Start<T> {
    pub(crate) fn new(client: &Client, draft: Draft) -> Self {
        Self {
            client: client.clone(),
            draft,
            result: PhantomData,
        }
    }

    /// Timeout of the call that starts the request. Replaces the timeout of the client.
    ///
    /// At the timeout Python is ended, because it cannot cancel a call.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.draft = self.draft.timeout(timeout);
        self
    }

    /// Starts the request and blocks the thread until the server has accepted it.
    ///
    /// # Errors
    /// The call failed.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<Request<T>, Error> {
        python_bridge::block_on(self.into_future())
    }
}

impl<T: FromJson + Send + Sync + 'static> IntoFuture for Start<T> {
    type Output = Result<Request<T>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { client, draft, .. } = self;
        Box::pin(async move {
            let started: ServerRequest = draft.send().await?;
            Ok(Request::new(&client, (&started).into()))
        })
    }
}

impl<T> Clone for Start<T> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            draft: self.draft.clone(),
            result: PhantomData,
        }
    }
}

/// Shows no values of arguments.
impl<T> fmt::Debug for Start<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.draft.fmt(f)
    }
}
