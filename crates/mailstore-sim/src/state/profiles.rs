//! Archiving and exporting profiles, and the results of their runs.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::configuration::forget_passwords;
use crate::envelope::Failure;
use crate::time::{self, Civil};

/// One profile, as the raw JSON object that clients manage.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    pub(crate) id: i64,
    properties: Map<String, Value>,
}

impl Profile {
    /// Returns the object of GetProfiles: the properties that were set, the id and the version. Passwords are null.
    pub(crate) fn row(&self) -> Value {
        let mut row = self.properties.clone();
        row.insert("id".to_owned(), json!(self.id));
        row.entry("version").or_insert(json!(1));
        Value::Object(row)
    }

    /// Returns a string member, or an empty string if it is missing.
    pub(crate) fn text(&self, member: &str) -> &str {
        self.properties
            .get(member)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Returns the user who owns the results of the profile.
    pub(crate) fn owner(&self) -> &str {
        self.text("owner")
    }
}

/// The profiles of an archive.
#[derive(Debug, Default)]
pub(crate) struct Profiles {
    all: Vec<Profile>,
    last_id: i64,
}

impl Profiles {
    pub(crate) fn all(&self) -> &[Profile] {
        &self.all
    }

    pub(crate) fn find(&self, id: i64) -> Result<&Profile, Failure> {
        self.all
            .iter()
            .find(|profile| profile.id == id)
            .ok_or_else(|| unknown(id))
    }

    /// Adds a profile with the properties, which must not contain `id` or `version` (documented).
    pub(crate) fn add(&mut self, properties: &Value) -> Result<i64, Failure> {
        let properties = self.checked(properties)?;
        self.last_id += 1;
        self.all.push(Profile {
            id: self.last_id,
            properties,
        });
        Ok(self.last_id)
    }

    /// Creates a profile that is run once and not stored.
    pub(crate) fn temporary(&self, properties: &Value) -> Result<Profile, Failure> {
        Ok(Profile {
            id: 0,
            properties: self.checked(properties)?,
        })
    }

    pub(crate) fn delete(&mut self, id: i64) -> Result<(), Failure> {
        self.find(id)?;
        self.all.retain(|profile| profile.id != id);
        Ok(())
    }

    /// Sets the automatic execution of the profile by the server.
    pub(crate) fn set_execution(&mut self, id: i64, execution: Value) -> Result<(), Failure> {
        let profile = self
            .all
            .iter_mut()
            .find(|profile| profile.id == id)
            .ok_or_else(|| unknown(id))?;
        profile
            .properties
            .insert("serverSideExecution".to_owned(), execution);
        Ok(())
    }

    fn checked(&self, properties: &Value) -> Result<Map<String, Value>, Failure> {
        let Value::Object(members) = properties else {
            return Err(Failure::new("The properties of a profile must be a JSON object."));
        };
        if let Some(member) = ["id", "version"]
            .into_iter()
            .find(|&member| members.contains_key(member))
        {
            return Err(Failure::new(format!(
                "The properties of a new profile must not contain '{member}'."
            )));
        }
        if members
            .get("name")
            .and_then(Value::as_str)
            .is_none_or(str::is_empty)
        {
            return Err(Failure::new("The properties of a profile must contain a 'name'."));
        }
        let mut kept = Value::Object(members.clone());
        forget_passwords(&mut kept);
        match kept {
            Value::Object(members) => Ok(members),
            _ => Ok(Map::new()),
        }
    }
}

fn unknown(id: i64) -> Failure {
    Failure::new(format!("There is no profile with the id {id}."))
}

/// One run of a profile.
#[derive(Debug, Clone)]
pub(crate) struct WorkerResult {
    pub(crate) user: String,
    /// The id and name of the profile; `None` for a run without a stored profile.
    pub(crate) profile: Option<(i64, String)>,
    pub(crate) result: &'static str,
    pub(crate) items: i64,
    pub(crate) start: Timestamp,
    pub(crate) complete: Timestamp,
    pub(crate) machine: String,
}

impl WorkerResult {
    fn row(&self, id: i64, zone: &TimeZone) -> Value {
        let mut row = json!({
            "id": id,
            "userName": self.user,
            "result": self.result,
            "itemsArchived": self.items,
            "startTime": time::in_zone(self.start, zone),
            "completeTime": time::in_zone(self.complete, zone),
            "machineName": self.machine,
        });
        if let Some((id, name)) = &self.profile {
            row["profileId"] = json!(id);
            row["profileName"] = json!(name);
        }
        row
    }
}

/// The time range of the requested results.
#[derive(Debug, Clone)]
pub(crate) struct Window {
    pub(crate) from: Civil,
    pub(crate) to: Civil,
    pub(crate) zone: TimeZone,
}

impl Window {
    /// Returns whether an instant is in the window. The window includes its start and excludes its end.
    pub(crate) fn contains(&self, instant: Timestamp) -> bool {
        let civil = self.zone.to_datetime(instant);
        self.from <= civil && civil < self.to
    }
}

/// The results of an archive. The id of a result is its index plus an offset.
#[derive(Debug, Default)]
pub(crate) struct WorkerResults(Vec<WorkerResult>);

/// The first id of a result. It is high, as on a server that has been used for years.
const FIRST_ID: i64 = 84_301;

/// Maximum number of stored results. The results of further runs are not stored.
const KEPT: usize = 100_000;

impl WorkerResults {
    pub(crate) fn add(&mut self, result: WorkerResult) {
        if self.0.len() < KEPT {
            self.0.push(result);
        }
    }

    /// Returns the rows of the runs that started in the window. They are sorted neither by id nor by time, as on the
    /// real server: rows with odd ids come first.
    pub(crate) fn rows(&self, window: &Window, profile: Option<i64>, user: Option<&str>) -> Vec<Value> {
        let mut rows: Vec<(i64, &WorkerResult)> = (FIRST_ID..)
            .zip(&self.0)
            .filter(|(_, result)| window.contains(result.start))
            .filter(|(_, result)| profile.is_none_or(|id| result.profile.as_ref().is_some_and(|p| p.0 == id)))
            .filter(|(_, result)| user.is_none_or(|user| result.user.eq_ignore_ascii_case(user)))
            .collect();
        rows.sort_by_key(|(id, _)| id % 2 == 0);
        rows.into_iter()
            .map(|(id, result)| result.row(id, &window.zone))
            .collect()
    }

    pub(crate) fn find(&self, id: i64) -> Result<&WorkerResult, Failure> {
        let place = id
            .checked_sub(FIRST_ID)
            .and_then(|place| usize::try_from(place).ok());
        let result = place.and_then(|place| self.0.get(place));
        result.ok_or_else(|| Failure::new(format!("There is no profile result with the id {id}.")))
    }
}
