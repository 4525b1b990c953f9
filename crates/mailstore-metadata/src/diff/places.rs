//! Finds the argument that receives a positional value after the arguments have changed.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use crate::function::ArgumentKind;

/// A value that is meant for one argument and goes to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MixUp {
    /// The old name of the argument that the value is meant for.
    pub meant_for: String,
    /// The new name of the argument that receives the value.
    pub goes_to: String,
}

/// An argument in a list of positional arguments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot<'a> {
    /// Its name in its own dump.
    pub(super) name: &'a str,
    /// Its name in the new dump, or in the old dump if it was removed.
    pub(super) identity: &'a str,
    pub(super) kind: ArgumentKind,
    pub(super) required: bool,
}

/// Whether a binding accepts a value of one kind where another kind is expected.
pub(super) type Accepts = fn(ArgumentKind, ArgumentKind) -> bool;

/// Finds the values that silently go to the wrong argument if a call with positional arguments was written for the old
/// list and runs with the new list.
///
/// If the new list accepts the call, the result has all misplaced values of the longest accepted call. If the new list
/// rejects the call for another reason, such as a missing argument, the result has the arguments of the same kind that
/// changed places: the error message does not mention them.
pub(super) fn mix_ups(old: &[Slot<'_>], new: &[Slot<'_>], accepts: Accepts) -> Vec<MixUp> {
    let places = accepted_places(old, new, accepts);
    let found: Vec<MixUp> = differing(old.iter().zip(new).take(places));
    if found.is_empty() {
        swapped(old, new)
    } else {
        found
    }
}

/// Returns the number of values in the longest call that both lists accept, or 0 if there is no such call.
fn accepted_places(old: &[Slot<'_>], new: &[Slot<'_>], accepts: Accepts) -> usize {
    let fitting = old
        .iter()
        .zip(new)
        .take_while(|(old, new)| accepts(old.kind, new.kind));
    let longest = fitting.count();
    let shortest = fewest_values(old).max(fewest_values(new));
    if longest < shortest { 0 } else { longest }
}

/// Returns the minimum number of values in a call: all up to the last required argument.
fn fewest_values(slots: &[Slot<'_>]) -> usize {
    slots
        .iter()
        .rposition(|slot| slot.required)
        .map_or(0, |last| last + 1)
}

/// Returns the arguments of each kind that changed places and are in both lists.
fn swapped(old: &[Slot<'_>], new: &[Slot<'_>]) -> Vec<MixUp> {
    let kinds = |slots: &[Slot<'_>]| -> HashMap<String, ArgumentKind> {
        let pair = |slot: &Slot<'_>| (slot.identity.to_owned(), slot.kind);
        slots.iter().map(pair).collect()
    };
    let (old_kinds, new_kinds) = (kinds(old), kinds(new));
    let is_kept = |slot: &&Slot<'_>, kind: ArgumentKind| {
        let in_both = |kinds: &HashMap<String, ArgumentKind>| kinds.get(slot.identity) == Some(&kind);
        in_both(&old_kinds) && in_both(&new_kinds)
    };
    let mut found: Vec<MixUp> = ArgumentKind::ALL
        .into_iter()
        .flat_map(|kind| {
            let old = old.iter().filter(|slot| is_kept(slot, kind));
            let new = new.iter().filter(|slot| is_kept(slot, kind));
            differing(old.zip(new))
        })
        .collect();
    found.sort();
    found
}

fn differing<'a>(pairs: impl Iterator<Item = (&'a Slot<'a>, &'a Slot<'a>)>) -> Vec<MixUp> {
    let differing = pairs.filter(|(old, new)| old.identity != new.identity);
    let mix_up = |(old, new): (&Slot<'_>, &Slot<'_>)| MixUp {
        meant_for: old.name.to_owned(),
        goes_to: new.name.to_owned(),
    };
    differing.map(mix_up).collect()
}

/// Returns a smallest set of positions whose values have to move to sort a list of distinct numbers.
///
/// These are the positions outside a longest increasing subsequence.
pub(super) fn moved(numbers: &[usize]) -> BTreeSet<usize> {
    // For every length, the position of the smallest last value of all increasing subsequences of that length.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    for (place, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|&end| numbers[end] < *number);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(place);
        } else {
            ends[length] = place;
        }
    }
    let mut moved: BTreeSet<usize> = (0..numbers.len()).collect();
    let mut staying = ends.last().copied();
    while let Some(place) = staying {
        moved.remove(&place);
        staying = before[place];
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parses a list of arguments: `a b? c:n` is a required string, an optional string and a required number.
    fn slots(text: &'static str) -> Vec<Slot<'static>> {
        let slot = |word: &'static str| {
            let (word, required) = word.strip_suffix('?').map_or((word, true), |word| (word, false));
            let (name, kind) = match word.split_once(':') {
                Some((name, "n")) => (name, ArgumentKind::Number),
                Some((name, _)) => (name, ArgumentKind::Json),
                None => (word, ArgumentKind::String),
            };
            Slot {
                name,
                identity: name,
                kind,
                required,
            }
        };
        text.split_whitespace().map(slot).collect()
    }

    fn found(old: &'static str, new: &'static str) -> String {
        let mix_ups = mix_ups(&slots(old), &slots(new), |old, new| {
            old == new || new == ArgumentKind::Json
        });
        let texts: Vec<String> = mix_ups
            .into_iter()
            .map(|mix_up| format!("{}>{}", mix_up.meant_for, mix_up.goes_to))
            .collect();
        texts.join(" ")
    }

    #[test]
    fn arguments_that_keep_their_positions_are_safe() {
        for (old, new) in [
            ("", ""),
            ("a b", "a b"),
            ("a", "a b"),
            ("a b", "a"),
            ("a b?", "a b? c?"),
            ("a b:n", "b:n a"),
            ("a b", "c a b"),
            ("a? b:n?", "b:n? a?"),
        ] {
            assert_eq!(found(old, new), "", "{old} to {new}");
        }
    }

    #[test]
    fn swapped_arguments_of_one_kind_are_reported() {
        assert_eq!(found("a b", "b a"), "a>b b>a");
        assert_eq!(found("a n:n b", "b n:n a"), "a>b b>a");
        assert_eq!(found("a? b? c?", "c? a? b?"), "a>c b>a c>b");
    }

    #[test]
    fn a_replaced_argument_is_reported() {
        assert_eq!(found("a b", "a c"), "b>c");
        assert_eq!(found("a:n b", "c:n b"), "a>c");
        assert_eq!(found("a b", "a c:json"), "b>c");
        assert_eq!(found("a:json b", "c b"), "");
    }

    #[test]
    fn an_optional_argument_before_others_shifts_them() {
        assert_eq!(found("a b?", "a new? b?"), "b>new");
        assert_eq!(found("a gone? b?", "a b?"), "gone>b");
        assert_eq!(found("a b?", "a new:n? b?"), "");
    }

    #[test]
    fn a_swap_is_reported_even_if_the_call_fails_to_compile_for_another_reason() {
        assert_eq!(found("a b", "b a c"), "a>b b>a");
        assert_eq!(found("a b x:n", "b a x"), "a>b b>a");
    }

    #[test]
    fn the_smallest_number_of_moves_is_found() {
        let moves = |numbers: &[usize]| -> Vec<usize> { moved(numbers).into_iter().collect() };
        assert_eq!(moves(&[]), [0; 0]);
        assert_eq!(moves(&[4, 5, 6]), [0; 0]);
        assert_eq!(moves(&[0, 1, 8, 2, 3, 4, 5, 6, 7, 9]), [2]);
        assert_eq!(moves(&[2, 0, 1]), [0]);
        assert_eq!(moves(&[1, 2, 0]), [2]);
        assert_eq!(moves(&[3, 2, 1]).len(), 2);
    }
}
