//! Tests of the JSON form of a diff and its schema.

mod support;

use jsonschema::Validator;
use mailstore_metadata::{Diff, Dump, Function};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{alike_functions, functions};

fn validator() -> Validator {
    let schema = schemars::schema_for!(Diff);
    jsonschema::validator_for(schema.as_value()).expect("the schema is valid")
}

fn document(old: &[Function], new: &[Function]) -> Value {
    let dump = |functions: &[Function]| Dump::from_functions(functions.to_vec()).expect("names are valid");
    serde_json::to_value(Diff::between(&dump(old), &dump(new))).expect("a diff can be serialised")
}

fn problems(validator: &Validator, document: &Value) -> Vec<String> {
    validator
        .iter_errors(document)
        .map(|error| error.to_string())
        .collect()
}

proptest! {
    #[test]
    fn every_diff_satisfies_the_schema(
        old in prop_oneof![functions(), alike_functions()],
        new in prop_oneof![functions(), alike_functions()],
    ) {
        let document = document(&old, &new);
        let problems = problems(&validator(), &document);
        prop_assert!(problems.is_empty(), "{problems:#?}\n{document:#}");
    }
}

#[test]
fn functions_that_were_not_compared_satisfy_the_schema() {
    let text = r#"[{"name": "A", "args": [{"name": "at", "type": "date", "nullable": true}]}]"#;
    let known = Dump::parse_known("d", text.as_bytes()).expect("only the type is unknown");
    let document =
        serde_json::to_value(Diff::between_known(&known, &known)).expect("a diff can be serialised");
    assert_eq!(problems(&validator(), &document), [""; 0]);
    assert_eq!(
        document["not_compared"],
        json!([{"function": "A", "argument": "at", "word": "date"}])
    );
}

#[test]
fn the_schema_rejects_invalid_diffs() {
    let functions = |name: &str| {
        let text = format!(r#"[{{"name": "{name}", "args": []}}]"#);
        Dump::parse("d", text.as_bytes())
            .expect("the dump is valid")
            .functions()
            .to_vec()
    };
    let valid = document(&functions("A"), &functions("Bcd"));
    assert_eq!(problems(&validator(), &valid), [""; 0]);
    for (place, wrong) in [
        ("/verdict", json!("huge")),
        ("/format", json!("1")),
        ("/old/digest", json!("abc")),
        ("/changes/0/change", json!("function_painted")),
        ("/changes/0/generated", json!("none at all")),
        ("/changes/0/signature", json!(null)),
        ("/changes/0/function", json!(null)),
    ] {
        let mut document = valid.clone();
        *document.pointer_mut(place).expect("the place exists") = wrong;
        assert_ne!(problems(&validator(), &document), [""; 0], "{place}");
    }
}
