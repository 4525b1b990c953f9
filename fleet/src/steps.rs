//! The steps of a workflow: what it does outside the engine, with results that the journal keeps.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use restate_sdk::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The name of the step that keeps the result of another one.
const RESCUE: &str = "rescue";

/// Executes the steps of a workflow, one after the other.
pub(crate) struct Steps<'a> {
    ctx: &'a WorkflowContext<'a>,
    /// Whether the workflow was cancelled. The engine says it once, so it is kept here.
    pub(crate) cancelled: bool,
}

impl<'a> Steps<'a> {
    pub(crate) fn of(ctx: &'a WorkflowContext<'a>) -> Self {
        Self {
            ctx,
            cancelled: false,
        }
    }

    /// Executes a step, and returns its result even if the workflow is cancelled meanwhile.
    ///
    /// A cancellation hides the result of the step that is under way. A second step then writes the result to the
    /// journal, or the value of `without` if the step has none in this attempt of the workflow.
    pub(crate) async fn execute<T, F>(
        &mut self,
        name: &str,
        step: impl FnOnce() -> F + Send + 'a,
        without: impl FnOnce() -> T,
    ) -> T
    where
        T: Clone + Serialize + DeserializeOwned + Send + 'static,
        F: Future<Output = T> + Send + 'a,
    {
        let found: Arc<Mutex<Option<T>>> = Arc::default();
        let kept = Arc::clone(&found);
        let step = move || async move {
            let value = step().await;
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(value.clone());
            Ok(Json(value))
        };
        let once = RunRetryPolicy::new().max_attempts(1);
        if let Ok(Json(value)) = self.ctx.run(step).name(name).retry_policy(once).await {
            return value;
        }
        self.cancelled = true;
        let found = found.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.keep(found.unwrap_or_else(without)).await
    }

    /// Executes a step whose result is not needed once the workflow is cancelled. Returns `None` then.
    pub(crate) async fn attempt<T, F>(
        &mut self,
        name: &str,
        step: impl FnOnce() -> F + Send + 'a,
    ) -> Option<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: Future<Output = T> + Send + 'a,
    {
        let step = move || async move { Ok(Json(step().await)) };
        let result = self.ctx.run(step).name(name).await;
        self.cancelled |= result.is_err();
        result.ok().map(Json::into_inner)
    }

    /// Returns the time, or `None` if the workflow was cancelled.
    pub(crate) async fn now(&mut self) -> Option<Timestamp> {
        self.attempt("now", || async { Timestamp::now() }).await
    }

    /// Waits. Returns whether the workflow was not cancelled meanwhile.
    pub(crate) async fn sleep(&mut self, time: Duration) -> bool {
        let slept = self.ctx.sleep(time).await.is_ok();
        self.cancelled |= !slept;
        slept
    }

    /// Writes a value to the journal, even if the workflow is cancelled meanwhile.
    async fn keep<T>(&mut self, value: T) -> T
    where
        T: Clone + Serialize + DeserializeOwned + Send + 'static,
    {
        loop {
            let value = value.clone();
            if let Some(value) = self.attempt(RESCUE, || async move { value }).await {
                return value;
            }
        }
    }
}
