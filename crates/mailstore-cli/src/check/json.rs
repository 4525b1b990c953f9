//! The whole report as JSON.

use serde_json::{Map, Value, json};

use super::metric::{Limits, Metric, Unit};
use super::report::Report;

pub(crate) fn text(report: &Report) -> String {
    let items: Vec<Value> = report
        .worst_first()
        .into_iter()
        .filter(|item| !item.title().is_empty())
        .map(|item| {
            json!({
                "state": item.state.word(),
                "kind": item.kind,
                "id": item.id,
                "name": item.name,
                "text": item.text,
                "metrics": figures(&item.metrics),
            })
        })
        .collect();
    let labels: Map<String, Value> = report
        .labels
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.as_str().into()))
        .collect();
    let object = json!({
        "check": report.check,
        "labels": labels,
        "state": report.state().word(),
        "exitCode": report.state().exit_code(),
        "text": report.text(),
        "metrics": figures(&report.metrics),
        "items": items,
        "notes": report.notes,
    });
    format!("{object:#}\n")
}

fn figures(metrics: &[Metric]) -> Vec<Value> {
    metrics.iter().map(figure).collect()
}

fn figure(metric: &Metric) -> Value {
    let unit = match metric.unit {
        Unit::Count => "count",
        Unit::Bytes => "bytes",
        Unit::Seconds => "seconds",
        Unit::Milliseconds => "milliseconds",
        Unit::Days => "days",
    };
    let mut object = json!({ "name": metric.name, "value": metric.value, "unit": unit });
    let (side, warning, critical) = match metric.limits {
        Limits::None => return object,
        Limits::Above { warning, critical } => ("Above", warning, critical),
        Limits::Below { warning, critical } => ("Below", warning, critical),
    };
    for (kind, limit) in [("warning", warning), ("critical", critical)] {
        if let Some(limit) = limit {
            object[format!("{kind}{side}")] = limit.into();
        }
    }
    object
}
