//! Tests that decode every published response of a MailStore server through the public API.
//!
//! The files `samples/*.json` contain the published facts about the result of each function: sample results, the
//! members that were observed as null or as absent, the members for which neither is known (`unsure`), and the words of
//! vocabularies. A member is named by its path, which omits lists. If no value of a member is published, the sample has
//! an invented value of the published type.

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

/// The functions with published results.
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
fn every_function_with_published_results_has_samples_and_a_typed_call() {
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
        let typed: BTreeSet<&str> = functions(edition).iter().copied().collect();
        assert_eq!(sampled, typed, "typed calls of {edition:?}");
    }
}
