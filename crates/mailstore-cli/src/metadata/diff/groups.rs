//! Groups changes by severity and then by meaning.

use std::collections::HashMap;

use mailstore_metadata::Diff;
use mailstore_metadata::diff::{Change, Consequence, Verdict};

/// Changes of the same severity.
pub(super) struct Group<'a> {
    pub(super) severity: Consequence,
    pub(super) title: &'static str,
    /// The meaning of the severity.
    pub(super) explanation: &'static str,
    pub(super) entries: Vec<Entry<'a>>,
}

/// Changes with the same meaning.
pub(super) struct Entry<'a> {
    pub(super) changes: Vec<&'a Change>,
    /// One or more sentences.
    pub(super) meaning: String,
    /// One sentence.
    pub(super) advice: String,
}

impl Group<'_> {
    pub(super) fn count(&self) -> usize {
        self.entries.iter().map(|entry| entry.changes.len()).sum()
    }
}

const GROUPS: [(Consequence, &str, &str); 4] = [
    (
        Consequence::SilentDanger,
        "Silent dangers",
        "some code compiles or runs as before but has another meaning",
    ),
    (
        Consequence::Breaking,
        "Breaking changes",
        "the compiler shows which code must change",
    ),
    (
        Consequence::Additive,
        "Additions",
        "code need not change and can do more",
    ),
    (
        Consequence::None,
        "Changes without consequence",
        "code need not change",
    ),
];

/// The groups that have changes. The most severe group is first.
pub(super) fn groups(diff: &Diff) -> Vec<Group<'_>> {
    let all = GROUPS.map(|(severity, title, explanation)| Group {
        severity,
        title,
        explanation,
        entries: entries(
            diff.changes()
                .iter()
                .filter(|change| change.severity() == severity),
        ),
    });
    let with_changes = all.into_iter().filter(|group| !group.entries.is_empty());
    with_changes.collect()
}

/// Groups changes with the same meaning and advice. Entries are in the order of their first changes.
fn entries<'a>(changes: impl Iterator<Item = &'a Change>) -> Vec<Entry<'a>> {
    let mut entries: Vec<Entry<'a>> = Vec::new();
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    for change in changes {
        let (meaning, advice) = (change.meaning(), change.advice());
        let place = *places
            .entry((meaning.clone(), advice.clone()))
            .or_insert(entries.len());
        if place == entries.len() {
            entries.push(Entry {
                changes: Vec::new(),
                meaning,
                advice,
            });
        }
        entries[place].changes.push(change);
    }
    entries
}

/// The consequence of the verdict for version numbers, as the end of a sentence.
pub(super) fn versions(diff: &Diff) -> String {
    let versions = match diff.verdict() {
        Verdict::None => "the version of a generated crate does not change",
        Verdict::Patch => {
            "the version of a generated crate changes from 1.2.3 to 1.2.4, or from 0.2.3 to 0.2.4"
        }
        Verdict::Minor => {
            "the version of a generated crate changes from 1.2.3 to 1.3.0, or from 0.2.3 to 0.2.4"
        }
        Verdict::Major => {
            "the version of a generated crate changes from 1.2.3 to 2.0.0, or from 0.2.3 to 0.3.0"
        }
    };
    if diff.not_compared().is_empty() {
        versions.to_owned()
    } else {
        format!("{versions}, as far as functions could be compared")
    }
}
