//! Records the received calls.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

/// One authenticated call of an API function, as it was received.
///
/// `Debug` shows the arguments but hides secret values: passwords, passphrases, keys, and whole JSON objects, which
/// may contain passwords.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Received {
    /// The name of the function as it was spelled in the path.
    pub function: String,
    /// The decoded names and values in the order in which they were sent.
    pub arguments: Vec<(String, String)>,
    /// Problems with the call according to the function list, in plain words. Empty for a correct call.
    ///
    /// This is stricter than the response: unknown and repeated arguments are listed here, but the call is executed,
    /// because the behaviour of the real server is not known.
    pub problems: Vec<String>,
    /// Whether the function was started: it exists, its arguments were valid, and no fault prevented it.
    pub accepted: bool,
}

impl Received {
    /// Returns the first value of `argument`, if any.
    pub fn argument(&self, argument: &str) -> Option<&str> {
        self.arguments
            .iter()
            .find(|(name, _)| name == argument)
            .map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arguments: Vec<(&str, &str)> = self
            .arguments
            .iter()
            .map(|(name, value)| {
                (
                    name.as_str(),
                    if is_sensitive(name) {
                        "[hidden]"
                    } else {
                        value.as_str()
                    },
                )
            })
            .collect();
        f.debug_struct("Received")
            .field("function", &self.function)
            .field("arguments", &arguments)
            .field("problems", &self.problems)
            .field("accepted", &self.accepted)
            .finish()
    }
}

/// Returns whether an argument of this name may contain a secret.
pub(crate) fn is_sensitive(argument: &str) -> bool {
    const WORDS: [&str; 9] = [
        "password",
        "passphrase",
        "key",
        "secret",
        "token",
        "properties",
        "config",
        "settings",
        "certificate",
    ];
    let name = argument.to_ascii_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// The last calls, and the number of starts of each function.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    last: VecDeque<Received>,
    /// The size of all stored arguments in bytes.
    bytes: usize,
    starts: BTreeMap<String, usize>,
    polls: BTreeMap<String, usize>,
}

impl Calls {
    /// Maximum number of stored calls. Older calls are removed.
    const KEPT: usize = 10_000;

    /// Maximum size of all stored arguments in bytes. Older calls are removed if it is exceeded.
    const KEPT_BYTES: usize = 64 * 1024 * 1024;

    pub(crate) fn add(&mut self, call: Received) {
        if call.accepted {
            *self.starts.entry(call.function.clone()).or_default() += 1;
        }
        self.bytes += size(&call);
        self.last.push_back(call);
        while self.last.len() > Calls::KEPT || (self.bytes > Calls::KEPT_BYTES && self.last.len() > 1) {
            let forgotten = self.last.pop_front();
            self.bytes -= forgotten.as_ref().map_or(0, size);
        }
    }

    pub(crate) fn all(&self) -> Vec<Received> {
        self.last.iter().cloned().collect()
    }

    /// Counts a poll for a call of a function.
    pub(crate) fn count_poll(&mut self, function: &str) {
        match self.polls.get_mut(function) {
            Some(polls) => *polls += 1,
            None => drop(self.polls.insert(function.to_owned(), 1)),
        }
    }

    pub(crate) fn polls(&self, function: &str) -> usize {
        self.polls.get(function).copied().unwrap_or_default()
    }

    pub(crate) fn starts(&self, function: &str) -> usize {
        self.starts.get(function).copied().unwrap_or_default()
    }
}

fn size(call: &Received) -> usize {
    call.arguments
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(function: &str, argument: &str, value: String) -> Received {
        let arguments = vec![(argument.to_owned(), value)];
        Received {
            function: function.to_owned(),
            arguments,
            problems: Vec::new(),
            accepted: true,
        }
    }

    #[test]
    fn the_oldest_calls_are_removed_but_still_counted() {
        let mut calls = Calls::default();
        for number in 0..Calls::KEPT + 5 {
            calls.add(call("Ping", "number", number.to_string()));
        }
        let all = calls.all();
        assert_eq!(all.len(), Calls::KEPT);
        assert_eq!(all[0].argument("number"), Some("5"));
        assert_eq!(calls.starts("Ping"), Calls::KEPT + 5);
    }

    #[test]
    fn large_calls_are_removed_earlier() {
        let mut calls = Calls::default();
        for _ in 0..5 {
            calls.add(call(
                "SetRetentionPolicies",
                "config",
                "x".repeat(Calls::KEPT_BYTES / 4),
            ));
        }
        assert_eq!(calls.all().len(), 3);
    }

    #[test]
    fn debug_output_hides_secrets() {
        let shown = format!("{:?}", call("CreateUser", "password", "open sesame".to_owned()));
        assert!(!shown.contains("sesame"), "{shown}");
        let shown = format!("{:?}", call("CreateUser", "userName", "jane".to_owned()));
        assert!(shown.contains("jane"), "{shown}");
    }
}
