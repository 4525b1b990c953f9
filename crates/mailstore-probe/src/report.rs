//! Displays the outcome: on the terminal, and as a report that can be shared.

use std::fmt::Write as _;

use comfy_table::{ContentArrangement, Table, presets};

use crate::finding::Finding;
use crate::probe::{Answer, Outcome, Probe, Probed};

/// Returns the outcome as text for a terminal, with a line break at the end.
pub fn screen(probe: &Probe) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled);
    for probed in &probe.functions {
        table.add_row([probed.function.clone(), outcome(probed)]);
    }
    let mut text = format!("{}\n\n", heading(probe));
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    for (function, findings) in with_findings(probe) {
        let _ = write!(text, "\n{function}\n");
        for finding in differences(findings) {
            let _ = writeln!(text, "  {}  {}", finding.place(), finding.what);
        }
        if let Some(unseen) = unseen(findings) {
            let _ = writeln!(text, "  {unseen}");
        }
    }
    text.push('\n');
    for line in lists(probe) {
        text.push_str(&line);
        text.push('\n');
    }
    text.push_str(verdict(probe));
    text.push('\n');
    text
}

/// Returns the outcome in Markdown: edition, version, day, functions and shapes. It contains no names and no values.
pub fn markdown(probe: &Probe) -> String {
    let mut text = format!(
        "# Responses of {}\n\n\
         Written on {} by `mailstore probe`. It contains shapes but no values, and no names of servers or users.\n\n\
         | function | outcome |\n| --- | --- |\n",
        heading(probe),
        probe.date
    );
    for probed in &probe.functions {
        let _ = writeln!(text, "| {} | {} |", probed.function, outcome(probed));
    }
    for (function, findings) in with_findings(probe) {
        let _ = write!(text, "\n## {function}\n\n");
        for finding in differences(findings) {
            let _ = writeln!(text, "* `{}`: {}", finding.place(), finding.what);
        }
        if let Some(unseen) = unseen(findings) {
            let _ = writeln!(text, "* {unseen}");
        }
    }
    text.push_str("\n## Functions\n\n");
    for line in lists(probe) {
        let _ = writeln!(text, "* {line}");
    }
    let _ = write!(text, "\n{}\n", verdict(probe));
    text
}

fn heading(probe: &Probe) -> String {
    let version = probe.version.as_deref().unwrap_or("(unknown version)");
    format!("{} {version}", probe.edition.title())
}

/// Returns one line about a function.
fn outcome(probed: &Probed) -> String {
    match &probed.outcome {
        Outcome::Skipped(reason) => format!("skipped: {reason}"),
        Outcome::Trouble(trouble) => trouble.to_string(),
        Outcome::Answered(Answer {
            undecoded,
            empty,
            findings,
        }) => {
            let decoded = match undecoded {
                None => "decoded".to_owned(),
                Some(place) => format!("not decoded because of {place}"),
            };
            match (differences(findings).count(), empty) {
                (0, true) => format!("{decoded}, nothing to compare"),
                (0, false) => format!("{decoded}, no differences"),
                (1, _) => format!("{decoded}, 1 difference"),
                (count, _) => format!("{decoded}, {count} differences"),
            }
        }
    }
}

fn with_findings(probe: &Probe) -> impl Iterator<Item = (&str, &[Finding])> {
    probe.functions.iter().filter_map(|probed| match &probed.outcome {
        Outcome::Answered(answer) if !answer.findings.is_empty() => {
            Some((probed.function.as_str(), answer.findings.as_slice()))
        }
        _ => None,
    })
}

fn differences(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings.iter().filter(|finding| finding.differs())
}

/// Returns one line with the known members that did not occur.
fn unseen(findings: &[Finding]) -> Option<String> {
    let unseen = findings.iter().filter(|finding| !finding.differs());
    let places: Vec<&str> = unseen.map(Finding::place).collect();
    (!places.is_empty()).then(|| format!("known, but not present: {}", places.join(", ")))
}

/// Returns the lines about functions that were not called.
fn lists(probe: &Probe) -> Vec<String> {
    let mut lines = vec![format!(
        "not called because they may change the server: {}",
        probe.changing
    )];
    for (what, names) in [
        ("new on this server and not called", &probe.new),
        ("known, but missing on this server", &probe.gone),
    ] {
        if !names.is_empty() {
            lines.push(format!("{what}: {}", names.join(", ")));
        }
    }
    lines
}

fn verdict(probe: &Probe) -> &'static str {
    if probe.differs() {
        "Some responses differ from the overlays."
    } else {
        "No response differs from the overlays."
    }
}
