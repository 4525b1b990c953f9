//! An order in which all servers have their turn.

use std::collections::{BTreeMap, VecDeque};

/// Orders items so that each server has its turn: first an item of each server, then a second one of each, and so on. The
/// items of one server keep their order, and the servers are in the order of their first items.
pub(super) fn in_turns<T, S: Ord>(items: Vec<T>, server: impl Fn(&T) -> S) -> Vec<T> {
    let mut places: BTreeMap<S, usize> = BTreeMap::new();
    let mut queues: Vec<VecDeque<T>> = Vec::new();
    for item in items {
        let next = queues.len();
        let place = *places.entry(server(&item)).or_insert(next);
        if place == next {
            queues.push(VecDeque::new());
        }
        queues[place].push_back(item);
    }
    let mut ordered = Vec::new();
    while !queues.is_empty() {
        ordered.extend(queues.iter_mut().filter_map(VecDeque::pop_front));
        queues.retain(|queue| !queue.is_empty());
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_server_has_its_turn() {
        let items = vec!["b1", "b2", "b3", "a1", "c1", "c2"];
        assert_eq!(
            in_turns(items, |item| item.as_bytes()[0]),
            ["b1", "a1", "c1", "b2", "c2", "b3"]
        );
    }
}
