//! Every answer of a MailStore that has been published, read through the public API.
//!
//! What is known of a function's result lies in `samples/*.json`: sample results, and of their members which have been
//! seen as null, which as absent, of which nothing of that kind is known (`unsure`), and the words of vocabularies. A
//! member is named by its path; lists on the way are passed through. Where no value of a member has been published, the
//! sample has an invented one of the published type.

mod ask;
mod documents;
mod failures;
#[path = "samples/fields/runs.rs"]
mod fields_of_runs;
#[path = "samples/fields/settings.rs"]
mod fields_of_settings;
#[path = "samples/fields/archive.rs"]
mod fields_of_the_archive;
#[path = "samples/fields/installation.rs"]
mod fields_of_the_installation;
#[path = "samples/fields/system.rs"]
mod fields_of_the_system;
#[path = "samples/fields/users.rs"]
mod fields_of_users;
mod published;
mod sent_back;
mod shapes;
mod words;

use std::collections::BTreeSet;

use ask::functions;
use mailstore_api::{Edition, server, spe};
use published::Published;

/// The functions of whose results anything is published.
const PUBLISHED: [&str; 38] = [
    "CreateSystemAdministrator",
    "CreateUser",
    "GetActiveSessions",
    "GetChildFolders",
    "GetClientAccessServers",
    "GetComplianceConfiguration",
    "GetCredentials",
    "GetDirectoriesOnInstanceHost",
    "GetDirectoryServicesConfiguration",
    "GetEnvironmentInfo",
    "GetFolderStatistics",
    "GetIndexConfiguration",
    "GetInstanceConfiguration",
    "GetInstanceHosts",
    "GetInstanceProcessLiveStatistics",
    "GetInstanceStatistics",
    "GetInstances",
    "GetJobResults",
    "GetJobs",
    "GetLicenseInformation",
    "GetMessages",
    "GetProfiles",
    "GetRetentionPolicies",
    "GetServerInfo",
    "GetServiceConfiguration",
    "GetServiceStatus",
    "GetSmtpSettings",
    "GetStoreAutoCreateConfiguration",
    "GetStoreIndexes",
    "GetStores",
    "GetSystemAdministrators",
    "GetSystemSmtpConfiguration",
    "GetTimeZones",
    "GetUserInfo",
    "GetUsers",
    "GetWorkerResults",
    "SetUserPrivilegesOnFolder",
    "VerifyStore",
];

#[test]
fn no_function_is_forgotten() {
    let all = Published::all();
    let sampled: BTreeSet<&str> = all.iter().map(|published| published.function.as_str()).collect();
    assert_eq!(sampled, BTreeSet::from(PUBLISHED), "functions with samples");

    for (edition, surface) in [
        (Edition::Server, &server::catalog::SURFACE),
        (Edition::Spe, &spe::catalog::SURFACE),
    ] {
        let of_edition = |published: &&Published| published.editions().contains(&edition);
        let sampled: BTreeSet<&str> = all
            .iter()
            .filter(of_edition)
            .map(|published| published.function.as_str())
            .collect();
        let known: BTreeSet<&str> = PUBLISHED
            .into_iter()
            .filter(|name| surface.function(name).is_some())
            .collect();
        assert_eq!(sampled, known, "functions of the catalog of {edition:?}");
        let asked: BTreeSet<&str> = functions(edition).iter().copied().collect();
        assert_eq!(sampled, asked, "typed calls of {edition:?}");
    }
}
