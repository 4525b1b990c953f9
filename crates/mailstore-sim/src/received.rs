//! What the simulator remembers of the calls it was sent.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

/// One authenticated call of an API function, as it arrived.
///
/// `Debug` shows the arguments but hides the values of those that carry secrets: passwords, passphrases, keys, and
/// whole JSON objects, in which passwords travel.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Received {
    /// The function's name as the path spelt it.
    pub function: String,
    /// Names and values in the order sent, decoded.
    pub arguments: Vec<(String, String)>,
    /// What is wrong with the call by the function list, in plain words; empty for a faultless one.
    ///
    /// This is stricter than the answer: arguments the function does not have, and repeated ones, are named here, but
    /// the call runs, because what the real server does with them is not known.
    pub problems: Vec<String>,
    /// Whether the function was started: it exists, its arguments were accepted, and no fault came before.
    pub accepted: bool,
}

impl Received {
    /// The first value sent for `argument`, if any.
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

/// Whether an argument of this name may carry a secret.
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

/// The last calls and how often each function was started.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    last: VecDeque<Received>,
    /// Bytes of all arguments kept.
    bytes: usize,
    starts: BTreeMap<String, usize>,
    polls: BTreeMap<String, usize>,
}

impl Calls {
    /// How many calls are kept; older ones are forgotten.
    const KEPT: usize = 10_000;

    /// How many bytes of arguments are kept; older calls are forgotten early beyond it.
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
    fn the_oldest_calls_are_forgotten_but_still_counted() {
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
    fn large_calls_are_forgotten_earlier() {
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
    fn secrets_do_not_show_in_debug() {
        let shown = format!("{:?}", call("CreateUser", "password", "open sesame".to_owned()));
        assert!(!shown.contains("sesame"), "{shown}");
        let shown = format!("{:?}", call("CreateUser", "userName", "jane".to_owned()));
        assert!(shown.contains("jane"), "{shown}");
    }
}
