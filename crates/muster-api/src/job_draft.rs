//! A new job before it is submitted.

use python_bridge::Error;
use serde_json::{Value, json};

use crate::generated::{Client, JobId, TemplateId};
use crate::job_setter::with_job_setters;
use crate::object::Job;

/// The members of a new job. [`create`](Self::create) makes an `MJob` of them in the Dispatcher, for
/// [`Client::job_submit`].
///
/// The setters are seen in use, in a script for Muster 8. Their values are not documented. They have not been tried with
/// Muster 9.
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "a draft does nothing until it is created"]
pub struct JobDraft {
    calls: Vec<(&'static str, Value)>,
}

macro_rules! draft_setters {
    ($(
        $(#[$doc:meta])*
        $name:ident $_job:ident($($argument:ident: $kind:ty),+ => $($value:expr),+) = $method:literal
    )*) => {$(
        $(#[$doc])*
        pub fn $name(mut self, $($argument: $kind),+) -> Self {
            self.calls.push(($method, json!([$($value),+])));
            self
        }
    )*};
}

impl JobDraft {
    /// Starts a job with this name.
    pub fn new(name: &str) -> Self {
        Self::default().name(name)
    }

    with_job_setters!(draft_setters);

    /// Makes the job in the Dispatcher. It is not in the queue until [`Client::job_submit`].
    ///
    /// Each member is one call. If the future is dropped, the job is freed. The queue does not change, so this can be
    /// repeated.
    ///
    /// # Errors
    /// Those of a call. The template must allow changes, or name the setters in its setting `ALLOW`.
    pub async fn create(&self, client: &Client) -> Result<Job, Error> {
        let job = client.connection().new_object("MJob", ()).await?;
        for (method, arguments) in &self.calls {
            job.call(method, arguments).await?;
        }
        Ok(Job::from(job))
    }
}
