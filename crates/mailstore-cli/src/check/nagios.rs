//! The output of plugins for Nagios, Icinga and checkmk: a line with performance data, and more lines for people.

use super::metric::{Limits, Metric, Unit};
use super::report::{Item, Report};

/// Writes the report. `each` adds the figures of each item to the performance data.
pub(crate) fn text(report: &Report, each: bool) -> String {
    let mut text = line(&format!("{} - {}", report.state().word(), report.text()));
    let totals = report
        .metrics
        .iter()
        .map(|metric| figure(metric.name.to_owned(), metric));
    let items = report.items.iter().filter(|_| each).flat_map(|item| {
        item.metrics
            .iter()
            .map(|metric| figure(label(item, metric), metric))
    });
    let figures: Vec<String> = totals.chain(items).collect();
    if !figures.is_empty() {
        text.push_str(" | ");
        text.push_str(&figures.join(" "));
    }
    text.push('\n');
    for item in report.worst_first() {
        // An item without a title is the first line itself.
        if !item.title().is_empty() {
            text.push_str(&line(&format!("{} {}", item.state.word(), item.line())));
            text.push('\n');
        }
    }
    for note in &report.notes {
        text.push_str(&line(note));
        text.push('\n');
    }
    text
}

/// Replaces the character that separates the performance data, also in the lines for people.
fn line(text: &str) -> String {
    text.replace('|', "/")
}

fn label(item: &Item, metric: &Metric) -> String {
    format!("{} {}", item.title(), metric.name)
}

/// Writes `label=value;warning;critical`. A label may contain every character except `=` and `|`. A quote is written
/// twice.
fn figure(label: String, metric: &Metric) -> String {
    let label = if label
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    {
        label
    } else {
        let label = label.replace('\'', "''").replace('=', "-").replace('|', "/");
        format!("'{label}'")
    };
    let unit = match metric.unit {
        Unit::Count | Unit::Days => "",
        Unit::Bytes => "B",
        Unit::Seconds => "s",
        Unit::Milliseconds => "ms",
    };
    let limits = match metric.limits {
        Limits::None => String::new(),
        Limits::Above { warning, critical } => limits(warning, critical, ""),
        Limits::Below { warning, critical } => limits(warning, critical, ":"),
    };
    format!("{label}={}{unit}{limits}", metric.value)
}

fn limits(warning: Option<i64>, critical: Option<i64>, range: &str) -> String {
    let one = |limit: Option<i64>| limit.map_or(String::new(), |limit| format!("{limit}{range}"));
    format!(";{};{}", one(warning), one(critical))
        .trim_end_matches(';')
        .to_owned()
}
