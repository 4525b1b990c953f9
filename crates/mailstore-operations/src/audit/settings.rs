//! The parameters of the rules.

use std::collections::BTreeMap;

use mailstore_api::jiff::{SignedDuration, Span, SpanRelativeTo};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::patterns::Patterns;
use super::rule::{Rule, Severity};
use crate::ServiceAccounts;

/// Declares the parameters of a rule with their defaults. Every rule can be switched off, and has a severity.
macro_rules! settings {
    (
        $(#[$about:meta])* $name:ident($enabled:expr, $severity:ident) {
            $($(#[$field_about:meta])* $field:ident: $type:ty = $default:expr,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, Deserialize)]
        #[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
        pub struct $name {
            /// Whether the rule is used.
            pub enabled: bool,
            /// How bad a finding is.
            pub severity: Severity,
            $($(#[$field_about])* pub $field: $type,)*
        }

        impl Default for $name {
            fn default() -> Self {
                Self {
                    enabled: $enabled,
                    severity: Severity::$severity,
                    $($field: $default,)*
                }
            }
        }
    };
}

settings! {
    /// Parameters of a rule that has no others.
    Switch(true, Warning) {}
}

settings! {
    /// Parameters of [`Rule::ProfileInterval`].
    ProfileInterval(true, Warning) {
        /// The shortest pause that is allowed between two runs, such as `5m`.
        #[serde(deserialize_with = "duration")]
        min: SignedDuration = SignedDuration::from_mins(1),
        /// The longest pause that is allowed between two runs, such as `24h`.
        #[serde(deserialize_with = "duration")]
        max: SignedDuration = SignedDuration::from_hours(24),
    }
}

settings! {
    /// Parameters of [`Rule::UserWithoutEmail`].
    UserWithoutEmail(true, Warning) {
        /// Users that need no address.
        ignore: Patterns = Patterns::fixed(&ServiceAccounts::ALWAYS),
    }
}

settings! {
    /// Parameters of [`Rule::Administrators`].
    Administrators(true, Critical) {
        /// Administrators of an archive that are expected.
        allow: Patterns = Patterns::fixed(&ServiceAccounts::ALWAYS),
        /// System administrators of the Service Provider Edition that are expected.
        allow_system: Patterns = Patterns::fixed(&["admin"]),
    }
}

settings! {
    /// Parameters of [`Rule::MfaOff`].
    MfaOff(true, Warning) {
        /// Users that need no second factor.
        ignore: Patterns = Patterns::default(),
        /// Words of the server that mean that a second factor is set up. `Disabled` is a finding, and any other word
        /// is unknown.
        on: Vec<String> = vec!["Enabled".to_owned()],
    }
}

settings! {
    /// Parameters of [`Rule::StoreNotVerified`].
    StoreNotVerified(true, Warning) {
        /// The number of days in which a store must be verified.
        max_days: u16 = 30,
    }
}

settings! {
    /// Parameters of [`Rule::LicenceOver`].
    LicenceOver(true, Critical) {
        /// The part of the licence that may be used, in percent.
        max_percent: u16 = 100,
        /// The number of users that the contract allows, by the id of the instance of the Service Provider Edition,
        /// which has no such number itself.
        contract: BTreeMap<String, u32> = BTreeMap::new(),
        /// Users that do not count towards the contract.
        ignore: Patterns = Patterns::fixed(&ServiceAccounts::ALWAYS),
    }
}

settings! {
    /// Parameters of [`Rule::LegalHold`].
    LegalHold(false, Critical) {
        /// Whether legal hold must be on.
        required: bool = true,
    }
}

settings! {
    /// Parameters of [`Rule::AuditLog`].
    AuditLog(true, Info) {
        /// Activities whose success must be logged, such as `SessionLogin`. Without them, one activity is enough.
        required: Vec<String> = Vec::new(),
    }
}

/// The parameters of all rules.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each field is the rule of the same name")]
pub struct Rules {
    pub profile_interval: ProfileInterval,
    pub user_without_email: UserWithoutEmail,
    pub administrators: Administrators,
    pub mfa_off: MfaOff,
    pub store_not_verified: StoreNotVerified,
    pub store_needs_upgrade: Switch,
    pub store_error: Switch,
    pub index_rebuild: Switch,
    pub licence_over: LicenceOver,
    pub retention_off: Switch,
    pub legal_hold: LegalHold,
    pub audit_log: AuditLog,
}

impl Rules {
    /// Returns the severity of a rule. Returns `None` if the rule is switched off.
    pub fn severity(&self, rule: Rule) -> Option<Severity> {
        let (enabled, severity) = match rule {
            Rule::ProfileInterval => (self.profile_interval.enabled, self.profile_interval.severity),
            Rule::UserWithoutEmail => (self.user_without_email.enabled, self.user_without_email.severity),
            Rule::Administrators => (self.administrators.enabled, self.administrators.severity),
            Rule::MfaOff => (self.mfa_off.enabled, self.mfa_off.severity),
            Rule::StoreNotVerified => (self.store_not_verified.enabled, self.store_not_verified.severity),
            Rule::StoreNeedsUpgrade => (
                self.store_needs_upgrade.enabled,
                self.store_needs_upgrade.severity,
            ),
            Rule::StoreError => (self.store_error.enabled, self.store_error.severity),
            Rule::IndexRebuild => (self.index_rebuild.enabled, self.index_rebuild.severity),
            Rule::LicenceOver => (self.licence_over.enabled, self.licence_over.severity),
            Rule::RetentionOff => (self.retention_off.enabled, self.retention_off.severity),
            Rule::LegalHold => (self.legal_hold.enabled, self.legal_hold.severity),
            Rule::AuditLog => (self.audit_log.enabled, self.audit_log.severity),
        };
        enabled.then_some(severity)
    }
}

/// Reads a duration with its unit. A day has 24 hours.
fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SignedDuration, D::Error> {
    let text = String::deserialize(deserializer)?;
    let span: Result<Span, _> = text.parse();
    span.and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()))
        .ok()
        .filter(|duration| !duration.is_negative())
        .ok_or_else(|| D::Error::custom("a duration is written as `90m`, `26h` or `7d`"))
}
