//! Waits for manifests, transfers and requests.

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

type BoxFuture<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;
type Look<S> = Box<dyn Fn() -> BoxFuture<S> + Send + Sync>;
type Finish<E, R> = Box<dyn FnOnce(E) -> BoxFuture<R> + Send + Sync>;
type OnUpdate<'a, S> = Box<dyn FnMut(&S) + Send + 'a>;

/// Waits until the server stops its work on a manifest, a transfer or a request. Await it, or take its
/// [`updates`](Self::updates).
///
/// `S` is the state that each look returns, and `R` is the result of the wait. Other calls of the client run between two
/// looks.
///
/// Dropping the future ends the wait. It changes nothing on the server, and the connection can still be used. A look only
/// reads, so a new wait is always possible.
#[must_use = "a wait does nothing until it is awaited"]
pub struct Wait<'a, S: Task, R = <S as Task>::End> {
    look: Look<S>,
    finish: Finish<S::End, R>,
    first: Duration,
    longest: Duration,
    timeout: Option<Duration>,
    on_update: Option<OnUpdate<'a, S>>,
}

impl<S: Task> Wait<'_, S> {
    /// A wait whose result is the last state.
    pub(crate) fn new<F>(look: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<S, Error>> + Send + 'static,
    {
        Self::with_result(look, |end| std::future::ready(Ok(end)))
    }
}

impl<'a, S: Task, R> Wait<'a, S, R> {
    /// A wait whose result is that of a last call.
    pub(crate) fn with_result<F, G>(
        look: impl Fn() -> F + Send + Sync + 'static,
        finish: impl FnOnce(S::End) -> G + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<S, Error>> + Send + 'static,
        G: Future<Output = Result<R, Error>> + Send + 'static,
    {
        Self {
            look: Box::new(move || Box::pin(look())),
            finish: Box::new(move |end| Box::pin(finish(end))),
            first: Duration::from_millis(200),
            longest: Duration::from_secs(5),
            timeout: None,
            on_update: None,
        }
    }

    /// Maximum time of the wait. The default is no limit. At its end, the error has the last state. It is missing if the
    /// first look took longer.
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
    pub fn on_update(mut self, function: impl FnMut(&S) + Send + 'a) -> Self {
        self.on_update = Some(Box::new(function));
        self
    }

    /// Returns every state, the last one included. A wait that fails ends with an error. The tokio runtime must run.
    ///
    /// Dropping the stream ends the wait.
    pub fn updates(self) -> impl Stream<Item = Result<S, WaitError<S>>> + Send + 'a
    where
        R: 'a,
    {
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

    async fn run(mut self) -> Result<R, WaitError<S>> {
        let mut looks = Looks::new(&self);
        loop {
            match looks.next(&mut self).await? {
                (_, Verdict::Working) => {}
                (_, Verdict::Ended(end)) => return looks.in_time((self.finish)(end)).await,
                (state, other) => return Err(error_of(other, state)),
            }
        }
    }

    /// Like awaiting, but blocks the thread.
    ///
    /// # Errors
    /// Those of the wait. A runtime that cannot be started is an error of the kind `Call`.
    #[cfg(feature = "blocking")]
    pub fn wait_blocking(self) -> Result<R, WaitError<S>> {
        match python_bridge::block_on(async { Ok(self.run().await) }) {
            Ok(result) => result,
            Err(error) => Err(WaitError::new(WaitErrorKind::Call(error), None)),
        }
    }
}

fn error_of<S: Task>(verdict: Verdict<S::End>, state: S) -> WaitError<S> {
    let kind = match verdict {
        Verdict::Failed(message) => WaitErrorKind::Failed(message),
        _ => WaitErrorKind::Unexpected,
    };
    WaitError::new(kind, Some(state))
}

/// The looks of a wait that has begun.
struct Looks<S> {
    started: Option<Instant>,
    plan: PollPlan,
    last: Option<S>,
}

impl<S: Task> Looks<S> {
    fn new<R>(wait: &Wait<'_, S, R>) -> Self {
        Self {
            started: None,
            plan: PollPlan::new(wait.first, wait.longest, wait.timeout),
            last: None,
        }
    }

    /// Pauses, unless it is the first look, and looks.
    async fn next<R>(&mut self, wait: &mut Wait<'_, S, R>) -> Result<(S, Verdict<S::End>), WaitError<S>> {
        let elapsed = self.elapsed();
        if self.last.is_some() {
            let Some(pause) = self.plan.pause(elapsed) else {
                return Err(self.error(WaitErrorKind::TimedOut));
            };
            tokio::time::sleep(pause).await;
        }
        let state = self.in_time((wait.look)()).await?;
        if let Some(on_update) = &mut wait.on_update {
            on_update(&state);
        }
        self.last = Some(state.clone());
        Ok((state.clone(), state.verdict()))
    }

    /// Waits for a call, as long as the wait may take.
    async fn in_time<V>(&mut self, call: BoxFuture<V>) -> Result<V, WaitError<S>> {
        let elapsed = self.elapsed();
        let called = match self.plan.left(elapsed) {
            Some(left) => tokio::time::timeout(left, call).await,
            None => Ok(call.await),
        };
        match called {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(self.error(WaitErrorKind::Call(error))),
            Err(_) => Err(self.error(WaitErrorKind::TimedOut)),
        }
    }

    fn elapsed(&mut self) -> Duration {
        self.started.get_or_insert_with(Instant::now).elapsed()
    }

    fn error(&mut self, kind: WaitErrorKind) -> WaitError<S> {
        WaitError::new(kind, self.last.take())
    }
}

impl<'a, S: Task, R: 'a> IntoFuture for Wait<'a, S, R> {
    type Output = Result<R, WaitError<S>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<S: Task, R> fmt::Debug for Wait<'_, S, R> {
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
    use crate::{RequestStatus, Transfer, TransferEnd};

    const LAST: &str = r#"{"processing": false, "status": "suspended"}"#;
    const WORKING: &str = r#"{"processing": true, "status": "sending"}"#;

    /// A state that changes at the third look, or never.
    fn look<S: Task + wire_values::FromJson>(stops: bool) -> impl Fn() -> BoxFuture<S> + Send + Sync {
        let looks = AtomicUsize::new(0);
        move || {
            let look = looks.fetch_add(1, Ordering::Relaxed);
            let text = if stops && look == 2 { LAST } else { WORKING };
            Box::pin(std::future::ready(Ok(wire_values::from_json(text).unwrap())))
        }
    }

    fn wait(stops: bool) -> Wait<'static, Transfer> {
        Wait::new(look(stops))
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
    async fn a_timeout_also_ends_the_call_for_the_result() {
        let wait: Wait<'_, RequestStatus, ()> =
            Wait::with_result(look(true), |_| std::future::pending::<Result<(), Error>>());
        let error = wait.timeout(Duration::from_secs(60)).await.unwrap_err();
        assert!(error.is_timeout());
        assert_eq!(error.last().and_then(|last| last.processing), Some(false));
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
