//! Compares two dumps argument by argument and reports the consequences for code.

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

/// The version of the JSON form.
const FORMAT: u32 = 1;

/// The difference between two get-metadata dumps of a MailStore server.
///
/// It contains enough to turn the old dump into the new dump.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[must_use = "a diff has no effect unless it is used"]
pub struct Diff {
    /// The version of the form of this document, 1. An incompatible form has another version. New members may be
    /// added without a new version.
    format: u32,
    /// The old dump.
    old: Outline,
    /// The new dump.
    new: Outline,
    /// How the version of a crate that is generated from the dumps has to change.
    verdict: Verdict,
    /// The changes, sorted by function.
    changes: Vec<Change>,
    /// Functions that were not compared, because they have an argument of an unknown type in one of the dumps. The
    /// summaries of the dumps do not count them.
    not_compared: Vec<LeftOut>,
}

/// A summary of a dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Outline {
    /// The number of functions.
    pub functions: usize,
    /// The number of arguments of all functions.
    pub arguments: usize,
    /// The SHA-256 of the canonical text, as 64 lower-case hexadecimal digits.
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
    /// Compares `old` with `new`.
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

    /// Compares the functions that could be parsed in both dumps. A function that was left out of one dump is neither
    /// removed nor added; [`Diff::not_compared`] lists it.
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

    /// Returns whether nothing changed and every function was compared.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.not_compared.is_empty()
    }

    /// Returns a summary of the old dump.
    pub fn before(&self) -> Outline {
        self.old
    }

    /// Returns a summary of the new dump.
    pub fn after(&self) -> Outline {
        self.new
    }

    /// Returns the changes, sorted by function. The changes of one function are in a fixed order.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Returns the changes of one function. `name` is its name in the new dump, or in the old dump if it was removed.
    pub fn changes_of(&self, function: &str) -> &[Change] {
        let start = self
            .changes
            .partition_point(|change| *change.function < *function);
        let rest = &self.changes[start..];
        &rest[..rest.partition_point(|change| change.function == function)]
    }

    /// Returns the arguments of unknown types because of which functions were not compared, sorted by function and
    /// argument.
    pub fn not_compared(&self) -> &[LeftOut] {
        &self.not_compared
    }

    /// Returns how the version of a crate that is generated from the dumps has to change. Functions that were not
    /// compared do not count.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Applies the diff to the old dump and returns the new dump.
    ///
    /// # Errors
    ///
    /// `dump` is not the old dump of this diff.
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

/// The error for a diff that is applied to a dump other than its old dump.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the diff applies to the dump with the SHA-256 {expected}, but this dump has {found}")]
#[non_exhaustive]
pub struct ApplyError {
    /// The digest of the old dump of the diff.
    pub expected: Digest,
    /// The digest of the dump that was given.
    pub found: Digest,
}

#[cfg(test)]
mod tests;
