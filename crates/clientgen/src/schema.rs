//! Creates the JSON Schema of overlays, so that editors can complete and check overlays.
//!
//! The schema cannot check facts that depend on other parts of an overlay or on a function list, such as the names of
//! types. The generator checks them.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::Value;

use crate::overlay::file::File;

/// Returns the JSON Schema of overlay files as text. It is draft 7, which most editors support. The text is the same on
/// every machine.
pub fn overlay_schema() -> String {
    let settings = SchemaSettings::draft07().with_transform(NoNull);
    let schema = settings.into_generator().into_root_schema_for::<File>();
    let text = serde_json::to_string_pretty(&sorted(schema.into())).expect("a JSON value always serializes");
    text + "\n"
}

/// Removes null from the schema. TOML has no null: optional members are left out.
#[derive(Clone, Debug)]
struct NoNull;

impl Transform for NoNull {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let is_null = |option: &Value| *option == "null" || option["type"] == "null";
        for choice in ["type", "anyOf"] {
            if let Some(Value::Array(options)) = schema.get_mut(choice) {
                options.retain(|option| !is_null(option));
                if let ("type", [only]) = (choice, options.as_slice()) {
                    let only = only.clone();
                    schema.insert(choice.to_owned(), only);
                }
            }
        }
    }
}

/// Sorts the members of all objects in a value. Without it, their order depends on the features of `serde_json`.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members.into_iter().collect();
            members.sort_by(|(a, _), (b, _)| a.cmp(b));
            members
                .into_iter()
                .map(|(name, value)| (name, sorted(value)))
                .collect()
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}
