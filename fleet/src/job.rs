//! A job: the file that says which function is called, on which servers, when, and in which order.

mod check;
mod choose;
mod expand;
mod filter;
mod held;
mod list;
mod listed;
mod patterns;
mod places;
mod plan;
mod problem;
mod read;
mod show;
mod size;
mod turns;
mod values;
mod waves;
mod window;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

pub use self::check::Catalogs;
pub use self::choose::NotCalled;
pub use self::expand::Expansion;
pub use self::filter::Filter;
pub use self::held::HeldBack;
pub use self::list::list;
pub use self::listed::{Listed, ListedArchive, ListedServer, ListedStore};
pub use self::patterns::Patterns;
use self::places::Places;
pub use self::plan::{KnownProfile, PlannedInstances, PlannedServer};
pub use self::problem::{Problem, WrongJob};
pub use self::size::{MOST_CALLS, MOST_OVERALL};
pub use self::waves::Wave;
pub use self::window::{Night, Window};
use crate::call::{Limits, OnFailure};

/// A job: one function, the targets on which it is called, and the order of the calls.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Job {
    /// The version of the format, which is 1.
    pub version: u32,
    /// The name of the job. It is part of the window, so that jobs of the same night do not affect each other.
    pub name: String,
    /// The function, such as `VerifyStore`.
    pub function: String,
    /// The arguments of the function, without the instance. Secrets are refused, because the journal would contain them.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub arguments: toml::Table,
    /// Calls the function once for each store of a target. Without it, the function is called once for each target.
    pub for_each_store: Option<ForEachStore>,
    /// Whether the function may delete data or lock users out. The option `--allow-destructive` is needed as well.
    #[serde(default)]
    pub allow_destructive: bool,
    /// When the calls may start, and how often the job is run.
    #[serde(default)]
    pub window: Window,
    /// How many calls run at the same time.
    pub limits: Limits,
    /// What happens after a call failed.
    #[serde(default)]
    pub on_failure: OnFailure,
    /// The place where the workers write the logs and the results of the calls: a folder, or `s3://bucket/prefix`. A
    /// relative path begins in the folder of the job.
    pub logs: String,
    /// The servers and instances.
    #[serde(rename = "target")]
    pub targets: Vec<Filter>,
    /// Servers and instances that are left out, even if they are targets.
    #[serde(default, rename = "except")]
    pub exceptions: Vec<Filter>,
    /// The order: a wave starts when the one before has ended well. Targets that are in no wave are in the last wave.
    #[serde(default, rename = "wave")]
    pub waves: Vec<Wave>,
    /// The places of the fields in the file.
    #[serde(skip)]
    places: Places,
}

/// Which stores of a target the function is called for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ForEachStore {
    /// The argument that receives the number of the store.
    #[serde(default = "id")]
    pub argument: String,
    /// Patterns for the names of the stores. Without it, all stores are meant.
    pub names: Option<Patterns>,
    /// The requested states of the stores, such as `current` or `normal`. Without it, all states but `disabled` are
    /// meant.
    pub states: Option<Vec<String>>,
    /// Whether only stores are meant that need an upgrade.
    #[serde(default)]
    pub needs_upgrade: bool,
    /// Whether only stores are meant whose search indexes must be rebuilt.
    #[serde(default)]
    pub needs_rebuild: bool,
}

fn id() -> String {
    "id".to_owned()
}

impl Job {
    /// Returns the JSON Schema of the file.
    pub fn schema() -> schemars::Schema {
        schemars::schema_for!(Self)
    }
}
