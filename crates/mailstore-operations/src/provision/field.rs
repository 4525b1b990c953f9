//! The fields of users and profiles that a plan can change.

use serde::{Deserialize, Serialize};

/// A field of a user or a profile. The order is the order of the calls.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// The display name of a user.
    FullName,
    /// The LDAP distinguished name of a user.
    DistinguishedName,
    /// Who checks the password of a user.
    Authentication,
    /// The e-mail addresses of a user.
    Emails,
    /// The POP3 user names of a user.
    Pop3UserNames,
    /// The global privileges of a user.
    Privileges,
    /// The ways in which a user may log in.
    LoginPrivileges,
    /// The privileges of a user on this archive.
    Folder(String),
    /// Whether the server runs a profile automatically.
    Automatic,
    /// The pause between two runs of a profile, in seconds.
    PauseSeconds,
    /// Times without automatic runs of a profile.
    MaintenanceWindows,
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::FullName => "full name",
            Self::DistinguishedName => "distinguished name",
            Self::Authentication => "authentication",
            Self::Emails => "emails",
            Self::Pop3UserNames => "POP3 user names",
            Self::Privileges => "privileges",
            Self::LoginPrivileges => "login privileges",
            Self::Folder(folder) => return write!(f, "folder {}", mailstore_api::printable(folder)),
            Self::Automatic => "automatic",
            Self::PauseSeconds => "pause in seconds",
            Self::MaintenanceWindows => "maintenance windows",
        })
    }
}
