//! A checked job: the function and the arguments for each server.

use std::collections::BTreeMap;

use mailstore_api::Edition;

use crate::call::CallEffect;

/// A profile, as far as a job needs to know it.
#[derive(Clone, Debug)]
pub struct KnownProfile {
    /// The product.
    pub edition: Edition,
    /// The server, as `https://host:port`.
    pub server: String,
    /// Whether functions that change something are refused.
    pub read_only: bool,
    /// The instance that is used if the job names none.
    pub instance: Option<String>,
}

/// A server of a job, with the function as it is called there.
#[derive(Clone, Debug)]
pub struct PlannedServer {
    /// The name of the profile.
    pub profile: String,
    /// The server, as `https://host:port`.
    pub server: String,
    /// The product.
    pub edition: Edition,
    /// The function in the spelling of the server.
    pub function: String,
    /// What the function may do.
    pub effect: CallEffect,
    /// The arguments without the instance and the store.
    pub arguments: BTreeMap<String, String>,
    /// The argument that receives the number of a store, if the function is called for each store.
    pub store_argument: Option<String>,
    /// Which instances the function is called on.
    pub instances: PlannedInstances,
}

/// Which instances of a server a function is called on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlannedInstances {
    /// The function is called on the server as a whole.
    None,
    /// The instance that the profile names.
    One(String),
    /// The instances that match the filters of the job. A filter without instances means the one of the profile.
    Matching(Option<String>),
}

impl PlannedServer {
    /// Returns whether the instances or stores must be listed before the calls are known.
    pub fn must_be_listed(&self) -> bool {
        self.store_argument.is_some() || matches!(self.instances, PlannedInstances::Matching(_))
    }
}
