//! Verifies the edition of the server before the first request that may change it.
//!
//! The editions share most function names. A server ignores unknown arguments, so a call for one instance of the
//! Service Provider Edition would change a MailStore Server.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Shared, WeakShared};
use mailstore_metadata::{Edition, Known};
use tokio::runtime::{Handle, Id};
use tokio::time::{Instant, timeout};

use crate::connection::Connection;
use crate::error::{Error, ErrorKind};
use crate::exchange::BoxFuture;
use crate::function::Effect;
use crate::function_list;
use crate::known_edition::Asked;
use crate::retry::retry;
use crate::trace;

impl Connection {
    /// Verifies once that the server has the edition of the program, if a request with this effect may change the
    /// server. Returns the rest of `limit`.
    ///
    /// # Errors
    /// The server has another edition, or its edition is unknown. The request must then not be sent.
    pub(crate) async fn verify_edition(&self, effect: Effect, limit: Duration) -> Result<Duration, Error> {
        let known = self.known_edition();
        let expected = match known.expected {
            Some(expected) if !effect.only_reads() => expected,
            _ => return Ok(limit),
        };
        if let Some(found) = known.found.get() {
            compare(expected, Some(*found))?;
            return Ok(limit);
        }
        let begun = Instant::now();
        let found = self.ask_together(limit).await?;
        known.note(found);
        compare(expected, found)?;
        Ok(limit.saturating_sub(begun.elapsed()))
    }

    /// Requests the edition. Shares the request with all other calls that wait for it on this runtime.
    async fn ask_together(&self, limit: Duration) -> Result<Option<Edition>, Error> {
        let Ok(runtime) = Handle::try_current() else {
            return self
                .ask_edition()
                .await
                .map_err(|error| unverified(Arc::new(error)));
        };
        let asked = self.asked(runtime.id());
        let Ok(asked) = timeout(limit, asked).await else {
            let kind = ErrorKind::Lost { timeout: Some(limit) };
            let silence = Error::new(kind).of("get-metadata");
            return Err(unverified(Arc::new(silence)));
        };
        asked.map_err(unverified)
    }

    /// Returns the current request of this runtime, or creates one.
    fn asked(&self, runtime: Id) -> Shared<BoxFuture<Asked>> {
        let mut asking = self.known_edition().asking();
        asking.retain(|_, asked| asked.upgrade().is_some());
        if let Some(asked) = asking.get(&runtime).and_then(WeakShared::upgrade) {
            return asked;
        }
        let connection = self.clone();
        let ask: BoxFuture<Asked> = Box::pin(async move {
            let asked = connection.ask_edition().await.map_err(Arc::new);
            // Failures are not kept, so the next call must send a new request.
            connection.known_edition().asking().remove(&runtime);
            asked
        });
        let ask = ask.shared();
        asking.extend(ask.downgrade().map(|asked| (runtime, asked)));
        ask
    }

    async fn ask_edition(&self) -> Result<Option<Edition>, Error> {
        let list = self.function_list().await.inspect_err(trace::unverified)?;
        Ok(Edition::of_known(&list))
    }

    /// Requests the function list of the server. HTTP 404 is an ordinary HTTP error here, because no function is
    /// called.
    pub(crate) async fn function_list(&self) -> Result<Known, Error> {
        let limits = self.limits();
        let ask = |timeout| self.metadata_within(timeout);
        let metadata =
            retry(limits.retries, limits.request_timeout, ask)
                .await
                .map_err(|error| match error.kind() {
                    ErrorKind::UnknownFunction { .. } => error.with_kind(ErrorKind::Http { status: 404 }),
                    _ => error,
                })?;
        function_list::parse(&metadata)
    }
}

/// # Errors
/// The server has another edition than the program was compiled for.
pub(crate) fn compare(expected: Edition, found: Option<Edition>) -> Result<(), Error> {
    if found == Some(expected) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::WrongEdition { expected, found }))
}

/// Returns the error of a call that was not sent because the request for the function list failed.
fn unverified(cause: Arc<Error>) -> Error {
    Error::new(cause.kind().clone())
        .with_retry_after(cause.retry_after())
        .unverified()
        .because(cause)
}

#[cfg(test)]
mod tests;
