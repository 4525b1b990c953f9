//! Compares names of users.

/// Returns whether both names are of the same user or of the archive of the same user.
pub(super) fn same_name(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
