//! An order in which all servers have their turn.

use std::collections::{BTreeMap, VecDeque};

/// Orders items so that each server has its turn: first an item of each server, then a second one of each, and so on. The
/// items of one server keep their order.
pub(super) fn in_turns<T, S: Ord>(items: Vec<T>, server: impl Fn(&T) -> S) -> Vec<T> {
    let mut queues: BTreeMap<S, VecDeque<T>> = BTreeMap::new();
    for item in items {
        queues.entry(server(&item)).or_default().push_back(item);
    }
    let mut ordered = Vec::new();
    while !queues.is_empty() {
        ordered.extend(queues.values_mut().filter_map(VecDeque::pop_front));
        queues.retain(|_, queue| !queue.is_empty());
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_server_has_its_turn() {
        let items = vec!["a1", "a2", "a3", "b1", "c1", "c2"];
        assert_eq!(
            in_turns(items, |item| item.as_bytes()[0]),
            ["a1", "b1", "c1", "a2", "c2", "a3"]
        );
    }
}
