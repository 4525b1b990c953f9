//! Waits for manifests and transfers.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use futures_core::Stream;
use python_bridge::Error;
use tokio::time::Instant;

use crate::poll_plan::PollPlan;
use crate::task::{Task, Verdict};
use crate::wait_error::{WaitError, WaitErrorKind};

type Look<T> = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<T, Error>> + Send>> + Send + Sync>;
type OnUpdate<'a, T> = Box<dyn FnMut(&T) + Send + 'a>;

/// Waits until the server stops its work on a manifest or transfer. Await it, or take its [`updates`](Self::updates).
///
/// It looks again and again, so other calls run between two looks. Dropping the future ends the wait and changes
/// nothing on the server.
#[must_use = "a wait does nothing until it is awaited"]
pub struct Wait<'a, T> {
    look: Look<T>,
    first: Duration,
    longest: Duration,
    timeout: Option<Duration>,
    on_update: Option<OnUpdate<'a, T>>,
}

impl<'a, T: Task> Wait<'a, T> {
    pub(crate) fn new<F>(look: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        Self {
            look: Box::new(move || Box::pin(look())),
            first: Duration::from_millis(200),
            longest: Duration::from_secs(5),
            timeout: None,
            on_update: None,
        }
    }

    /// Maximum time of the wait. The default is no limit.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The first and the longest pause between two looks. The defaults are 200 milliseconds and five seconds.
    pub fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    /// Calls the function with every state, the last one included.
    pub fn on_update(mut self, function: impl FnMut(&T) + Send + 'a) -> Self {
        self.on_update = Some(Box::new(function));
        self
    }

    /// Returns every state, the last one included. A wait that fails ends with an error. The tokio runtime must run.
    pub fn updates(self) -> impl Stream<Item = Result<T, WaitError<T>>> + Send + 'a {
        let state = Some((Looks::new(&self), self));
        futures_util::stream::unfold(state, |state| async move {
            let (mut looks, mut wait) = state?;
            match looks.next(&mut wait).await {
                Ok((state, Verdict::Working)) => Some((Ok(state), Some((looks, wait)))),
                Ok((state, Verdict::Ended(_))) => Some((Ok(state), None)),
                Ok((state, other)) => Some((Err(error_of(other, state)), None)),
                Err(error) => Some((Err(error), None)),
            }
        })
    }

    async fn run(mut self) -> Result<T::End, WaitError<T>> {
        let mut looks = Looks::new(&self);
        loop {
            match looks.next(&mut self).await? {
                (_, Verdict::Working) => {}
                (_, Verdict::Ended(end)) => return Ok(end),
                (state, other) => return Err(error_of(other, state)),
            }
        }
    }

    /// Like awaiting, but blocks the thread.
    ///
    /// # Errors
    /// Those of the wait. A runtime that cannot be started is an error of the kind `Call`.
    #[cfg(feature = "blocking")]
    pub fn wait_blocking(self) -> Result<T::End, WaitError<T>> {
        match python_bridge::block_on(async { Ok(self.run().await) }) {
            Ok(result) => result,
            Err(error) => Err(WaitError::new(WaitErrorKind::Call(error), None)),
        }
    }
}

fn error_of<T: Task>(verdict: Verdict<T::End>, state: T) -> WaitError<T> {
    let kind = match verdict {
        Verdict::Failed(message) => WaitErrorKind::Failed(message),
        _ => WaitErrorKind::Unexpected,
    };
    WaitError::new(kind, Some(state))
}

/// The looks of a wait that has begun.
struct Looks<T> {
    started: Option<Instant>,
    plan: PollPlan,
    last: Option<T>,
}

impl<T: Task> Looks<T> {
    fn new(wait: &Wait<'_, T>) -> Self {
        Self {
            started: None,
            plan: PollPlan::new(wait.first, wait.longest, wait.timeout),
            last: None,
        }
    }

    /// Pauses, unless it is the first look, and looks.
    async fn next(&mut self, wait: &mut Wait<'_, T>) -> Result<(T, Verdict<T::End>), WaitError<T>> {
        let started = *self.started.get_or_insert_with(Instant::now);
        if self.last.is_some() {
            let Some(pause) = self.plan.pause(started.elapsed()) else {
                return Err(WaitError::new(WaitErrorKind::TimedOut, self.last.take()));
            };
            tokio::time::sleep(pause).await;
        }
        let looked = match self.plan.left(started.elapsed()) {
            Some(left) => tokio::time::timeout(left, (wait.look)()).await,
            None => Ok((wait.look)().await),
        };
        let state = match looked {
            Ok(Ok(state)) => state,
            Ok(Err(error)) => return Err(WaitError::new(WaitErrorKind::Call(error), self.last.take())),
            Err(_) => return Err(WaitError::new(WaitErrorKind::TimedOut, self.last.take())),
        };
        if let Some(on_update) = &mut wait.on_update {
            on_update(&state);
        }
        self.last = Some(state.clone());
        Ok((state.clone(), state.verdict()))
    }
}

impl<'a, T: Task> IntoFuture for Wait<'a, T> {
    type Output = Result<T::End, WaitError<T>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<T> fmt::Debug for Wait<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::{Transfer, TransferEnd};

    const LAST: &str = r#"{"processing": false, "status": "suspended"}"#;
    const WORKING: &str = r#"{"processing": true, "status": "sending"}"#;

    /// A transfer that stops at the third look, or never.
    fn wait(stops: bool) -> Wait<'static, Transfer> {
        let looks = AtomicUsize::new(0);
        Wait::new(move || {
            let look = looks.fetch_add(1, Ordering::Relaxed);
            let text = if stops && look == 2 { LAST } else { WORKING };
            std::future::ready(Ok(wire_values::from_json(text).unwrap()))
        })
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_ends_when_the_server_stops() {
        let end = wait(true).await.unwrap();
        assert!(matches!(end, TransferEnd::Suspended(_)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_timeout_has_the_last_state() {
        let error = wait(false).timeout(Duration::from_secs(60)).await.unwrap_err();
        assert!(error.is_timeout());
        assert_eq!(error.last().and_then(|last| last.processing), Some(true));
    }

    #[tokio::test(start_paused = true)]
    async fn the_function_sees_every_state() {
        let mut seen = Vec::new();
        wait(true)
            .on_update(|state| seen.push(state.processing))
            .await
            .unwrap();
        assert_eq!(seen, [Some(true), Some(true), Some(false)]);
    }

    #[tokio::test(start_paused = true)]
    async fn updates_end_with_the_last_state() {
        let states: Vec<_> = futures_util::StreamExt::collect(wait(true).updates()).await;
        assert_eq!(states.len(), 3);
        assert_eq!(states[2].as_ref().unwrap().processing, Some(false));
    }
}
