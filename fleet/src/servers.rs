//! The servers of a window by the names of their profiles.

use std::collections::BTreeMap;

use mailstore_api::printable;
use serde::{Deserialize, Serialize};

use crate::call::Call;

/// The servers of a window, as `https://host:port`, by the names of their profiles.
///
/// The key of a call has the name of its profile. If the profile gets another name, the same call has another key and
/// would be made again. If it gets another server, a call that was made at the old server counts as made at the new one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Servers(BTreeMap<String, String>);

impl Servers {
    /// Returns the servers of calls.
    pub(crate) fn of(calls: &[Call]) -> Self {
        let of_call = |call: &Call| (call.profile.clone(), call.server.clone());
        Self(calls.iter().map(of_call).collect())
    }

    /// Adds the servers of a later job of the same window.
    ///
    /// # Errors
    /// A profile has another name or another server now. The error says which one, and nothing is added.
    pub(crate) fn add(&mut self, later: Self) -> Result<(), String> {
        let mut changed = later
            .0
            .iter()
            .filter_map(|(name, server)| self.change(name, server));
        if let Some(first) = changed.next() {
            let more = match changed.count() {
                0 => String::new(),
                count => format!(" (and {count} more of this kind)"),
            };
            return Err(format!(
                "{first}{more}: undo this, or give the window another name, in which all calls are made again"
            ));
        }
        self.0.extend(later.0);
        Ok(())
    }

    /// Returns what has changed about a profile, if the window knows the profile or its server.
    fn change(&self, name: &str, server: &str) -> Option<String> {
        let (shown, at) = (printable(name), printable(server));
        if let Some(known) = self.0.get(name) {
            let before = printable(known);
            return (known != server).then(|| {
                format!("the profile `{shown}` is for {at}, but it was for {before} when the window began")
            });
        }
        let (known, _) = self.0.iter().find(|(_, known)| *known == server)?;
        let before = printable(known);
        Some(format!(
            "{at} has the profile `{shown}`, but it had the profile `{before}` when the window began"
        ))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn servers<const N: usize>(servers: [(&str, &str); N]) -> Servers {
        let owned = |(name, server): (&str, &str)| (name.to_owned(), server.to_owned());
        Servers(servers.map(owned).into())
    }

    #[test]
    fn a_profile_that_was_renamed_or_moved_is_refused() {
        let began = servers([("berlin", "https://a:8463"), ("bonn", "https://b:8463")]);
        for (later, problem) in [
            (
                servers([("berlin-1", "https://a:8463")]),
                "https://a:8463 has the profile `berlin-1`, but it had the profile `berlin` when the window began: undo",
            ),
            (
                servers([("berlin", "https://c:8463")]),
                "the profile `berlin` is for https://c:8463, but it was for https://a:8463 when the window began: undo",
            ),
            // Two profiles were exchanged.
            (
                servers([("berlin", "https://b:8463"), ("bonn", "https://a:8463")]),
                "(and 1 more of this kind)",
            ),
        ] {
            let mut window = began.clone();
            let found = window.add(later).unwrap_err();
            assert!(found.contains(problem), "{found}");
            assert_eq!(window, began);
        }
    }

    #[test]
    fn a_new_server_and_several_profiles_of_a_server_are_kept() {
        let mut window = Servers::default();
        let two = servers([("cloud-1", "https://a:8474"), ("cloud-2", "https://a:8474")]);
        window.add(two.clone()).unwrap();
        window.add(servers([("bonn", "https://b:8463")])).unwrap();
        window.add(two).unwrap();
        window.add(servers([("berlin", "https://b:8463")])).unwrap_err();
    }
}
