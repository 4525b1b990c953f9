//! What a workflow has written to its journal, without its values: the steps in their order, and the shape of their
//! results.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::support::Fleet;

/// An entry of a journal.
#[derive(Deserialize)]
struct Entry {
    entry_json: String,
}

/// Returns the steps of the only invocation of a handler, one a line. The steps decide which journals a version of the
/// program can continue.
///
/// The results of steps are not entries here, because their order depends on the time. A line has the shape of its
/// result instead.
pub(crate) async fn steps(fleet: &Fleet, service: &str, handler: &str) -> String {
    let sql = format!(
        "SELECT j.entry_json FROM sys_journal j JOIN sys_invocation i ON i.id = j.id \
         WHERE i.target_service_name = '{service}' AND i.target_handler_name = '{handler}' ORDER BY j.index"
    );
    let entries: Vec<Entry> = fleet.engine.query(&sql).await.unwrap();
    let entries = entries
        .iter()
        .map(|entry| serde_json::from_str(&entry.entry_json).unwrap());
    let entries: Vec<Value> = entries.collect();
    let results: BTreeMap<u64, String> = entries.iter().filter_map(result).collect();
    let commands = entries.iter().filter_map(|entry| entry["Command"].as_object());
    let lines = commands.map(|command| line(command, &results));
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the number of a step and the shape of its result.
fn result(entry: &Value) -> Option<(u64, String)> {
    let step = &entry["Notification"]["Completion"]["Run"];
    Some((
        step["completion_id"].as_u64()?,
        shape_of_bytes(&step["result"]["Success"]),
    ))
}

/// Describes a command: its kind, its name, and the shape of its value or of its result.
fn line(command: &Map<String, Value>, results: &BTreeMap<u64, String>) -> String {
    let (kind, what) = command.iter().next().unwrap();
    // A workflow is called by its key, which contains names of the test. Its handler and its service do not.
    let target = what["request"]["invocation_target"].as_object();
    let target = target.and_then(|target| target.values().next());
    let called = target.map(|target| format!("{}.{}", text(&target["name"]), text(&target["handler"])));
    let name = [text(&what["key"]), text(&what["name"])].concat();
    let value = match kind.as_str() {
        "Run" => match what["completion_id"].as_u64().and_then(|id| results.get(&id)) {
            Some(shape) => format!("-> {shape}"),
            None => "-> hidden by a cancellation".to_owned(),
        },
        "Input" => shape_of_bytes(&what["payload"]),
        "SetState" => shape_of_bytes(&what["value"]),
        "CompletePromise" => shape_of_bytes(&what["value"]["Success"]),
        "Output" => shape_of_bytes(&what["result"]["Success"]),
        "Call" | "OneWayCall" => shape_of_bytes(&what["request"]["parameter"]),
        _ => String::new(),
    };
    let words = [kind.clone(), called.unwrap_or(name), value];
    let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Returns the shape of a value that the engine shows as bytes.
fn shape_of_bytes(bytes: &Value) -> String {
    let bytes: Vec<u8> = serde_json::from_value(bytes.clone()).unwrap_or_default();
    serde_json::from_slice(&bytes).map_or_else(|_| String::new(), |value| shape(&value))
}

/// Returns the names and the types of a value.
fn shape(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "bool".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::String(_) => "text".to_owned(),
        Value::Array(items) => format!("[{}]", items.first().map_or_else(String::new, shape)),
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| format!("{name}: {}", shape(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
    }
}
