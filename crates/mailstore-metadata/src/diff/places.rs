//! Which argument a value goes to when arguments stand in other places.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use crate::function::ArgumentKind;

/// A value that is meant for one argument and goes to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MixUp {
    /// The argument that the value was written for, by its old name.
    pub meant_for: String,
    /// The argument that gets it, by its new name.
    pub goes_to: String,
}

/// An argument in a list of positional ones.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot<'a> {
    /// Its name in its own dump.
    pub(super) name: &'a str,
    /// Its name in the new dump, if it is there, else in the old one.
    pub(super) identity: &'a str,
    pub(super) kind: ArgumentKind,
    pub(super) required: bool,
}

/// Whether a binding lets a value of one kind stand where another is expected.
pub(super) type Accepts = fn(ArgumentKind, ArgumentKind) -> bool;

/// What silently goes wrong when a call with positional arguments, written for the old list, meets the new one.
///
/// Either the call as a whole is still accepted: then it is every value that goes elsewhere, of the longest call for
/// which this is so. Or something else about the call is refused, perhaps one argument too few: then it is what
/// changed places among arguments of the same kind, because the complaint will be about something else.
pub(super) fn mix_ups(old: &[Slot<'_>], new: &[Slot<'_>], accepts: Accepts) -> Vec<MixUp> {
    let places = accepted_places(old, new, accepts);
    let found: Vec<MixUp> = differing(old.iter().zip(new).take(places));
    if found.is_empty() {
        swapped(old, new)
    } else {
        found
    }
}

/// The number of values in the longest call that both lists accept, or 0 if there is no such call.
fn accepted_places(old: &[Slot<'_>], new: &[Slot<'_>], accepts: Accepts) -> usize {
    let fitting = old
        .iter()
        .zip(new)
        .take_while(|(old, new)| accepts(old.kind, new.kind));
    let longest = fitting.count();
    let shortest = fewest_values(old).max(fewest_values(new));
    if longest < shortest { 0 } else { longest }
}

/// How many values a call has at least: all up to the last required one.
fn fewest_values(slots: &[Slot<'_>]) -> usize {
    slots
        .iter()
        .rposition(|slot| slot.required)
        .map_or(0, |last| last + 1)
}

/// What changed places among the arguments of each kind that both lists have.
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

/// The fewest places of a list of different numbers that have to move to put it into ascending order.
///
/// These are the ones outside a longest ascending part of it.
pub(super) fn moved(numbers: &[usize]) -> BTreeSet<usize> {
    // For every length, the place where the ascending part of that length with the smallest end ends.
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

    /// `a b? c:n` are a required text, an optional text and a required number.
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
    fn what_stays_in_its_place_is_safe() {
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
    fn arguments_of_one_kind_that_swap_are_mixed_up() {
        assert_eq!(found("a b", "b a"), "a>b b>a");
        assert_eq!(found("a n:n b", "b n:n a"), "a>b b>a");
        assert_eq!(found("a? b? c?", "c? a? b?"), "a>c b>a c>b");
    }

    #[test]
    fn a_replaced_argument_is_mixed_up() {
        assert_eq!(found("a b", "a c"), "b>c");
        assert_eq!(found("a:n b", "c:n b"), "a>c");
        assert_eq!(found("a b", "a c:json"), "b>c");
        assert_eq!(found("a:json b", "c b"), "");
    }

    #[test]
    fn an_optional_argument_in_front_of_others_shifts_them() {
        assert_eq!(found("a b?", "a new? b?"), "b>new");
        assert_eq!(found("a gone? b?", "a b?"), "gone>b");
        assert_eq!(found("a b?", "a new:n? b?"), "");
    }

    #[test]
    fn a_swap_is_seen_although_the_compiler_complains_of_something_else() {
        assert_eq!(found("a b", "b a c"), "a>b b>a");
        assert_eq!(found("a b x:n", "b a x"), "a>b b>a");
    }

    #[test]
    fn the_fewest_moves_are_found() {
        let moves = |numbers: &[usize]| -> Vec<usize> { moved(numbers).into_iter().collect() };
        assert_eq!(moves(&[]), [0; 0]);
        assert_eq!(moves(&[4, 5, 6]), [0; 0]);
        assert_eq!(moves(&[0, 1, 8, 2, 3, 4, 5, 6, 7, 9]), [2]);
        assert_eq!(moves(&[2, 0, 1]), [0]);
        assert_eq!(moves(&[1, 2, 0]), [2]);
        assert_eq!(moves(&[3, 2, 1]).len(), 2);
    }
}
