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

    /// Takes the first call that the limits allow. It counts as running. Calls with unknown outcomes may be running, so
    /// they count for the limit of the job.
    pub(crate) fn take(&mut self, unknown: usize) -> Option<&'a Call> {
        if self.running + unknown >= self.limits.overall.max(1) as usize {
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
            self.running = self.running.saturating_sub(1);
            server.running = server.running.saturating_sub(1);
        }
        self.offer(&call.server);
    }

    /// Returns whether all calls were taken.
    pub(crate) fn is_empty(&self) -> bool {
        self.servers.values().all(|server| server.calls.is_empty())
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

    use proptest::prelude::*;

    use super::*;
    use crate::call::{CallEffect, Target};

    /// Creates a call for each word, whose first letter is the server.
    fn calls<W: AsRef<str>>(words: &[W]) -> Vec<Call> {
        let call = |word: &W| {
            let target = Target {
                profile: word.as_ref().to_owned(),
                server: word.as_ref()[..1].to_owned(),
                instance: None,
            };
            Call::new("w", target, "Ping", BTreeMap::new(), CallEffect::Change, 0)
        };
        words.iter().map(call).collect()
    }

    fn limits(overall: u32, per_server: u32) -> Limits {
        Limits { overall, per_server }
    }

    fn all(waiting: &mut Waiting<'_>, unknown: usize) -> Vec<String> {
        std::iter::from_fn(|| waiting.take(unknown))
            .map(|call| call.profile.clone())
            .collect()
    }

    #[test]
    fn calls_are_taken_in_their_order_up_to_both_limits() {
        let calls = calls(&["a1", "a2", "a3", "b1", "b2", "c1"]);
        let mut waiting = Waiting::new(&calls, limits(4, 2));
        assert_eq!(all(&mut waiting, 0), ["a1", "a2", "b1", "b2"]);
        waiting.end(&calls[3]);
        assert_eq!(all(&mut waiting, 0), ["c1"]);
        waiting.end(&calls[0]);
        assert_eq!(all(&mut waiting, 0), ["a3"]);
        assert!(waiting.is_empty());
        assert_eq!(waiting.rest().count(), 0);
    }

    #[test]
    fn calls_with_unknown_outcomes_count_for_the_limit_of_the_job() {
        let calls = calls(&["a1", "b1", "c1"]);
        let mut waiting = Waiting::new(&calls, limits(3, 1));
        assert_eq!(all(&mut waiting, 1), ["a1", "b1"]);
        waiting.end(&calls[0]);
        assert_eq!(all(&mut waiting, 2), [""; 0]);
        assert_eq!(all(&mut waiting, 1), ["c1"]);
    }

    #[test]
    fn calls_that_were_not_taken_remain() {
        let calls = calls(&["a1", "b1", "a2"]);
        let mut waiting = Waiting::new(&calls, limits(1, 1));
        assert_eq!(all(&mut waiting, 0), ["a1"]);
        assert!(!waiting.is_empty());
        assert_eq!(waiting.rest().count(), 2);
    }

    #[test]
    fn a_limit_of_zero_is_a_limit_of_one() {
        let calls = calls(&["a1", "a2"]);
        assert_eq!(all(&mut Waiting::new(&calls, limits(0, 0)), 0), ["a1"]);
    }

    /// The rule without a structure that is fast: the first waiting call whose server has room.
    fn searched(waiting: &[Call], running: &[Call], unknown: usize, limits: Limits) -> Option<usize> {
        if running.len() + unknown >= limits.overall.max(1) as usize {
            return None;
        }
        let on = |server: &str| running.iter().filter(|call| call.server == server).count();
        waiting
            .iter()
            .position(|call| on(&call.server) < limits.per_server.max(1) as usize)
    }

    proptest! {
        #[test]
        fn the_choice_is_that_of_a_search_through_all_calls(
            servers in prop::collection::vec("[a-e]", 0..40),
            overall in 0_u32..8,
            per_server in 0_u32..4,
            steps in prop::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 0..120),
        ) {
            let words: Vec<String> = servers.iter().enumerate().map(|(n, server)| format!("{server}{n}")).collect();
            let all = calls(&words);
            let limits = limits(overall, per_server);
            let mut waiting = Waiting::new(&all, limits);
            let (mut left, mut running, mut unknown) = (all.clone(), Vec::<Call>::new(), 0);
            for (is_unknown, index) in steps {
                while let Some(place) = searched(&left, &running, unknown, limits) {
                    let expected = left.remove(place);
                    prop_assert_eq!(waiting.take(unknown), Some(&expected));
                    running.push(expected);
                }
                prop_assert_eq!(waiting.take(unknown), None);
                prop_assert_eq!(waiting.is_empty(), left.is_empty());
                if running.is_empty() {
                    break;
                }
                let ended = running.remove(index.index(running.len()));
                let known = all.iter().find(|call| call.key == ended.key);
                waiting.end(known.expect("it is one of the calls"));
                unknown += usize::from(is_unknown);
            }
            let rest: std::collections::BTreeSet<&str> = waiting.rest().map(|call| call.key.as_str()).collect();
            prop_assert_eq!(rest, left.iter().map(|call| call.key.as_str()).collect());
        }
    }
}
