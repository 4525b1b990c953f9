//! The JSON that a PRTG sensor of the type "EXE/Script Advanced" reads.

use serde_json::{Map, Value, json};

use super::metric::{Limits, Metric, Unit};
use super::report::Report;

/// Maximum number of characters of a message.
const LONGEST: usize = 2000;

/// Writes the report. `each` adds channels for each item.
pub(crate) fn text(report: &Report, each: bool) -> String {
    let sentence = format!("{} - {}", report.state().word(), report.text());
    // PRTG ends a message at this sign.
    let sentence = sentence
        .replace('#', "no. ")
        .chars()
        .take(LONGEST)
        .collect::<String>();
    let sensor = if report.metrics.is_empty() {
        json!({ "error": 1, "text": sentence })
    } else {
        let mut channels = vec![state(report)];
        channels.extend(
            report
                .metrics
                .iter()
                .map(|metric| channel(metric.name.replace('_', " "), metric)),
        );
        for item in report.items.iter().filter(|_| each) {
            let names = item.metrics.iter().map(|metric| {
                (
                    format!("{} {}", item.title(), metric.name.replace('_', " ")),
                    metric,
                )
            });
            channels.extend(names.map(|(name, metric)| channel(name, metric)));
        }
        json!({ "result": channels, "text": sentence })
    };
    format!("{}\n", json!({ "prtg": sensor }))
}

/// The first channel decides the state of the sensor: 1 is a warning, and larger numbers are errors.
fn state(report: &Report) -> Value {
    json!({
        "channel": "state", "value": report.state().exit_code(), "unit": "Custom",
        "limitmode": 1, "limitmaxwarning": 0, "limitmaxerror": 1,
    })
}

/// A channel with the same limits as the performance data of the other formats.
fn channel(name: String, metric: &Metric) -> Value {
    let unit = match metric.unit {
        Unit::Count => "Count",
        Unit::Bytes => "BytesFile",
        Unit::Seconds => "TimeSeconds",
        Unit::Milliseconds => "TimeResponse",
        Unit::Days => "Custom",
    };
    let mut channel = Map::new();
    channel.insert("channel".to_owned(), name.into());
    channel.insert("value".to_owned(), metric.value.into());
    channel.insert("unit".to_owned(), unit.into());
    if metric.unit == Unit::Days {
        channel.insert("customunit".to_owned(), "days".into());
    }
    if let Limits::Below { warning, critical } | Limits::Above { warning, critical } = metric.limits {
        let side = match metric.limits {
            Limits::Below { .. } => "min",
            _ => "max",
        };
        for (kind, limit) in [("warning", warning), ("error", critical)] {
            if let Some(limit) = limit {
                channel.insert("limitmode".to_owned(), 1.into());
                channel.insert(format!("limit{side}{kind}"), limit.into());
            }
        }
    }
    Value::Object(channel)
}
