//! The two products, and how a function list determines the product.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::dump::Dump;
use crate::known::Known;

/// The MailStore product of a server.
///
/// Servers do not report their edition, so [`Edition::of`] derives it from the function list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Edition {
    /// MailStore Server. Its API is the Administration API.
    Server,
    /// MailStore Service Provider Edition. Its API is the Management API.
    Spe,
}

impl Edition {
    /// Both editions.
    pub const ALL: [Self; 2] = [Self::Server, Self::Spe];

    /// Derives the edition from the names and arguments of a server's functions.
    ///
    /// Functions that only one edition has decide by majority, so a single function that moves to the other edition
    /// does not change the result. Both editions have some functions in common; in the Service Provider Edition,
    /// these take an `instanceID`. They decide only if the list contains no function that only one edition has, for
    /// example because it is a part of a function list.
    ///
    /// Returns `None` if the list contains no known function, or the same number from both editions.
    ///
    /// ```
    /// use mailstore_metadata::{Dump, Edition};
    ///
    /// let dump = Dump::parse("dump.json", br#"[{"name": "GetServerInfo"}, {"name": "SomethingNew"}]"#)?;
    /// assert_eq!(Edition::of(&dump), Some(Edition::Server));
    /// # Ok::<(), mailstore_metadata::DumpError>(())
    /// ```
    pub fn of(dump: &Dump) -> Option<Self> {
        Self::of_functions(listed(dump))
    }

    /// Like [`Edition::of`], but functions with unknown types count as well.
    pub fn of_known(known: &Known) -> Option<Self> {
        // It is not known whether a left-out function takes an `instanceID`, so only its name counts.
        let left_out = known.left_out.iter().map(|left_out| left_out.function.as_str());
        let left_out = left_out.filter(|name| only_in(name).is_some());
        Self::of_functions(listed(&known.dump).chain(left_out.map(|name| (name, false))))
    }

    /// Like [`Edition::of`], for functions that are not in a dump. Each item is the name of a function and whether the
    /// function takes an `instanceID`.
    pub fn of_functions<'a>(functions: impl IntoIterator<Item = (&'a str, bool)>) -> Option<Self> {
        let (mut decisive, mut shared) = (Votes::default(), Votes::default());
        for (name, takes_instance) in functions {
            match only_in(name) {
                // A function that only Server had can be added to the Service Provider Edition, with an `instanceID`.
                Some(edition) => decisive.count(if takes_instance { Self::Spe } else { edition }),
                None if takes_instance => shared.count(Self::Spe),
                None if contains(IN_BOTH, name) => shared.count(Self::Server),
                None => {}
            }
        }
        decisive.winner().or_else(|| shared.winner())
    }

    /// Returns the word for the edition on command lines and in files: `server` or `spe`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Spe => "spe",
        }
    }

    /// Returns the name of the product.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Server => "MailStore Server",
            Self::Spe => "MailStore Service Provider Edition",
        }
    }

    /// Returns the default TCP port of the API (documented).
    pub const fn port(self) -> u16 {
        match self {
            Self::Server => 8463,
            Self::Spe => 8474,
        }
    }

    /// Returns a read-only function that requires credentials and has no required argument. Its result has the
    /// members `version`, and `machineName` (Server) or `serverName` (Service Provider Edition).
    pub const fn info_function(self) -> &'static str {
        match self {
            Self::Server => "GetServerInfo",
            Self::Spe => "GetEnvironmentInfo",
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

impl FromStr for Edition {
    type Err = UnknownEdition;

    /// Accepts `server`, `spe` and the product name, in any case.
    fn from_str(word: &str) -> Result<Self, UnknownEdition> {
        let is_named = |edition: &Self| {
            [edition.as_str(), edition.title()]
                .iter()
                .any(|name| name.eq_ignore_ascii_case(word))
        };
        let named = Self::ALL.into_iter().find(is_named);
        named.ok_or_else(|| UnknownEdition(word.to_owned()))
    }
}

/// The error for a word that is not an edition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an edition; write `server` or `spe`")]
pub struct UnknownEdition(String);

/// The argument that addresses one instance of the Service Provider Edition (documented).
pub const INSTANCE_ARGUMENT: &str = "instanceID";

#[derive(Default)]
struct Votes {
    server: usize,
    spe: usize,
}

impl Votes {
    fn count(&mut self, edition: Edition) {
        match edition {
            Edition::Server => self.server += 1,
            Edition::Spe => self.spe += 1,
        }
    }

    fn winner(&self) -> Option<Edition> {
        match self.server.cmp(&self.spe) {
            std::cmp::Ordering::Greater => Some(Edition::Server),
            std::cmp::Ordering::Less => Some(Edition::Spe),
            std::cmp::Ordering::Equal => None,
        }
    }
}

fn listed(dump: &Dump) -> impl Iterator<Item = (&str, bool)> {
    dump.functions().iter().map(|function| {
        (
            function.name.as_str(),
            function.argument(INSTANCE_ARGUMENT).is_some(),
        )
    })
}

fn only_in(name: &str) -> Option<Edition> {
    if contains(ONLY_IN_SERVER, name) {
        Some(Edition::Server)
    } else if contains(ONLY_IN_SPE, name) {
        Some(Edition::Spe)
    } else {
        None
    }
}

fn contains(table: &str, name: &str) -> bool {
    table.split_ascii_whitespace().any(|entry| entry == name)
}

/// Functions of Server 9 and 24 that SPE 24 lacks. Functions of newer versions may be missing here; they are ignored.
const ONLY_IN_SERVER: &str = "
    CompactMasterDatabase CreateBackup DeleteMessage GetActiveSessions GetLicenseInformation GetMessages GetServerInfo
    GetServiceConfiguration GetStoreIndexes RebuildStoreIndex RenewMasterKey SetServiceCertificate SetStoreProperties";

/// Functions of SPE 24 that Server 24 lacks.
const ONLY_IN_SPE: &str = "
    CanRunArchiveProfiles CreateClientAccessServer CreateClientOneTimeUrlForArchiveAdmin
    CreateDirectoryOnInstanceHost CreateInstance CreateInstanceHost CreateLicenseRequest CreateSystemAdministrator
    CreateSystemAdministratorAPIPassword DeactivateSystemAdministratorMFA DeleteClientAccessServer DeleteInstanceHost
    DeleteInstances DeleteSystemAdministrator FreezeInstances GetArchiveAdminEnabled GetClientAccessServers
    GetDirectoriesOnInstanceHost GetEnvironmentInfo GetIndexConfiguration GetInstanceConfiguration GetInstanceHosts
    GetInstanceProcessLiveStatistics GetInstanceStatistics GetInstances GetServiceStatus GetSystemAdministrators
    GetSystemSmtpConfiguration InitializeSystemAdministratorMFA PairWithManagementServer Ping ReloadBranding
    RestartInstances SetArchiveAdminEnabled SetClientAccessServerConfiguration SetIndexConfiguration
    SetInstanceConfiguration SetInstanceHostConfiguration SetStorePath SetSystemAdministratorConfiguration
    SetSystemAdministratorPassword SetSystemSmtpConfiguration StartInstances StopInstances TestSystemSmtpConfiguration
    ThawInstances";

/// Functions of both editions. The Service Provider Edition requires an `instanceID` for each of them, Server for
/// none.
const IN_BOTH: &str = "
    AttachStore CancelJobAsync ClearUserPrivilegesOnFolders CompactStore CreateJob CreateProfile CreateStore
    CreateUser DeleteAppPasswords DeleteEmptyFolders DeleteJob DeleteProfile DeleteUser DetachStore DisableMFA
    GetChildFolders GetComplianceConfiguration GetCredentials GetDirectoryServicesConfiguration GetFolderStatistics
    GetJobResults GetJobs GetProfiles GetRetentionPolicies GetSmtpSettings GetStoreAutoCreateConfiguration GetStores
    GetTimeZones GetUserInfo GetUsers GetWorkerResultReport GetWorkerResults InitializeMFA MaintainFileSystemDatabases
    MergeStore MoveFolder ProcessRetentionPolicies RebuildSelectedStoreIndexes RecoverStore RecreateRecoveryRecords
    RefreshAllStoreStatistics RenameJob RenameStore RenameUser RepairStoreDatabase RetryOpenStores RunJobAsync
    RunProfile RunTemporaryProfile SelectAllStoreIndexesForRebuild SendStatusReport SetComplianceConfiguration
    SetDirectoryServicesConfiguration SetJobEnabled SetJobSchedule SetProfileServerSideExecution SetRetentionPolicies
    SetSmtpSettings SetStoreAutoCreateConfiguration SetStoreRequestedState SetUserAuthentication
    SetUserDistinguishedName SetUserEmailAddresses SetUserFullName SetUserLoginPrivileges SetUserPassword
    SetUserPop3UserNames SetUserPrivileges SetUserPrivilegesOnFolder SyncUsersWithDirectoryServices TestSmtpSettings
    UnlockStore UpgradeStore UpgradeStores VerifyStore VerifyStores";

#[cfg(test)]
mod tests {
    use super::*;

    fn edition(functions: &[(&str, bool)]) -> Option<Edition> {
        Edition::of_functions(functions.iter().copied())
    }

    #[test]
    fn one_function_of_only_one_edition_is_enough() {
        assert_eq!(edition(&[("GetServerInfo", false)]), Some(Edition::Server));
        assert_eq!(
            edition(&[("GetInstances", false), ("New", false)]),
            Some(Edition::Spe)
        );
    }

    #[test]
    fn the_instance_argument_determines_the_edition_of_a_shared_function() {
        assert_eq!(edition(&[("DeleteUser", false)]), Some(Edition::Server));
        assert_eq!(edition(&[("DeleteUser", true)]), Some(Edition::Spe));
        assert_eq!(edition(&[("New", true)]), Some(Edition::Spe));
    }

    #[test]
    fn unknown_functions_do_not_determine_the_edition() {
        assert_eq!(edition(&[]), None);
        assert_eq!(edition(&[("New", false), ("deleteuser", false)]), None);
    }

    #[test]
    fn the_majority_decides() {
        let moved = [("GetServerInfo", false), ("CreateBackup", false), ("Ping", false)];
        assert_eq!(edition(&moved), Some(Edition::Server));
        assert_eq!(edition(&moved[1..]), None);
        // A later SPE that renames `instanceID` is still detected by the functions that only SPE has.
        let renamed = [
            ("GetInstances", false),
            ("GetUsers", false),
            ("DeleteUser", false),
        ];
        assert_eq!(edition(&renamed), Some(Edition::Spe));
        // A later SPE may have functions that only Server had, for each instance.
        assert_eq!(
            edition(&[("GetMessages", true), ("DeleteMessage", true)]),
            Some(Edition::Spe)
        );
    }

    #[test]
    fn functions_with_unknown_types_count_by_their_names() {
        let text = r#"[{"name": "GetInstances", "args": [{"name": "at", "type": "date", "nullable": true}]},
                       {"name": "DeleteUser", "args": [{"name": "at", "type": "date", "nullable": true}]}]"#;
        let known = Dump::parse_known("test.json", text.as_bytes()).unwrap();
        assert_eq!(Edition::of_known(&known), Some(Edition::Spe));
    }
}
