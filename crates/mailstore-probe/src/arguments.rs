//! The arguments of the requests, from the options and from earlier responses.

use std::cmp::Reverse;
use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use mailstore_codegen::model::{Argument, Function, Type};
use serde_json::Value;

/// The functions whose responses provide arguments for others, in the order in which they are called.
const SOURCES: [&str; 7] = [
    "GetInstances",
    "GetInstanceHosts",
    "GetUsers",
    "GetStores",
    "GetWorkerResults",
    "GetFolderStatistics",
    "GetUserInfo",
];

/// The options for the requests.
#[derive(Clone, Debug)]
pub struct Extent {
    /// The instance of the Service Provider Edition to query. Default: the first running instance.
    pub instance: Option<String>,
    /// The number of days of past results.
    pub days: u32,
    /// The timeout of a call.
    pub limit: Duration,
    /// Whether long functions are called.
    pub slow: bool,
}

/// The known facts about the server.
pub(crate) struct Known {
    /// The user who sends the requests.
    asker: String,
    instance: Option<String>,
    host: Option<String>,
    user: Option<String>,
    store: Option<i64>,
    run: Option<i64>,
    archive: Option<String>,
    from: DateTime,
    to: DateTime,
    slow: bool,
}

/// Sorts functions in the order in which they are called. Functions whose results other calls need come first.
pub(crate) fn in_order(mut functions: Vec<&Function>) -> Vec<&Function> {
    functions.sort_by_key(|function| {
        let place = SOURCES.iter().rev().position(|source| *source == function.wire);
        (Reverse(place), function.wire.clone())
    });
    functions
}

impl Known {
    /// Creates the facts from the options.
    pub(crate) fn new(asker: &str, extent: &Extent) -> Self {
        let now = Timestamp::now().to_zoned(TimeZone::UTC).datetime();
        // Adds a day, because the server may be in a zone ahead of UTC.
        let day = |days: i64| {
            now.saturating_add(days.days())
                .with()
                .subsec_nanosecond(0)
                .build()
        };
        Self {
            asker: asker.to_owned(),
            instance: extent.instance.clone(),
            host: None,
            user: None,
            store: None,
            run: None,
            archive: None,
            from: day(-i64::from(extent.days)).unwrap_or(now),
            to: day(1).unwrap_or(now),
            slow: extent.slow,
        }
    }

    /// Records the values of a response that later calls need.
    pub(crate) fn learn(&mut self, function: &str, answer: &Value) {
        let rows = answer.as_array().map_or(&[][..], Vec::as_slice);
        let text = |name: &str| {
            rows.iter()
                .find_map(|row| row.get(name)?.as_str())
                .map(str::to_owned)
        };
        let number = |name: &str| rows.iter().find_map(|row| row.get(name)?.as_i64());
        match function {
            "GetInstances" if self.instance.is_none() => {
                let running = rows
                    .iter()
                    .find(|row| row.get("status").is_some_and(|status| status == "running"));
                self.instance = running
                    .and_then(|row| row.get("instanceID")?.as_str())
                    .map(str::to_owned);
            }
            "GetInstanceHosts" => self.host = text("serverName"),
            "GetUsers" => {
                let names = rows.iter().filter_map(|row| row.get("userName")?.as_str());
                // Service accounts and administrators are not typical users.
                let is_special = |name: &str| name.starts_with('$') || name == "admin" || name == self.asker;
                self.user = names.min_by_key(|name| is_special(name)).map(str::to_owned);
            }
            "GetStores" => self.store = number("id"),
            "GetWorkerResults" => self.run = number("id"),
            "GetFolderStatistics" => self.archive = text("folder"),
            "GetUserInfo" if self.archive.is_none() => {
                let rights = answer.get("privilegesOnFolders").and_then(Value::as_array);
                let mut folders = rights
                    .into_iter()
                    .flatten()
                    .filter_map(|right| right.get("folder")?.as_str());
                self.archive = folders.next().map(str::to_owned);
            }
            _ => {}
        }
    }

    /// Returns the arguments of a call, or the reason why the function is not called.
    pub(crate) fn arguments(&self, function: &Function) -> Result<Vec<(String, String)>, String> {
        if function.long && !self.slow && !is_bounded(function) {
            return Err("it may run long; `--slow` calls it as well".to_owned());
        }
        let mut arguments = Vec::new();
        for argument in &function.arguments {
            let needed = !argument.nullable || (argument.wire == "folder" && !has(function, "maxLevels"));
            match (self.value(argument), needed) {
                (Some(value), _) => arguments.push((argument.wire.clone(), value)),
                (None, true) => return Err(reason(argument)),
                (None, false) => {}
            }
        }
        Ok(arguments)
    }

    /// Returns the value of an argument. Most optional arguments are omitted.
    fn value(&self, argument: &Argument) -> Option<String> {
        if argument.fixed.is_some() {
            return argument.fixed.clone();
        }
        match (argument.wire.as_str(), argument.ty.named()) {
            ("instanceID", _) => self.instance.clone(),
            ("instanceFilter", _) => Some("*".to_owned()),
            ("fromIncluding", _) => Some(self.from.to_string()),
            ("toExcluding", _) => Some(self.to.to_string()),
            ("folder", _) => self.archive.clone(),
            ("maxLevels", _) => Some("1".to_owned()),
            ("includeSize", _) => Some(self.slow.to_string()),
            ("withServiceStatus", _) => Some("true".to_owned()),
            (_, Some("TimeZone")) => Some("$Local".to_owned()),
            (_, Some("StoreId")) => self.store.map(|id| id.to_string()),
            (_, Some("WorkerResultId")) => self.run.map(|id| id.to_string()),
            ("serverName", _) if !argument.nullable => self.host.clone(),
            ("userName", _) if !argument.nullable => self.user.clone(),
            _ => None,
        }
    }
}

/// Returns whether an argument shortens a function that would otherwise run long.
fn is_bounded(function: &Function) -> bool {
    ["includeSize", "maxLevels", "fromIncluding"]
        .iter()
        .any(|bound| has(function, bound))
}

fn has(function: &Function, argument: &str) -> bool {
    function.arguments.iter().any(|other| other.wire == argument)
}

fn reason(argument: &Argument) -> String {
    let name = &argument.wire;
    match (name.as_str(), &argument.ty) {
        ("instanceID", _) => "no running instance was found; select one with `--instance`".to_owned(),
        ("folder", _) => "no archive was found".to_owned(),
        ("userName", _) => "no user was found".to_owned(),
        ("serverName", _) => "no instance host was found".to_owned(),
        (_, Type::Named { name: ty, .. }) if ty == "WorkerResultId" => {
            "no run of a profile was found; `--days` searches further back".to_owned()
        }
        (_, Type::Named { name: ty, .. }) if ty == "StoreId" => "no archive store was found".to_owned(),
        _ => format!("no value for {name} is known"),
    }
}
