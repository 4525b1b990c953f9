//! Writes a comparison as text for a terminal.

use anstyle::{AnsiColor, Style};
use mailstore_operations::{Change, Comparison};
use mailstore_reach::printable;

use super::shown::{groups, members, name, reasons, remark, side, sign, summary};

/// Returns the report with escape sequences for colours. They are removed if the output has no colours.
pub(super) fn report(comparison: &Comparison) -> String {
    let mut text = String::new();
    for (word, own) in [("old", &comparison.old), ("new", &comparison.new)] {
        text += &format!("{word}: {} ({})\n", printable(&own.name), side(own));
    }
    if comparison.is_empty() {
        text += "\nNothing changed.\n";
    }
    for group in groups(comparison) {
        let title = bold(&printable(&group.title).to_string());
        text += &format!("\n{title} ({})\n", group.changes.len());
        for change in group.changes {
            text += &entry(change);
        }
    }
    if !comparison.unknown.is_empty() {
        let style = AnsiColor::Yellow.on_default().bold();
        text += &format!(
            "\n{style}Unknown{style:#} ({}): these parts could not be compared\n",
            comparison.unknown.len()
        );
        for unknown in &comparison.unknown {
            text += &format!(
                "  ? {}: {}\n",
                bold(&printable(&unknown.path).to_string()),
                reasons(unknown)
            );
        }
    }
    for folder in &comparison.not_compared {
        text += &format!(
            "\n{}: not compared, because it was not chosen\n",
            printable(folder)
        );
    }
    if !comparison.is_empty() || !comparison.unknown.is_empty() {
        text += &format!("\n{}\n", summary(comparison));
    }
    text
}

fn entry(change: &Change) -> String {
    let sign = sign(change);
    let style = match sign {
        '+' => AnsiColor::Green,
        '-' => AnsiColor::Red,
        _ => AnsiColor::Yellow,
    }
    .on_default();
    let remark = remark(change).map_or_else(String::new, |remark| format!(" ({remark})"));
    let mut text = format!("  {style}{sign}{style:#} {}{remark}\n", bold(&name(change)));
    for (member, difference) in members(change) {
        text += &format!("      {member}: {difference}\n");
    }
    text
}

fn bold(text: &str) -> String {
    let style = Style::new().bold();
    format!("{style}{text}{style:#}")
}
