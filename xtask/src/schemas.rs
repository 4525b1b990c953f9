//! The JSON Schemas in `metadata/mailstore/schema`, for documents that the workspace reads or writes.

use mailstore_codegen::{Tree, overlay_schema};
use mailstore_metadata::Diff;
use schemars::{JsonSchema, schema_for};

/// Every schema, by its file name.
pub(crate) fn tree() -> Tree {
    [
        ("diff.json", schema::<Diff>()),
        ("overlay.json", overlay_schema()),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text))
    .collect()
}

fn schema<T: JsonSchema>() -> String {
    let mut schema = schema_for!(T).to_value();
    // Without sorting, the text would depend on the features of `serde_json`.
    schema.sort_all_objects();
    format!("{schema:#}\n")
}
