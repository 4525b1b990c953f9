//! The rule that says which users do not count for billing.

use globset::GlobSet;

use crate::name_globs::name_globs;

/// The accounts that do not count for billing.
///
/// A user counts for billing unless the user name matches one of the patterns. In a pattern, `*` stands for any text and
/// `?` for one character. Case does not count, because user names of MailStore ignore case.
///
/// ```
/// use mailstore_operations::ServiceAccounts;
///
/// let accounts = ServiceAccounts::new(["svc-*"])?;
/// assert_eq!(accounts.patterns(), ["$archiveadmin", "admin", "svc-*"]);
/// assert!(accounts.contains("SVC-Backup"));
/// assert!(!accounts.contains("jane.doe"));
/// # Ok::<(), mailstore_operations::WrongPattern>(())
/// ```
#[derive(Clone, Debug)]
pub struct ServiceAccounts {
    patterns: Vec<String>,
    set: GlobSet,
}

/// A pattern for user names is invalid.
#[derive(Debug, thiserror::Error)]
#[error("the pattern `{pattern}` for user names is invalid")]
pub struct WrongPattern {
    pattern: String,
    source: globset::Error,
}

impl ServiceAccounts {
    /// The patterns of every rule: the account through which a provider administers an instance, and the first
    /// administrator of an archive.
    pub const ALWAYS: [&str; 2] = ["$archiveadmin", "admin"];

    /// Creates the rule from patterns that are added to [`ALWAYS`](Self::ALWAYS).
    ///
    /// # Errors
    /// A pattern is invalid.
    pub fn new<P: AsRef<str>>(patterns: impl IntoIterator<Item = P>) -> Result<Self, WrongPattern> {
        let mut all: Vec<String> = Self::ALWAYS.map(str::to_owned).to_vec();
        for pattern in patterns {
            let pattern = pattern.as_ref().to_owned();
            if !all.contains(&pattern) {
                all.push(pattern);
            }
        }
        let set = name_globs(&all).map_err(|wrong| WrongPattern {
            pattern: wrong.pattern.map_or_else(|| all.join(","), str::to_owned),
            source: wrong.source,
        })?;
        Ok(Self { patterns: all, set })
    }

    /// Returns the patterns.
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// Returns whether the user is a service account.
    pub fn contains(&self, user_name: &str) -> bool {
        self.set.is_match(user_name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_names_match_and_case_does_not_count() {
        let accounts = ServiceAccounts::new(["svc-*", "admin"]).expect("valid");
        for name in [
            "$archiveadmin",
            "$ARCHIVEADMIN",
            "admin",
            "Admin",
            "svc-",
            "svc-a/b",
        ] {
            assert!(accounts.contains(name), "{name}");
        }
        for name in [
            "administrator",
            "my-admin",
            "archiveadmin",
            "jane.doe",
            "",
            "xsvc-1",
        ] {
            assert!(!accounts.contains(name), "{name}");
        }
        assert_eq!(accounts.patterns().len(), 3);
    }

    #[test]
    fn a_wrong_pattern_is_named() {
        let error = ServiceAccounts::new(["svc-["]).expect_err("invalid");
        assert_eq!(error.to_string(), "the pattern `svc-[` for user names is invalid");
    }
}
