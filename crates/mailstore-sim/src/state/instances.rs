//! Instances of the Service Provider Edition.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::Archive;
use super::configuration::Configuration;
use crate::envelope::Failure;

/// One instance: its configuration, its state, and its archive.
pub(crate) struct Instance {
    /// The object that GetInstanceConfiguration returns, including `instanceID`.
    configuration: Map<String, Value>,
    pub(crate) status: Status,
    process: Option<i64>,
    pub(crate) started: Timestamp,
    /// Service provider access: whether administrators of the platform may manage the archive.
    pub(crate) archive_admin_enabled: bool,
    pub(crate) index_configuration: Configuration,
    pub(crate) archive: Archive,
}

/// The state of an instance. Only `running` was observed; the other words are inferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Running,
    Stopped,
    Frozen,
}

impl Status {
    fn as_str(self) -> &'static str {
        match self {
            Status::Running => "running",
            Status::Stopped => "stopped",
            Status::Frozen => "frozen",
        }
    }
}

impl Instance {
    /// Creates an instance from its configuration. Missing members get defaults.
    pub(crate) fn new(configuration: &Value, archive: Archive, now: Timestamp) -> Result<Instance, Failure> {
        let Value::Object(given) = configuration else {
            return Err(Failure::new(
                "The configuration of an instance must be a JSON object.",
            ));
        };
        let id = given
            .get("instanceID")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if id.is_empty() || id.contains(['*', ',', ' ']) {
            let message = "The configuration of an instance must contain a valid 'instanceID'.";
            return Err(Failure::new(message));
        }
        let mut complete = defaults(id);
        complete.extend(given.iter().map(|(key, value)| (key.clone(), value.clone())));
        let automatic = complete.get("startMode").and_then(Value::as_str) == Some("automatic");
        let mut instance = Instance {
            configuration: complete,
            status: Status::Stopped,
            process: None,
            started: now,
            archive_admin_enabled: true,
            index_configuration: Configuration::default(),
            archive,
        };
        let index = json!({ "attachmentExtensions": null, "includeAttachmentsOfPDFs": false });
        instance.index_configuration.set("index", index);
        if automatic {
            instance.change(Status::Running, now);
        }
        Ok(instance)
    }

    pub(crate) fn id(&self) -> &str {
        self.text("instanceID")
    }

    pub(crate) fn text(&self, key: &str) -> &str {
        self.configuration
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    pub(crate) fn configuration(&self) -> Value {
        Value::Object(self.configuration.clone())
    }

    /// Returns a row of GetInstances.
    pub(crate) fn row(&self) -> Value {
        json!({
            "instanceID": self.id(),
            "alias": self.text("alias"),
            "displayName": self.text("displayName"),
            "instanceHost": self.text("instanceHost"),
            "startMode": self.text("startMode"),
            "processID": self.process,
            "status": self.status.as_str(),
            "startStopError": null,
        })
    }

    pub(crate) fn change(&mut self, status: Status, now: Timestamp) {
        if status == Status::Stopped {
            self.process = None;
        } else if self.process.is_none() {
            let sum: i64 = self.id().bytes().map(i64::from).sum();
            self.process = Some(4000 + sum % 1000 * 4 + now.as_second() % 50 * 4);
            self.started = now;
        }
        self.status = status;
    }

    /// Fails unless the instance is running (inferred: the response of a stopped instance is not published).
    pub(crate) fn reachable(&self) -> Result<(), Failure> {
        if self.status == Status::Running {
            return Ok(());
        }
        Err(Failure::new(format!(
            "The instance {} is {}.",
            self.id(),
            self.status.as_str()
        )))
    }
}

fn defaults(id: &str) -> Map<String, Value> {
    let defaults = json!({
        "instanceID": id,
        "alias": id,
        "displayName": id,
        "instanceHost": "host1",
        "startMode": "automatic",
        "baseDirectory": format!("E:\\{id}"),
        "debugLogEnabled": false,
        "imapServerConnectionLogEnabled": false,
        "vssWriterEnabled": true,
        "vssWriterExcludeIndexes": false,
    });
    match defaults {
        Value::Object(defaults) => defaults,
        _ => Map::new(),
    }
}

/// All instances of the platform.
#[derive(Default)]
pub(crate) struct Instances(Vec<Instance>);

impl Instances {
    pub(crate) fn add(&mut self, instance: Instance) -> Result<(), Failure> {
        if self.find(instance.id()).is_ok() {
            return Err(Failure::new(format!(
                "An instance with the id {} exists already.",
                instance.id()
            )));
        }
        self.0.push(instance);
        Ok(())
    }

    pub(crate) fn all(&self) -> &[Instance] {
        &self.0
    }

    pub(crate) fn find(&self, id: &str) -> Result<&Instance, Failure> {
        self.0
            .iter()
            .find(|instance| matches(instance, id))
            .ok_or_else(|| unknown(id))
    }

    pub(crate) fn find_mut(&mut self, id: &str) -> Result<&mut Instance, Failure> {
        self.0
            .iter_mut()
            .find(|instance| matches(instance, id))
            .ok_or_else(|| unknown(id))
    }

    /// Returns the ids of the instances that a filter selects: `*` selects all, an id selects one, and anything else
    /// selects none (other syntax is not published).
    pub(crate) fn select(&self, filter: &str) -> Vec<String> {
        let selected = self
            .0
            .iter()
            .filter(|instance| filter == "*" || matches(instance, filter));
        selected.map(|instance| instance.id().to_owned()).collect()
    }

    /// Replaces the configuration of the instance whose id it contains.
    pub(crate) fn configure(&mut self, configuration: &Value) -> Result<(), Failure> {
        let id = configuration
            .get("instanceID")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let instance = self.find_mut(&id)?;
        let spelling = instance.id().to_owned();
        let mut complete = defaults(&spelling);
        if let Value::Object(given) = configuration {
            complete.extend(given.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
        complete.insert("instanceID".to_owned(), Value::String(spelling));
        instance.configuration = complete;
        Ok(())
    }

    pub(crate) fn delete(&mut self, ids: &[String]) {
        self.0
            .retain(|instance| !ids.iter().any(|id| matches(instance, id)));
    }
}

/// Ids are case-insensitive (inferred).
fn matches(instance: &Instance, id: &str) -> bool {
    instance.id().eq_ignore_ascii_case(id)
}

fn unknown(id: &str) -> Failure {
    Failure::new(format!("There is no instance with the id {id}."))
}
