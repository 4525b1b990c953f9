//! Writes a comparison as Markdown for a ticket.

use mailstore_operations::{Change, Comparison};

use super::shown::{groups, members, name, reasons, remark, side, sign, summary};
use crate::inline_code::inline_code as code;

/// Returns the report in the Markdown of GitHub.
pub(super) fn report(comparison: &Comparison) -> String {
    let (old, new) = (&comparison.old, &comparison.new);
    let mut text = format!(
        "### Configuration changes from {} to {}\n\n- old: {}\n- new: {}\n\n",
        code(&old.name),
        code(&new.name),
        code(&side(old)),
        code(&side(new))
    );
    if comparison.is_empty() {
        text += "Nothing changed.\n";
    }
    if !comparison.is_empty() || !comparison.unknown.is_empty() {
        text += &format!("**{}**\n", summary(comparison));
    }
    for group in groups(comparison) {
        text += &format!("\n#### {} ({})\n\n", code(&group.title), group.changes.len());
        text += &group.changes.into_iter().map(entry).collect::<String>();
    }
    if !comparison.unknown.is_empty() {
        text += &format!(
            "\n#### Unknown ({})\n\nThese parts could not be compared.\n\n",
            comparison.unknown.len()
        );
        for unknown in &comparison.unknown {
            text += &format!("- {}: {}\n", code(&unknown.path), code(&reasons(unknown)));
        }
    }
    if !comparison.not_compared.is_empty() {
        text += "\n#### Not compared\n\nThese instances were not chosen.\n\n";
        for folder in &comparison.not_compared {
            text += &format!("- {}\n", code(folder));
        }
    }
    text
}

fn entry(change: &Change) -> String {
    let verb = match sign(change) {
        '+' => "added",
        '-' => "removed",
        _ => "changed",
    };
    let remark = remark(change).map_or_else(String::new, |remark| format!(" ({})", code(&remark)));
    let mut text = format!("- {verb} **{}**{remark}\n", code(&name(change)));
    for (member, difference) in members(change) {
        text += &format!("  - {}: {}\n", code(&member), code(&difference));
    }
    text
}
