//! The calls of a wave that wait until the limits of their job allow them.

use std::collections::{BTreeMap, VecDeque};

use crate::call::{Call, Limits};

/// The calls that have not started, in their order. Finding the next one takes the same time for any number of calls.
pub(crate) struct Waiting<'a> {
    limits: Limits,
    running: usize,
    servers: BTreeMap<&'a str, Server<'a>>,
    /// The servers that have waiting calls and room for them, by the places of their first calls.
    ready: BTreeMap<usize, &'a str>,
}

#[derive(Default)]
struct Server<'a> {
    running: usize,
    /// The calls with their places.
    calls: VecDeque<(usize, &'a Call)>,
}

impl<'a> Waiting<'a> {
    /// Adds calls in this order. None of them is running.
    pub(crate) fn new(calls: impl IntoIterator<Item = &'a Call>, limits: Limits) -> Self {
        let mut servers: BTreeMap<&'a str, Server<'a>> = BTreeMap::new();
        for (place, call) in calls.into_iter().enumerate() {
            let server = servers.entry(&call.server).or_default();
            server.calls.push_back((place, call));
        }
        let first = |(name, server): (&&'a str, &Server<'a>)| Some((server.calls.front()?.0, *name));
        Self {
            ready: servers.iter().filter_map(first).collect(),
            limits,
            running: 0,
            servers,
        }
    }

    /// Takes the first call that the limits allow. It counts as running.
    pub(crate) fn take(&mut self) -> Option<&'a Call> {
        if self.running >= self.limits.overall.max(1) as usize {
            return None;
        }
        let (_, name) = self.ready.pop_first()?;
        let server = self.servers.get_mut(name)?;
        let (_, call) = server.calls.pop_front()?;
        self.running += 1;
        server.running += 1;
        self.offer(name);
        Some(call)
    }

    /// Notes that a call no longer runs.
    pub(crate) fn end(&mut self, call: &'a Call) {
        if let Some(server) = self.servers.get_mut(call.server.as_str()) {
            self.running -= 1;
            server.running -= 1;
        }
        self.offer(&call.server);
    }

    /// Returns the calls that were not taken.
    pub(crate) fn rest(self) -> impl Iterator<Item = &'a Call> {
        let servers = self.servers.into_values();
        servers.flat_map(|server| server.calls).map(|(_, call)| call)
    }

    /// Makes the first call of a server the next one that may be taken, if the server has room.
    fn offer(&mut self, name: &'a str) {
        if let Some(server) = self.servers.get(name)
            && server.running < self.limits.per_server.max(1) as usize
            && let Some((place, _)) = server.calls.front()
        {
            self.ready.insert(*place, name);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::call::{CallEffect, Target};

    /// Creates a call for each word, whose first letter is the server.
    fn calls(words: &[&str]) -> Vec<Call> {
        let call = |word: &&str| {
            let target = Target {
                profile: (*word).to_owned(),
                server: word[..1].to_owned(),
                instance: None,
            };
            Call::new("w", target, "Ping", BTreeMap::new(), CallEffect::Change, 0)
        };
        words.iter().map(call).collect()
    }

    fn limits(overall: u32, per_server: u32) -> Limits {
        Limits { overall, per_server }
    }

    fn all(waiting: &mut Waiting<'_>) -> Vec<String> {
        std::iter::from_fn(|| waiting.take())
            .map(|call| call.profile.clone())
            .collect()
    }

    #[test]
    fn calls_are_taken_in_their_order_up_to_both_limits() {
        let calls = calls(&["a1", "a2", "a3", "b1", "b2", "c1"]);
        let mut waiting = Waiting::new(&calls, limits(4, 2));
        assert_eq!(all(&mut waiting), ["a1", "a2", "b1", "b2"]);
        waiting.end(&calls[3]);
        assert_eq!(all(&mut waiting), ["c1"]);
        waiting.end(&calls[0]);
        assert_eq!(all(&mut waiting), ["a3"]);
        assert_eq!(waiting.rest().count(), 0);
    }

    #[test]
    fn calls_that_were_not_taken_remain() {
        let calls = calls(&["a1", "b1", "a2"]);
        let mut waiting = Waiting::new(&calls, limits(1, 1));
        assert_eq!(all(&mut waiting), ["a1"]);
        assert_eq!(waiting.rest().count(), 2);
    }

    #[test]
    fn a_limit_of_zero_is_a_limit_of_one() {
        let calls = calls(&["a1", "a2"]);
        assert_eq!(all(&mut Waiting::new(&calls, limits(0, 0))), ["a1"]);
    }
}
