//! One archive: its users, folders, stores, profiles, results, jobs and configuration.

use super::configuration::Configuration;
use super::folders::Folders;
use super::jobs::Jobs;
use super::profiles::{Profiles, WorkerResults};
use super::stores::Stores;
use super::users::Users;

/// The archive of MailStore Server, or of one instance of the Service Provider Edition.
pub(crate) struct Archive {
    /// The machine that worker results name.
    pub(crate) machine: String,
    pub(crate) users: Users,
    pub(crate) folders: Folders,
    pub(crate) stores: Stores,
    pub(crate) profiles: Profiles,
    pub(crate) worker_results: WorkerResults,
    pub(crate) jobs: Jobs,
    pub(crate) configuration: Configuration,
}
