//! The report of a comparison, for people.

use std::fmt;

use super::Compatibility;
use crate::change::{Change, Impact};
use crate::incompatible::{LONGEST_LIST, beyond};

/// Maximum length of a line with a list of names.
const WIDTH: usize = 100;

impl fmt::Display for Compatibility {
    /// Writes several lines, the most severe differences first, without a newline at the end. Long lists of names from
    /// the server are cut.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let equal = self.changes.is_empty() && self.added.is_empty();
        let verdict = match (self.is_compatible(), equal) {
            (true, true) => "the server has exactly the same",
            (true, false) => "the server accepts every call of the",
            (false, _) => "the server does not accept every call of the",
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
    /// The changes of each function, the most severe first.
    fn by_function(&self) -> impl Iterator<Item = &[Change]> {
        self.changes.chunk_by(|a, b| a.function == b.function)
    }

    /// Writes the changes of functions whose most severe change has this impact, except for missing functions.
    /// Functions with the same changes are grouped.
    fn details(&self, f: &mut fmt::Formatter<'_>, heading: &str, impact: Impact) -> fmt::Result {
        let mut count = 0;
        // Sorted by the first function of each group.
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

/// Returns the changes of a function, one on each line.
fn lines(changes: &[Change]) -> String {
    let lines = changes.iter().map(|change| format!("\n    {change}"));
    let rest = beyond(LONGEST_LIST, changes.len()).map(|rest| format!("\n    and {rest} more"));
    lines.take(LONGEST_LIST).chain(rest).collect()
}

/// Writes a list of names under a heading. Writes nothing if the list is empty.
fn names(f: &mut fmt::Formatter<'_>, heading: &str, names: &[&str], longest: usize) -> fmt::Result {
    if names.is_empty() {
        return Ok(());
    }
    write!(f, "\n{heading} ({}):", names.len())?;
    wrapped(f, names, longest)
}

/// Writes names with commas, in lines of limited length.
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
