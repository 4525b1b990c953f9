//! The comparison as a text for people.

use std::fmt;

use super::Compatibility;
use crate::change::{Change, Impact};
use crate::incompatible::{LONGEST_LIST, beyond};

/// Lists of names are broken into lines of so many characters at most.
const WIDTH: usize = 100;

impl fmt::Display for Compatibility {
    /// Several lines, the gravest differences first, and no newline at the end. Lists of names that the server
    /// chose are cut to a sensible length.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let equal = self.changes.is_empty() && self.added.is_empty();
        let verdict = match (self.is_compatible(), equal) {
            (true, true) => "the server has the very same",
            (true, false) => "the server takes every call of the",
            (false, _) => "the server does not take every call of the",
        };
        let (compiled_for, count) = (self.surface.compiled_for(), self.surface.functions.len());
        write!(f, "compiled for {compiled_for}: {verdict} {count} functions")?;
        let missing = self.missing();
        names(f, "missing on the server", &missing, missing.len())?;
        self.details(
            f,
            "different, so that every call fails or may fail",
            Impact::EveryCall,
        )?;
        self.details(
            f,
            "different, so that some calls fail or may fail",
            Impact::SomeCalls,
        )?;
        let harmless = self
            .by_function()
            .filter(|changes| changes[0].impact == Impact::None);
        let harmless: Vec<&str> = harmless.map(|changes| changes[0].function).collect();
        names(f, "different, but not for calls", &harmless, harmless.len())?;
        let added: Vec<&str> = self.added.iter().map(String::as_str).collect();
        names(f, "only on the server, reached with `call`", &added, LONGEST_LIST)
    }
}

impl Compatibility {
    /// The changes of each function, the gravest first.
    fn by_function(&self) -> impl Iterator<Item = &[Change]> {
        self.changes.chunk_by(|a, b| a.function == b.function)
    }

    /// All that differs about functions whose gravest change has this impact, but for missing ones. Functions that
    /// differ in the same way stand together.
    fn details(&self, f: &mut fmt::Formatter<'_>, heading: &str, impact: Impact) -> fmt::Result {
        let mut count = 0;
        // In the order of the first function of each.
        let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
        for changes in self.by_function() {
            if changes[0].impact != impact || changes[0].is_missing() {
                continue;
            }
            count += 1;
            let (text, function) = (lines(changes), changes[0].function);
            match groups.iter_mut().find(|(other, _)| *other == text) {
                Some((_, functions)) => functions.push(function),
                None => groups.push((text, vec![function])),
            }
        }
        if count > 0 {
            write!(f, "\n{heading} ({count}):")?;
        }
        for (text, functions) in groups {
            wrapped(f, &functions, functions.len())?;
            f.write_str(&text)?;
        }
        Ok(())
    }
}

/// The changes of a function, one a line.
fn lines(changes: &[Change]) -> String {
    let lines = changes.iter().map(|change| format!("\n    {change}"));
    let rest = beyond(LONGEST_LIST, changes.len()).map(|rest| format!("\n    and {rest} more"));
    lines.take(LONGEST_LIST).chain(rest).collect()
}

/// A list of names under a heading; nothing if there are none.
fn names(f: &mut fmt::Formatter<'_>, heading: &str, names: &[&str], longest: usize) -> fmt::Result {
    if names.is_empty() {
        return Ok(());
    }
    write!(f, "\n{heading} ({}):", names.len())?;
    wrapped(f, names, longest)
}

/// Names with commas, in as many lines as it takes.
fn wrapped(f: &mut fmt::Formatter<'_>, names: &[&str], longest: usize) -> fmt::Result {
    let mut line = String::new();
    for (index, name) in names.iter().take(longest).enumerate() {
        let comma = if index + 1 < names.len() { "," } else { "" };
        if line.len() + name.len() + 2 > WIDTH {
            write!(f, "\n {line}")?;
            line.clear();
        }
        line.push_str(&format!(" {name}{comma}"));
    }
    write!(f, "\n {line}")?;
    match beyond(longest, names.len()) {
        Some(rest) => write!(f, " and {rest} more"),
        None => Ok(()),
    }
}
