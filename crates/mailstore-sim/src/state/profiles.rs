//! Archiving and exporting profiles, and the results their runs leave behind.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::configuration::forget_passwords;
use crate::envelope::Failure;
use crate::time::{self, Civil};

/// One profile as the raw JSON object it is managed as.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    pub(crate) id: i64,
    properties: Map<String, Value>,
}

impl Profile {
    /// The object of GetProfiles: what was set, the id and the version; passwords are null.
    pub(crate) fn row(&self) -> Value {
        let mut row = self.properties.clone();
        row.insert("id".to_owned(), json!(self.id));
        row.entry("version").or_insert(json!(1));
        Value::Object(row)
    }

    /// A text member, or an empty string.
    pub(crate) fn text(&self, member: &str) -> &str {
        self.properties
            .get(member)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Who the results of the profile belong to.
    pub(crate) fn owner(&self) -> &str {
        self.text("owner")
    }
}

/// All profiles of an archive.
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

    /// Adds a profile made of the properties, which must be free of `id` and `version` (documented).
    pub(crate) fn add(&mut self, properties: &Value) -> Result<i64, Failure> {
        let properties = self.checked(properties)?;
        self.last_id += 1;
        self.all.push(Profile {
            id: self.last_id,
            properties,
        });
        Ok(self.last_id)
    }

    /// A profile that is run once and not kept.
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

    /// Sets when the server runs the profile by itself.
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
    /// Id and name; neither for a run without a stored profile.
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

/// Which results are asked for.
#[derive(Debug, Clone)]
pub(crate) struct Window {
    pub(crate) from: Civil,
    pub(crate) to: Civil,
    pub(crate) zone: TimeZone,
}

impl Window {
    /// Whether an instant lies in the window: the start is in it, the end is not.
    pub(crate) fn contains(&self, instant: Timestamp) -> bool {
        let civil = self.zone.to_datetime(instant);
        self.from <= civil && civil < self.to
    }
}

/// All results of an archive; the id is the place plus an offset.
#[derive(Debug, Default)]
pub(crate) struct WorkerResults(Vec<WorkerResult>);

/// Results have lived before the simulator did.
const FIRST_ID: i64 = 84_301;

/// How many results are kept; more runs leave none.
const KEPT: usize = 100_000;

impl WorkerResults {
    pub(crate) fn add(&mut self, result: WorkerResult) {
        if self.0.len() < KEPT {
            self.0.push(result);
        }
    }

    /// Rows whose run started in the window. They are sorted neither by id nor by time, as on the real server: rows
    /// with odd ids come first.
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
