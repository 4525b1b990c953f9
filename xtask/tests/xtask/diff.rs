//! The JSON of `mailstore metadata diff` has the published form.

use std::fs;
use std::process::Command;

use crate::programs::{programs, root};

const OLD: &str = "metadata/mailstore/server-9.json";
const NEW: &str = "metadata/mailstore/server-24.json";

/// Uses the committed schema, not the schema of the current code.
#[test]
fn the_json_is_valid_for_the_published_schema() {
    let schema =
        fs::read_to_string(root().join("metadata/mailstore/schema/diff.json")).expect("it is committed");
    let schema = serde_json::from_str(&schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for (old, new) in [
        (OLD, NEW),
        (NEW, OLD),
        (OLD, "metadata/mailstore/spe-24.json"),
        (OLD, OLD),
    ] {
        let output = Command::new(&programs()["mailstore"])
            .args(["metadata", "diff", old, new, "--format=json"])
            .current_dir(root())
            .output()
            .expect("it runs");
        let document = serde_json::from_slice(&output.stdout).expect("JSON");
        let problems: Vec<String> = validator
            .iter_errors(&document)
            .map(|error| error.to_string())
            .collect();
        assert!(problems.is_empty(), "{old} to {new}: {problems:#?}");
    }
}
