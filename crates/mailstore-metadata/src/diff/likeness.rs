//! Guesses at renames: something that is gone and something new that are alike.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::function::{Argument, Function};

/// Names must be alike to this part, counted in letters that have to be changed.
const ALIKE: f64 = 0.75;

/// Functions must share this part of their arguments.
const SHARED: f64 = 0.5;

/// Longer names are not compared, because it would take long, and no known one has half as many characters.
const LONGEST: usize = 64;

/// Maximum number of pairs of functions or arguments that one diff compares to guess renames. More guesses could not be
/// reviewed.
const MOST_PAIRS: usize = 20_000;

/// A pair that is likely the same thing under two names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Guess {
    /// Where the old one is among those that are gone.
    pub(super) gone: usize,
    /// Where the new one is among those that are new.
    pub(super) new: usize,
    /// How alike they are, in percent.
    pub(super) percent: u8,
}

/// Guesses as long as there are not too many pairs to compare.
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

    /// The functions that were likely renamed.
    ///
    /// The first word of their names, which says what they do, must be the same: of `GetX` and `SetX` with the same
    /// arguments, neither is the other under a new name.
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

    /// The arguments of one function that were likely renamed. Their types must be the same.
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

/// The best pairs, none of which has a part in another.
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

/// How alike two names are, without regard to case: 1 if that is all in which they differ.
fn alike(a: &str, b: &str) -> Option<f64> {
    if a.len().max(b.len()) > LONGEST {
        return None;
    }
    let likeness = strsim::normalized_levenshtein(&a.to_ascii_lowercase(), &b.to_ascii_lowercase());
    (likeness >= ALIKE).then_some(likeness)
}

/// The part of the arguments of two functions that has the same name, without regard to case, and the same type.
fn shared(a: &[Argument], b: &[Argument]) -> f64 {
    let key = |argument: &Argument| (argument.name.to_ascii_lowercase(), argument.kind.as_str());
    let (a, b): (BTreeSet<_>, BTreeSet<_>) = (a.iter().map(key).collect(), b.iter().map(key).collect());
    match a.union(&b).count() {
        0 => 1.0,
        all => part(a.intersection(&b).count(), all),
    }
}

/// The first word of a name, in lower case: `get` of `GetUserInfo` and of `get-status`.
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
    // Rounded down, so that 100 stands for equal names only.
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

    /// Functions by name, with the arguments `id` and `name` or without any.
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
    fn alike_in_name_and_arguments_is_likely_a_rename() {
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
    fn other_verbs_other_arguments_and_other_names_are_no_rename() {
        assert_eq!(
            guess(&[("GetSmtpSettings", true)], &[("SetSmtpSettings", true)]),
            []
        );
        assert_eq!(guess(&[("VerifyStore", true)], &[("VerifyStores", false)]), []);
        assert_eq!(guess(&[("GetUsers", false)], &[("GetJobs", false)]), []);
    }

    #[test]
    fn each_is_guessed_once_and_the_best_first() {
        let found = guess(
            &[("GetStores", false), ("GetStored", false)],
            &[("GetStoresX", false), ("GetStore", false)],
        );
        let pairs: Vec<(&str, &str)> = found.iter().map(|(a, b, _)| (a.as_str(), b.as_str())).collect();
        assert_eq!(pairs, [("GetStores", "GetStoresX"), ("GetStored", "GetStore")]);
    }

    #[test]
    fn too_many_and_too_long_names_are_not_compared() {
        let names: Vec<String> = (0..150).map(|number| format!("GetSomething{number}")).collect();
        let many: Vec<(&str, bool)> = names.iter().map(|name| (name.as_str(), false)).collect();
        assert_eq!(guess(&many, &many), []);
        assert_eq!(guess(&many[..100], &many).len(), 100);
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(alike(&long, &long), None);
    }

    #[test]
    fn verbs_are_the_first_words() {
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
