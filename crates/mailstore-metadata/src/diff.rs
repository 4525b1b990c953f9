//! What changed from one dump to another, argument by argument, and what it means for code.

mod apply;
mod change;
mod compare;
mod consequence;
mod judge;
mod likeness;
mod places;
mod verdict;
mod words;

use std::collections::BTreeSet;

use serde::Serialize;
use thiserror::Error;

pub use change::{Change, MixUps, Move, What};
pub use consequence::Consequence;
pub use places::MixUp;
pub use verdict::Verdict;

use crate::digest::Digest;
use crate::dump::Dump;
use crate::known::Known;
use crate::left_out::LeftOut;

/// The number of the JSON form.
const FORMAT: u32 = 1;

/// The difference between two get-metadata dumps of a MailStore server.
///
/// It holds all that is needed to make the new dump of the old one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[must_use = "a diff has no effect unless it is used"]
pub struct Diff {
    /// The number of this form of the document, 1. A later form that readers of this one would misunderstand has
    /// another number; members may be added under the same one.
    format: u32,
    /// The old dump.
    old: Outline,
    /// The new dump.
    new: Outline,
    /// How the version of a crate generated from the dumps has to change.
    verdict: Verdict,
    /// What changed, sorted by function.
    changes: Vec<Change>,
    /// Functions that were compared with nothing, because one of the dumps gives them an argument of an unknown
    /// type. The dumps above are meant without them.
    not_compared: Vec<LeftOut>,
}

/// A dump in figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Outline {
    /// How many functions it has.
    pub functions: usize,
    /// How many arguments they have together.
    pub arguments: usize,
    /// The SHA-256 of its canonical text, 64 lower-case hexadecimal digits.
    #[cfg_attr(feature = "schema", schemars(with = "String", pattern("^[0-9a-f]{64}$")))]
    pub digest: Digest,
}

impl Outline {
    fn of(dump: &Dump) -> Self {
        let functions = dump.functions();
        Self {
            functions: functions.len(),
            arguments: functions.iter().map(|function| function.arguments.len()).sum(),
            digest: dump.digest(),
        }
    }
}

impl Diff {
    /// What changed from `old` to `new`.
    pub fn between(old: &Dump, new: &Dump) -> Self {
        let changes = compare::changes(old, new);
        Self {
            format: FORMAT,
            old: Outline::of(old),
            new: Outline::of(new),
            verdict: Verdict::of(&changes),
            changes,
            not_compared: Vec::new(),
        }
    }

    /// What changed in those functions that are known of both sides. A function that was left out of one dump is
    /// neither removed nor added; it is in [`Diff::not_compared`].
    pub fn between_known(old: &Known, new: &Known) -> Self {
        let left_out: BTreeSet<&LeftOut> = old.left_out.iter().chain(&new.left_out).collect();
        let names: BTreeSet<&str> = left_out
            .iter()
            .map(|left_out| left_out.function.as_str())
            .collect();
        let rest = |dump: &Dump| dump.filter(|name| !names.contains(name));
        Self {
            not_compared: left_out.into_iter().cloned().collect(),
            ..Self::between(&rest(&old.dump), &rest(&new.dump))
        }
    }

    /// Whether nothing changed, for all that is known: nothing was left uncompared.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.not_compared.is_empty()
    }

    /// The old dump in figures.
    pub fn before(&self) -> Outline {
        self.old
    }

    /// The new dump in figures.
    pub fn after(&self) -> Outline {
        self.new
    }

    /// What changed, sorted by function. The changes of one function are in a fixed order.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The changes of one function, by its name in the new dump, or in the old one if it is gone.
    pub fn changes_of(&self, function: &str) -> &[Change] {
        let start = self
            .changes
            .partition_point(|change| *change.function < *function);
        let rest = &self.changes[start..];
        &rest[..rest.partition_point(|change| change.function == function)]
    }

    /// The arguments of unknown types for which functions were not compared, by function and argument.
    pub fn not_compared(&self) -> &[LeftOut] {
        &self.not_compared
    }

    /// How the version of a crate that is generated from the dumps has to change. It says nothing of functions that
    /// were not compared.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Makes the new dump of the old one.
    ///
    /// # Errors
    ///
    /// `dump` is not the one that was the old one.
    pub fn apply(&self, dump: &Dump) -> Result<Dump, ApplyError> {
        let found = dump.digest();
        if found != self.old.digest {
            return Err(ApplyError {
                expected: self.old.digest,
                found,
            });
        }
        Ok(Dump::from_sorted(apply::apply(dump.functions(), &self.changes)))
    }
}

/// A difference was applied to another dump than the one it starts from.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the difference starts from the dump with the SHA-256 {expected}, and this one has {found}")]
#[non_exhaustive]
pub struct ApplyError {
    /// The dump it starts from.
    pub expected: Digest,
    /// The dump that was given.
    pub found: Digest,
}

#[cfg(test)]
mod tests;
