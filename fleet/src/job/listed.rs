//! What the servers of a job have: their instances and stores.

use std::collections::BTreeMap;

/// What the servers of a job have, by the names of their profiles.
#[derive(Clone, Debug, Default)]
pub struct Listed(pub BTreeMap<String, ListedServer>);

/// What one server has, or why it is not known.
pub type ListedServer = Result<Vec<ListedArchive>, String>;

/// A MailStore Server, or an instance of the Service Provider Edition.
#[derive(Clone, Debug)]
pub struct ListedArchive {
    /// The id of the instance. `None` is the server as a whole.
    pub instance: Option<String>,
    /// Why the instance cannot be called: it is not running.
    pub not_running: Option<String>,
    /// The stores, or why they are not known. It is empty if the job does not need them.
    pub stores: Result<Vec<ListedStore>, String>,
}

/// A store, with what a job can choose it by.
#[derive(Clone, Debug)]
pub struct ListedStore {
    /// The number of the store.
    pub id: i64,
    /// The name of the store.
    pub name: String,
    /// The requested state.
    pub state: String,
    /// Whether the store needs an upgrade. `None` if the server does not say it.
    pub needs_upgrade: Option<bool>,
    /// Whether its search indexes must be rebuilt. `None` if the server does not say it.
    pub needs_rebuild: Option<bool>,
}
