//! A job that is submitted through the web server.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value, json};

/// A job to submit. Only the members that are set are sent. `jobId` and `parentId` are -1 by default: a new job at the
/// root of the queue.
///
/// The members are those that a published program sends. The vendor's description of them is not known.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[must_use = "a submission does nothing until `Rest::submit` is called"]
pub struct JobSubmission {
    platform: i64,
    job: Map<String, Value>,
}

impl JobSubmission {
    /// Starts a job with this name and the id of its template. See [`Rest::templates`](super::Rest::templates).
    ///
    /// The values of `platform` are not documented.
    pub fn new(name: &str, template_id: i64, platform: i64) -> Self {
        let job = Map::new();
        Self { platform, job }
            .member("jobName", name)
            .member("templateId", template_id)
            .member("jobId", -1)
            .member("parentId", -1)
    }

    /// Sets the folder of the job.
    pub fn parent(self, id: i64) -> Self {
        self.member("parentId", id)
    }

    /// Priority of the job.
    pub fn priority(self, value: i64) -> Self {
        self.member("priority", value)
    }

    /// Size of a packet.
    pub fn packet_size(self, value: i64) -> Self {
        self.member("packetSize", value)
    }

    /// Type of the packets. The values are not documented.
    pub fn packet_type(self, value: i64) -> Self {
        self.member("packetType", value)
    }

    /// How chunks are interleaved. The values are not documented.
    pub fn chunks_interleave(self, value: i64) -> Self {
        self.member("chunksInterleave", value)
    }

    /// Priority of the chunks. It is a text.
    pub fn chunks_priority(self, value: &str) -> Self {
        self.member("chunksPriority", value)
    }

    /// Timeout of a chunk. The unit is not documented.
    pub fn chunks_timeout_value(self, value: i64) -> Self {
        self.member("chunksTimeoutValue", value)
    }

    /// Ids of the jobs that must end first. They are texts.
    pub fn depend_ids<S: Into<String>>(self, ids: impl IntoIterator<Item = S>) -> Self {
        self.member("dependIds", texts(ids))
    }

    /// Mode of the dependency. The values are not documented.
    pub fn depend_mode(self, value: i64) -> Self {
        self.member("dependMode", value)
    }

    /// Mode of the links between dependent jobs. The values are not documented.
    pub fn depend_link_mode(self, value: i64) -> Self {
        self.member("dependLinkMode", value)
    }

    /// Names of the pools that may run the job.
    pub fn included_pools<S: Into<String>>(self, names: impl IntoIterator<Item = S>) -> Self {
        self.member("includedPools", texts(names))
    }

    /// Names of the pools that must not run the job.
    pub fn excluded_pools<S: Into<String>>(self, names: impl IntoIterator<Item = S>) -> Self {
        self.member("excludedPools", texts(names))
    }

    /// When the job starts. The values are not documented.
    pub fn start_on(self, value: i64) -> Self {
        self.member("startOn", value)
    }

    /// Whether the job is in the emergency queue.
    pub fn emergency_queue(self, value: bool) -> Self {
        self.member("emergencyQueue", value)
    }

    /// Maximum number of instances.
    pub fn maximum_instances(self, value: i64) -> Self {
        self.member("maximumInstances", value)
    }

    /// Number of assigned instances.
    pub fn assigned_instances(self, value: i64) -> Self {
        self.member("assignedInstances", value)
    }

    /// The department.
    pub fn department(self, value: &str) -> Self {
        self.member("department", value)
    }

    /// The project.
    pub fn project(self, value: &str) -> Self {
        self.member("project", value)
    }

    /// The shot.
    pub fn shot(self, value: &str) -> Self {
        self.member("shot", value)
    }

    /// The camera.
    pub fn camera(self, value: &str) -> Self {
        self.member("camera", value)
    }

    /// Adds an attribute of the template. The meanings of `state` and `subst` are not documented.
    pub fn attribute(mut self, name: &str, value: impl Into<Value>, state: bool, subst: bool) -> Self {
        let attribute = json!({ "value": value.into(), "state": state, "subst": subst });
        match self.job.get_mut("attributes").and_then(Value::as_object_mut) {
            Some(attributes) => _ = attributes.insert(name.to_owned(), attribute),
            None => return self.member("attributes", json!({ name: attribute })),
        }
        self
    }

    /// Sets a member of the job that has no method here.
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.job.insert(name.to_owned(), value.into());
        self
    }
}

fn texts<S: Into<String>>(texts: impl IntoIterator<Item = S>) -> Value {
    texts.into_iter().map(|text| Value::String(text.into())).collect()
}

/// Shows the JSON that is sent.
impl fmt::Display for JobSubmission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", json!({ "RequestData": self }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_has_the_members_of_the_interface() {
        let job = JobSubmission::new("shot 7", 12, 0)
            .depend_ids(["3"])
            .emergency_queue(false)
            .attribute("MAYADIGITS", 4, true, false);
        let expected = json!({"RequestData": {"platform": 0, "job": {
            "jobName": "shot 7", "templateId": 12, "jobId": -1, "parentId": -1, "dependIds": ["3"],
            "emergencyQueue": false,
            "attributes": {"MAYADIGITS": {"value": 4, "state": true, "subst": false}},
        }}});
        let sent: Value = serde_json::from_str(&job.to_string()).unwrap();
        assert_eq!(sent, expected);
    }

    #[test]
    fn an_attribute_is_never_lost() {
        let job = JobSubmission::new("a", 1, 0)
            .member("attributes", Value::Null)
            .attribute("camera", "left", true, false);
        assert_eq!(job.job["attributes"]["camera"]["value"], "left");
    }
}
