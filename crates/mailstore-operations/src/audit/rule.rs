//! The ids of the rules.

use serde::{Deserialize, Serialize};

/// A built-in rule. Its id, such as `mfa-off`, does not change in later versions.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Rule {
    /// The pause between two runs of an automatic profile is too short or too long.
    ProfileInterval,
    /// A user has no e-mail address.
    UserWithoutEmail,
    /// An administrator is not on the list.
    Administrators,
    /// A user has no second factor.
    MfaOff,
    /// A store was not verified for too long, or its last verification failed.
    StoreNotVerified,
    /// A store has the format of an older version.
    StoreNeedsUpgrade,
    /// A store has an error.
    StoreError,
    /// Search indexes of a store must be rebuilt.
    IndexRebuild,
    /// There are more users than the licence or the contract allows.
    LicenceOver,
    /// No retention policy is active.
    RetentionOff,
    /// Legal hold is off although it is required, or on although it must be off.
    LegalHold,
    /// Activities that must be logged are not logged.
    AuditLog,
}

impl Rule {
    /// All rules, in the order of a report.
    pub const ALL: &'static [Self] = &[
        Self::ProfileInterval,
        Self::UserWithoutEmail,
        Self::Administrators,
        Self::MfaOff,
        Self::StoreNotVerified,
        Self::StoreNeedsUpgrade,
        Self::StoreError,
        Self::IndexRebuild,
        Self::LicenceOver,
        Self::RetentionOff,
        Self::LegalHold,
        Self::AuditLog,
    ];

    /// Returns the id.
    pub fn id(self) -> &'static str {
        match self {
            Self::ProfileInterval => "profile-interval",
            Self::UserWithoutEmail => "user-without-email",
            Self::Administrators => "administrators",
            Self::MfaOff => "mfa-off",
            Self::StoreNotVerified => "store-not-verified",
            Self::StoreNeedsUpgrade => "store-needs-upgrade",
            Self::StoreError => "store-error",
            Self::IndexRebuild => "index-rebuild",
            Self::LicenceOver => "licence-over",
            Self::RetentionOff => "retention-off",
            Self::LegalHold => "legal-hold",
            Self::AuditLog => "audit-log",
        }
    }
}

/// How bad a finding is. The file sets it for each rule.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Should be changed.
    Warning,
    /// Must be changed soon.
    Critical,
}

impl Severity {
    /// Returns the word in files and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}
