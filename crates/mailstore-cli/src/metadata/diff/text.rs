//! Writes a diff as text for a terminal.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use mailstore_metadata::diff::{Consequence, Outline};
use mailstore_reach::printable;

use super::comparison::Comparison;
use super::groups::{Entry, Group, groups, versions};

/// Returns the report with escape sequences for colours. They are removed if the output has no colours.
pub(super) fn report(comparison: &Comparison) -> String {
    let diff = &comparison.diff;
    let mut text = String::new();
    for (name, outline) in [(&comparison.old, diff.before()), (&comparison.new, diff.after())] {
        text += &side(name, outline);
    }
    if diff.is_empty() {
        text += "\nNothing changed.\n";
        return text;
    }
    for found in groups(diff) {
        text += &group(&found);
    }
    if !diff.not_compared().is_empty() {
        let style = style(Consequence::Breaking);
        text += &format!(
            "\n{style}Not compared{style:#}: these functions have unknown types, so no client can be generated with them\n\n"
        );
        for left_out in diff.not_compared() {
            text += &format!("  {}: {left_out}\n", bold(&left_out.function));
        }
    }
    let verdict = diff.verdict();
    text += &format!("\nVerdict: {}; {}.\n", bold(verdict.as_str()), versions(diff));
    text
}

fn side(name: &str, outline: Outline) -> String {
    let Outline {
        functions, arguments, ..
    } = outline;
    format!(
        "{}: {functions} functions, {arguments} arguments\n",
        printable(name)
    )
}

fn group(group: &Group<'_>) -> String {
    let style = style(group.severity);
    let mut text = format!(
        "\n{style}{} ({}){style:#}: {}\n",
        group.title,
        group.count(),
        group.explanation
    );
    for entry in &group.entries {
        text += "\n";
        text += &entry_text(entry);
    }
    text
}

fn entry_text(entry: &Entry<'_>) -> String {
    let mut text = String::new();
    for change in &entry.changes {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {}: {change}", bold(&change.function));
    }
    text + &format!("    {}\n    {}\n", entry.meaning, entry.advice)
}

fn bold(text: &str) -> String {
    let style = Style::new().bold();
    format!("{style}{text}{style:#}")
}

fn style(severity: Consequence) -> Style {
    let color = match severity {
        Consequence::SilentDanger => AnsiColor::Red,
        Consequence::Breaking => AnsiColor::Yellow,
        Consequence::Additive => AnsiColor::Green,
        Consequence::None => AnsiColor::Blue,
    };
    color.on_default().bold()
}
