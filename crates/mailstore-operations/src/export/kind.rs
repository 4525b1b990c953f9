//! The kinds of documents in an export, and the functions that return them.

use super::place::{PLATFORM, SERVER};

/// A kind of document. One function returns it.
#[derive(Debug)]
pub(crate) struct Kind {
    /// The name of the file, without its extension.
    pub(crate) name: &'static str,
    pub(crate) function: &'static str,
    /// The arguments of the function besides the instance.
    pub(crate) arguments: &'static [(&'static str, &'static str)],
    /// The members that identify a row. Empty if the document is one object.
    pub(crate) identity: &'static [&'static str],
    /// The members that the server changes on its own, without a change of the configuration.
    pub(crate) volatile: &'static [&'static str],
    /// Whether the function works only while the instance is running.
    pub(crate) needs_running: bool,
}

impl Kind {
    /// Starts the description of a kind. The setters are `const` and add the other facts.
    const fn new(name: &'static str, function: &'static str) -> Self {
        Self {
            name,
            function,
            arguments: &[],
            identity: &[],
            volatile: &[],
            needs_running: true,
        }
    }

    const fn with(mut self, arguments: &'static [(&'static str, &'static str)]) -> Self {
        self.arguments = arguments;
        self
    }

    const fn identity(mut self, members: &'static [&'static str]) -> Self {
        self.identity = members;
        self
    }

    const fn volatile(mut self, members: &'static [&'static str]) -> Self {
        self.volatile = members;
        self
    }

    const fn of_any_instance(mut self) -> Self {
        self.needs_running = false;
        self
    }
}

/// The users of an archive. Each is a document of its own.
pub(crate) const USER: Kind = Kind::new("users", "GetUserInfo");
/// The function that lists the users.
pub(crate) const LIST_OF_USERS: Kind = Kind::new("users", "GetUsers");

/// The kinds of every archive.
const OF_ARCHIVES: [Kind; 10] = [
    Kind::new("compliance", "GetComplianceConfiguration"),
    Kind::new("credentials", "GetCredentials").identity(&["ID"]),
    Kind::new("directory-services", "GetDirectoryServicesConfiguration"),
    Kind::new("folders", "GetChildFolders")
        .with(&[("maxLevels", "1")])
        .identity(&["folder"]),
    Kind::new("jobs", "GetJobs").identity(&["name"]).volatile(&[
        "lastCompleteDateTimeUtc",
        "lastStartDateTimeUtc",
        "nextStartDateTimeUtc",
    ]),
    Kind::new("profiles", "GetProfiles")
        .with(&[("raw", "true")])
        .identity(&["name", "owner"])
        .volatile(&["version"]),
    Kind::new("retention", "GetRetentionPolicies").identity(&["name"]),
    Kind::new("smtp", "GetSmtpSettings"),
    Kind::new("store-auto-create", "GetStoreAutoCreateConfiguration"),
    Kind::new("stores", "GetStores")
        .with(&[("includeSize", "false")])
        .identity(&["id"])
        .volatile(&[
            "error",
            "needsUpgrade",
            "searchIndexesNeedRebuild",
            "statisticsCount",
            "statisticsSize",
        ]),
];

/// The further kinds of MailStore Server. The first contains the version.
const OF_SERVER: [Kind; 3] = [
    Kind::new("server", "GetServerInfo"),
    Kind::new("licence", "GetLicenseInformation").volatile(&["namedUsers"]),
    Kind::new("service", "GetServiceConfiguration"),
];

/// The further kinds of an instance.
const OF_INSTANCES: [Kind; 3] = [
    Kind::new("archive-admin", "GetArchiveAdminEnabled").of_any_instance(),
    Kind::new("configuration", "GetInstanceConfiguration").of_any_instance(),
    Kind::new("index", "GetIndexConfiguration").of_any_instance(),
];

/// The kinds of the Service Provider Edition as a whole. The first contains the version.
const OF_PLATFORM: [Kind; 6] = [
    Kind::new("environment", "GetEnvironmentInfo").volatile(&[
        "userName",
        "systemProperties.processors",
        "systemProperties.totalPhysicalMemory",
    ]),
    Kind::new("administrators", "GetSystemAdministrators").identity(&["userName"]),
    Kind::new("client-access-servers", "GetClientAccessServers")
        .with(&[("withServiceStatus", "false")])
        .identity(&["serverName"]),
    Kind::new("hosts", "GetInstanceHosts").identity(&["serverName"]),
    Kind::new("instances", "GetInstances")
        .with(&[("instanceFilter", "*")])
        .identity(&["instanceID"])
        .volatile(&["processID", "startStopError", "status"]),
    Kind::new("smtp", "GetSystemSmtpConfiguration"),
];

/// Returns the kinds of a folder of an export, without the users. The first kind of [`SERVER`] and of [`PLATFORM`]
/// contains the version.
pub(crate) fn kinds_of(archive: &str) -> impl Iterator<Item = &'static Kind> {
    let (own, shared): (&'static [Kind], &'static [Kind]) = match archive {
        PLATFORM => (&OF_PLATFORM, &[]),
        SERVER => (&OF_SERVER, &OF_ARCHIVES),
        _ => (&OF_INSTANCES, &OF_ARCHIVES),
    };
    own.iter().chain(shared)
}

/// Returns the members that identify an object of a kind. Empty if the kind has one object.
pub(crate) fn identity_of(archive: &str, kind: &str) -> &'static [&'static str] {
    if kind == USER.name {
        return &["userName"];
    }
    let found = kinds_of(archive).find(|known| known.name == kind);
    found.map_or(&[], |known| known.identity)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use mailstore_api::{Effect, Surface, server, spe};

    use super::*;
    use crate::export::place::INSTANCES;

    /// The functions that only read and whose results are not configuration.
    const NOT_CONFIGURATION: [&str; 16] = [
        "CanRunArchiveProfiles",
        "GetActiveSessions",
        "GetDirectoriesOnInstanceHost",
        "GetFolderStatistics",
        "GetInstanceProcessLiveStatistics",
        "GetInstanceStatistics",
        "GetJobResults",
        "GetMessages",
        "GetServiceStatus",
        "GetStoreIndexes",
        "GetTimeZones",
        "GetWorkerResultReport",
        "GetWorkerResults",
        "Ping",
        "GetUserInfo",
        "GetUsers",
    ];

    #[test]
    fn every_function_that_only_reads_is_exported_or_is_not_configuration() {
        let exported = |archives: &[&str]| -> BTreeSet<&str> {
            let kinds = archives.iter().flat_map(|archive| kinds_of(archive));
            kinds.map(|kind| kind.function).collect()
        };
        let check = |surface: &Surface, exported: &BTreeSet<&str>| {
            let reads = surface
                .functions
                .iter()
                .filter(|function| function.effect == Effect::Read);
            let reads: BTreeSet<&str> = reads.map(|function| function.name).collect();
            let missing: Vec<&&str> = reads.difference(exported).collect();
            let wrong: Vec<&&&str> = missing
                .iter()
                .filter(|name| !NOT_CONFIGURATION.contains(**name))
                .collect();
            assert!(wrong.is_empty(), "{wrong:?}");
            assert!(exported.is_subset(&reads), "{exported:?}");
        };
        check(&server::catalog::SURFACE, &exported(&[SERVER]));
        check(&spe::catalog::SURFACE, &exported(&[PLATFORM, INSTANCES]));
    }
}
