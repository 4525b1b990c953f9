//! Chooses servers and instances by their names.

use schemars::JsonSchema;
use serde::Deserialize;

use super::patterns::Patterns;

/// Chooses servers by their profiles, and instances of the Service Provider Edition by their ids.
///
/// A pattern such as `cust-*` matches several names. A pattern that matches no name is an error.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Filter {
    /// Patterns for the names of profiles.
    pub profiles: Patterns,
    /// Patterns for the ids of instances. A target without it is the instance that the profile names.
    pub instances: Option<Patterns>,
}

impl Filter {
    /// Returns whether an exception or a wave with this filter contains a target. Without patterns for instances, it
    /// contains all instances of the servers.
    pub(super) fn contains(&self, profile: &str, instance: Option<&str>) -> bool {
        let has_instance = match (&self.instances, instance) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(patterns), Some(instance)) => patterns.matches(instance),
        };
        self.profiles.matches(profile) && has_instance
    }
}
