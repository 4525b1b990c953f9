//! The setters of jobs that exist, for `jobEdit`.

use python_bridge::Error;

use crate::generated::{JobId, TemplateId};
use crate::job_setter::with_job_setters;
use crate::object::Job;

macro_rules! job_setters {
    ($(
        $(#[$doc:meta])*
        $_draft:ident $name:ident($($argument:ident: $kind:ty),+ => $($value:expr),+) = $method:literal
    )*) => {$(
        $(#[$doc])*
        ///
        /// The setter is seen in use, in a script for Muster 8.
        ///
        /// # Errors
        /// Those of a call.
        pub async fn $name(&self, $($argument: $kind),+) -> Result<(), Error> {
            self.handle().call($method, ($($value,)+)).await.map(drop)
        }
    )*};
}

/// Setters change the object in the Dispatcher. [`Client::job_edit`](crate::Client::job_edit) stores the changes. Whether a
/// setter already changes a job of the queue is not known, so read-only connections refuse setters. Getters such as
/// [`Job::name`] keep the value from before.
///
/// If the future is dropped, a call that was sent runs to its end. A call is never sent twice. Setting the same value again
/// is safe.
impl Job {
    with_job_setters!(job_setters);
}
