//! Tests of the JSON Schema of the file, which is in `schema/job.json`.

use std::path::Path;

use mailstore_fleet::job::Job;

/// Replaces the file with the schema of the program.
const REPLACE: &str = "MAILSTORE_FLEET_REPLACE";

fn schema() -> serde_json::Value {
    let mut schema = Job::schema().to_value();
    schema.sort_all_objects();
    schema
}

#[test]
fn the_schema_in_the_repository_is_that_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/job.json");
    let text = format!("{:#}\n", schema());
    if std::env::var_os(REPLACE).is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let saved = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        saved == text,
        "{} is old. `{REPLACE}=1 cargo test` replaces it",
        path.display()
    );
}

#[test]
fn the_schema_accepts_the_samples_and_refuses_mistakes() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        count += 1;
        let text = std::fs::read_to_string(&path).unwrap();
        Job::from_toml(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut value: serde_json::Value = toml::from_str(&text).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
        value["limit"] = 1.into();
        assert!(!validator.is_valid(&value), "{}", path.display());
    }
    assert!(count >= 4, "{count} samples");
}
