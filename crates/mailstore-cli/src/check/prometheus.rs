//! The text format of Prometheus, for the textfile collector of the node exporter.

use std::collections::BTreeMap;

use super::metric::{Metric, Unit};
use super::report::{Item, Report};

/// The samples of each metric. The samples of one metric must follow each other.
type Samples = BTreeMap<String, Vec<String>>;

pub(crate) fn text(report: &Report) -> String {
    let mut samples = Samples::new();
    let check = report.check;
    let labels: Vec<(&str, &str)> = report
        .labels
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let state = report.state().exit_code().to_string();
    let of_check: Vec<(&str, &str)> = [("check", check)].into_iter().chain(labels.clone()).collect();
    add(
        &mut samples,
        "mailstore_check_state".to_owned(),
        &of_check,
        &state,
    );
    for metric in &report.metrics {
        add(&mut samples, name(check, "", metric), &labels, &value(metric));
    }
    for item in report.items.iter().filter(|item| !item.title().is_empty()) {
        let labels: Vec<(&str, &str)> = labels.iter().copied().chain(of_item(item)).collect();
        let state = item.state.exit_code().to_string();
        add(
            &mut samples,
            format!("mailstore_{check}_item_state"),
            &labels,
            &state,
        );
        for metric in &item.metrics {
            add(
                &mut samples,
                name(check, "item_", metric),
                &labels,
                &value(metric),
            );
        }
    }
    let mut text = String::new();
    for (name, lines) in samples {
        text.push_str(&format!("# TYPE {name} gauge\n"));
        text.push_str(&lines.concat());
    }
    text
}

fn add(samples: &mut Samples, name: String, labels: &[(&str, &str)], value: &str) {
    let labels: Vec<String> = labels
        .iter()
        .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)))
        .collect();
    let line = format!("{name}{{{}}} {value}\n", labels.join(","));
    samples.entry(name).or_default().push(line);
}

fn of_item(item: &Item) -> [(&str, &str); 2] {
    [
        ("id", item.id.as_deref().unwrap_or(&item.name)),
        ("name", &item.name),
    ]
}

fn name(check: &str, of: &str, metric: &Metric) -> String {
    let unit = match metric.unit {
        Unit::Count | Unit::Days => "",
        Unit::Bytes => "_bytes",
        Unit::Seconds | Unit::Milliseconds => "_seconds",
    };
    format!("mailstore_{check}_{of}{}{unit}", metric.name)
}

/// Writes the value in the base unit.
fn value(metric: &Metric) -> String {
    match metric.unit {
        Unit::Milliseconds => format!("{}.{:03}", metric.value / 1000, metric.value % 1000),
        _ => metric.value.to_string(),
    }
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', r"\\")
        .replace('"', "\\\"")
        .replace('\n', r"\n")
}
