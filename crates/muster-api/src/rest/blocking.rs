//! Blocking calls, for programs without an async runtime.

use std::future::Future;

use http::Method;
use serde_json::Value;

use super::client::Rest;
use super::error::Error;
use super::job_submission::JobSubmission;
use super::pool::Pool;
use super::template::Template;

/// Runs a future to its end on this thread.
fn block_on<T>(future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let outcome = python_bridge::block_on(async { Ok(future.await) });
    outcome.unwrap_or_else(|error| Err(Error::configuration(error.to_string()).because(error)))
}

impl Rest {
    /// Like [`login`](Self::login), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`login`](Self::login).
    pub fn login_blocking(&self) -> Result<(), Error> {
        block_on(self.login())
    }

    /// Like [`pools`](Self::pools), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`pools`](Self::pools).
    pub fn pools_blocking(&self) -> Result<Vec<Pool>, Error> {
        block_on(self.pools())
    }

    /// Like [`templates`](Self::templates), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`templates`](Self::templates).
    pub fn templates_blocking(&self) -> Result<Vec<Template>, Error> {
        block_on(self.templates())
    }

    /// Like [`submit`](Self::submit), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`submit`](Self::submit).
    pub fn submit_blocking(&self, submission: &JobSubmission) -> Result<Value, Error> {
        block_on(self.submit(submission))
    }

    /// Like [`raw`](Self::raw), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`raw`](Self::raw).
    pub fn raw_blocking(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Value, Error> {
        block_on(self.raw(method, path, query, body))
    }
}
