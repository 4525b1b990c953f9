//! A JSON object for a master item of Zabbix. Dependent items read its members, and a discovery rule reads `items`.

use serde_json::{Map, Value, json};

use super::metric::Metric;
use super::report::Report;

pub(crate) fn text(report: &Report) -> String {
    let items: Vec<Value> = report
        .items
        .iter()
        .filter(|item| !item.title().is_empty())
        .map(|item| {
            let mut object = figures(&item.metrics);
            let id = item.id.as_deref().unwrap_or(&item.name);
            // A discovery rule reads the macros. JSONPath of an item prototype cannot contain them as names.
            for (of_id, of_name) in [("{#ID}", "{#NAME}"), ("id", "name")] {
                object.insert(of_id.to_owned(), id.into());
                object.insert(of_name.to_owned(), item.name.as_str().into());
            }
            object.insert("state".to_owned(), item.state.exit_code().into());
            object.insert("text".to_owned(), item.text.as_str().into());
            Value::Object(object)
        })
        .collect();
    let object = json!({
        "state": report.state().exit_code(),
        "text": report.text(),
        "metrics": figures(&report.metrics),
        "items": items,
    });
    format!("{object}\n")
}

fn figures(metrics: &[Metric]) -> Map<String, Value> {
    let figure = |metric: &Metric| (metric.name.to_owned(), metric.value.into());
    metrics.iter().map(figure).collect()
}
