//! Guesses renames: pairs of something removed and something added that are similar.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::function::{Argument, Function};

/// The minimum similarity of two names, computed from the number of letters that differ.
const ALIKE: f64 = 0.75;

/// The minimum share of arguments that two functions must have in common.
const SHARED: f64 = 0.5;

/// Maximum length of the names that are compared. Comparing longer names would take too long. The longest known name
/// is less than half as long.
const LONGEST: usize = 64;

/// Maximum number of pairs of functions or arguments that one diff compares to guess renames. A person could not
/// review more guesses.
const MOST_PAIRS: usize = 20_000;

/// A pair that is likely the same thing under two names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Guess {
    /// The index of the old item in the list of removed items.
    pub(super) gone: usize,
    /// The index of the new item in the list of added items.
    pub(super) new: usize,
    /// The similarity in percent.
    pub(super) percent: u8,
}

/// Makes guesses until the maximum number of pairs has been compared.
#[derive(Debug)]
pub(super) struct Guesser {
    pairs_left: usize,
}

impl Guesser {
    pub(super) fn new() -> Self {
        Self {
            pairs_left: MOST_PAIRS,
        }
    }

    /// Returns the functions that were probably renamed.
    ///
    /// Two functions match only if their names begin with the same word, because the first word says what a function
    /// does: `SetX` is never a new name of `GetX`, even if both have the same arguments.
    pub(super) fn functions(&mut self, gone: &[&Function], new: &[&Function]) -> Vec<Guess> {
        self.best_pairs(gone.len(), new.len(), |from, to| {
            let (from, to) = (gone[from], new[to]);
            if verb(&from.name) != verb(&to.name) {
                return None;
            }
            let names = alike(&from.name, &to.name)?;
            let shared = shared(&from.arguments, &to.arguments);
            (shared >= SHARED).then_some(f64::midpoint(names, shared))
        })
    }

    /// Returns the arguments of one function that were probably renamed. Both must have the same type.
    pub(super) fn arguments(&mut self, gone: &[&Argument], new: &[&Argument]) -> Vec<Guess> {
        self.best_pairs(gone.len(), new.len(), |from, to| {
            let (from, to) = (gone[from], new[to]);
            if from.kind != to.kind {
                return None;
            }
            alike(&from.name, &to.name)
        })
    }

    fn best_pairs(
        &mut self,
        gone: usize,
        new: usize,
        likeness: impl Fn(usize, usize) -> Option<f64>,
    ) -> Vec<Guess> {
        let Some(left) = self.pairs_left.checked_sub(gone.saturating_mul(new)) else {
            return Vec::new();
        };
        self.pairs_left = left;
        best_pairs(gone, new, likeness)
    }
}

/// Returns the most similar pairs. Every item is in one pair at most.
fn best_pairs(gone: usize, new: usize, likeness: impl Fn(usize, usize) -> Option<f64>) -> Vec<Guess> {
    let pairs = (0..gone).flat_map(|from| (0..new).map(move |to| (from, to)));
    let mut guesses: Vec<Guess> = pairs
        .filter_map(|(gone, new)| {
            let percent = percent(likeness(gone, new)?);
            Some(Guess { gone, new, percent })
        })
        .collect();
    guesses.sort_by_key(|guess| (Reverse(guess.percent), guess.gone, guess.new));
    let (mut gone, mut new) = (BTreeSet::new(), BTreeSet::new());
    guesses.retain(|guess| {
        let free = !gone.contains(&guess.gone) && !new.contains(&guess.new);
        free && gone.insert(guess.gone) && new.insert(guess.new)
    });
    guesses
}

/// Returns the similarity of two names, ignoring case: 1 if they differ only in case.
fn alike(a: &str, b: &str) -> Option<f64> {
    if a.len().max(b.len()) > LONGEST {
        return None;
    }
    let likeness = strsim::normalized_levenshtein(&a.to_ascii_lowercase(), &b.to_ascii_lowercase());
    (likeness >= ALIKE).then_some(likeness)
}

/// Returns the share of the arguments of two functions that have the same name, ignoring case, and the same type.
fn shared(a: &[Argument], b: &[Argument]) -> f64 {
    let key = |argument: &Argument| (argument.name.to_ascii_lowercase(), argument.kind.as_str());
    let (a, b): (BTreeSet<_>, BTreeSet<_>) = (a.iter().map(key).collect(), b.iter().map(key).collect());
    match a.union(&b).count() {
        0 => 1.0,
        all => part(a.intersection(&b).count(), all),
    }
}

/// Returns the first word of a name in lower case, such as `get` for `GetUserInfo` and for `get-status`.
fn verb(name: &str) -> String {
    let rest = name.char_indices().skip(1);
    let end = rest
        .filter(|(_, character)| !character.is_ascii_lowercase())
        .map(|(at, _)| at)
        .next();
    name[..end.unwrap_or(name.len())].to_ascii_lowercase()
}

#[expect(clippy::cast_precision_loss, reason = "numbers of arguments are small")]
fn part(some: usize, all: usize) -> f64 {
    some as f64 / all as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 100"
)]
fn percent(part: f64) -> u8 {
    // Rounds down, so that only equal names have a similarity of 100.
    (part * 100.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dump;

    fn all(text: &str) -> Vec<Function> {
        Dump::parse("test.json", text.as_bytes())
            .unwrap()
            .functions()
            .to_vec()
    }

    /// Creates functions from names. They have the arguments `id` and `name`, or no arguments.
    fn guess(gone: &[(&str, bool)], new: &[(&str, bool)]) -> Vec<(String, String, u8)> {
        let make = |functions: &[(&str, bool)]| {
            let function = |(name, with): &(&str, bool)| {
                let id = r#"{"name":"id","type":"number","nullable":false}"#;
                let user = r#"{"name":"name","type":"string","nullable":false}"#;
                let arguments = if *with {
                    format!("{id},{user}")
                } else {
                    String::new()
                };
                format!(r#"{{"name":"{name}","args":[{arguments}]}}"#)
            };
            let texts: Vec<String> = functions.iter().map(function).collect();
            all(&format!("[{}]", texts.join(",")))
        };
        let (gone, new) = (make(gone), make(new));
        let (gone, new): (Vec<&Function>, Vec<&Function>) = (gone.iter().collect(), new.iter().collect());
        Guesser::new()
            .functions(&gone, &new)
            .iter()
            .map(|guess| {
                let names = (gone[guess.gone].name.clone(), new[guess.new].name.clone());
                (names.0, names.1, guess.percent)
            })
            .collect()
    }

    #[test]
    fn functions_with_similar_names_and_arguments_are_renames() {
        assert_eq!(
            guess(
                &[("GetUserInfo", true)],
                &[("GetUserInfos", true), ("GetJobs", true)]
            ),
            [("GetUserInfo".to_owned(), "GetUserInfos".to_owned(), 95)]
        );
        assert_eq!(
            guess(&[("disableMFA", false)], &[("DisableMfa", false)])[0].2,
            100
        );
    }

    #[test]
    fn functions_with_different_verbs_arguments_or_names_are_not_renames() {
        assert_eq!(
            guess(&[("GetSmtpSettings", true)], &[("SetSmtpSettings", true)]),
            []
        );
        assert_eq!(guess(&[("VerifyStore", true)], &[("VerifyStores", false)]), []);
        assert_eq!(guess(&[("GetUsers", false)], &[("GetJobs", false)]), []);
    }

    #[test]
    fn each_function_is_in_one_guess_and_the_most_similar_pair_wins() {
        let found = guess(
            &[("GetStores", false), ("GetStored", false)],
            &[("GetStoresX", false), ("GetStore", false)],
        );
        let pairs: Vec<(&str, &str)> = found.iter().map(|(a, b, _)| (a.as_str(), b.as_str())).collect();
        assert_eq!(pairs, [("GetStores", "GetStoresX"), ("GetStored", "GetStore")]);
    }

    #[test]
    fn too_many_or_too_long_names_are_not_compared() {
        let names: Vec<String> = (0..150).map(|number| format!("GetSomething{number}")).collect();
        let many: Vec<(&str, bool)> = names.iter().map(|name| (name.as_str(), false)).collect();
        assert_eq!(guess(&many, &many), []);
        assert_eq!(guess(&many[..100], &many).len(), 100);
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(alike(&long, &long), None);
    }

    #[test]
    fn the_verb_is_the_first_word_of_a_name() {
        for (name, word) in [
            ("GetUserInfo", "get"),
            ("get-status", "get"),
            ("x", "x"),
            ("MFA", "m"),
            ("2fa", "2fa"),
        ] {
            assert_eq!(verb(name), word);
        }
    }
}
