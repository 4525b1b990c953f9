//! Writes a diff as Markdown for a pull request.

use mailstore_metadata::diff::Consequence;

use super::comparison::Comparison;
use super::groups::{Entry, Group, groups, versions};
use crate::inline_code::inline_code as code;

/// Returns the report in the Markdown of GitHub. Additions and changes without consequence are folded.
pub(super) fn report(comparison: &Comparison) -> String {
    let diff = &comparison.diff;
    let (old, new) = (code(&comparison.old), code(&comparison.new));
    let mut text = format!("### API changes from {old} to {new}\n\n");
    if diff.is_empty() {
        text += "Nothing changed.\n";
        return text;
    }
    let verdict = diff.verdict();
    text += &format!("**Verdict: {verdict}**; {}.\n\n", versions(diff));
    text += "| | before | after |\n| --- | ---: | ---: |\n";
    let (before, after) = (diff.before(), diff.after());
    text += &format!("| functions | {} | {} |\n", before.functions, after.functions);
    text += &format!("| arguments | {} | {} |\n", before.arguments, after.arguments);
    for found in groups(diff) {
        text += &group(&found);
    }
    if !diff.not_compared().is_empty() {
        text += "\n#### Not compared\n\nThese functions have unknown types, so no client can be generated with them.\n\n";
        for left_out in diff.not_compared() {
            let line = format!("{}: {left_out}", left_out.function);
            text += &format!("- {}\n", code(&line));
        }
    }
    text
}

fn group(group: &Group<'_>) -> String {
    let title = format!("{} ({})", group.title, group.count());
    let explanation = format!("{}.", group.explanation);
    let entries: String = group.entries.iter().map(entry).collect();
    if matches!(group.severity, Consequence::SilentDanger | Consequence::Breaking) {
        format!("\n#### {title}\n\nMeaning: {explanation}\n{entries}")
    } else {
        format!("\n<details>\n<summary>{title}</summary>\n\nMeaning: {explanation}\n{entries}\n</details>\n")
    }
}

fn entry(entry: &Entry<'_>) -> String {
    let changes: String = entry
        .changes
        .iter()
        .map(|change| format!("- **`{}`**: {change}\n", change.function))
        .collect();
    format!("\n{changes}\n  {} _{}_\n", entry.meaning, entry.advice)
}
