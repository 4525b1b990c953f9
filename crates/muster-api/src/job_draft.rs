//! A new job before it is submitted.

use python_bridge::Error;
use serde_json::{Value, json};

use crate::generated::{Client, JobId, TemplateId};
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

/// Declares setters.
macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident($kind:ty) = $method:literal)*) => {$(
        $(#[$doc])*
        pub fn $name(self, value: $kind) -> Self {
            self.set($method, json!([value]))
        }
    )*};
}

impl JobDraft {
    /// Starts a job with this name.
    pub fn new(name: &str) -> Self {
        Self::default().set("setName", json!([name]))
    }

    /// The folder of the job. The script uses -1 for the root of the queue.
    pub fn parent(self, id: JobId) -> Self {
        self.set("setParentId", json!([id.0]))
    }

    /// The template of the job.
    pub fn template(self, id: TemplateId) -> Self {
        self.set("setTemplateID", json!([id.0]))
    }

    setters! {
        /// The type of the job, such as the constant `kJobTypeJob`.
        job_type(i64) = "setJobType"
        /// How the job depends on others, such as the constant `kJobDependSuccess`.
        depend_mode(i64) = "setDependMode"
        /// The jobs that must end first. The form of the text is not documented.
        depends(&str) = "setDepends"
        /// The priority.
        priority(i64) = "setPriority"
        /// The type of the packets.
        packet_type(i64) = "setPacketType"
        /// The size of a packet.
        packet_size(i64) = "setPacketSize"
        /// The pools that may run the job. The form of the text is not documented.
        included_pools(&str) = "setIncludedPools"
        /// The project.
        project(&str) = "setProject"
        /// The department.
        department(&str) = "setDepartment"
        /// How logs are checked for errors, such as the constant `kSkipWarnings`.
        logs_error_check_type(i64) = "setLogsErrorCheckType"
        /// Maximum number of nodes.
        maximum_nodes(i64) = "setMaximumNodes"
    }

    /// An attribute of the template with a text.
    pub fn attribute_text(self, name: &str, value: &str) -> Self {
        self.set("attributeSetString", json!([name, value]))
    }

    /// An attribute of the template with a number.
    pub fn attribute_number(self, name: &str, value: f64) -> Self {
        self.set("attributeSetFloat", json!([name, value]))
    }

    fn set(mut self, method: &'static str, arguments: Value) -> Self {
        self.calls.push((method, arguments));
        self
    }

    /// Makes the job in the Dispatcher. It is not in the queue until [`Client::job_submit`].
    ///
    /// Each member is one call. If the future is dropped, the job is freed.
    ///
    /// # Errors
    /// Those of a call. The bridge must allow changes.
    pub async fn create(&self, client: &Client) -> Result<Job, Error> {
        let job = client.connection().new_object("MJob", ()).await?;
        for (method, arguments) in &self.calls {
            job.call(method, arguments).await?;
        }
        Ok(Job::from(job))
    }
}
