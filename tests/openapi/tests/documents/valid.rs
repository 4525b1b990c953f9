//! Third-party validators accept the documents and reject broken copies of them.

use jsonschema::draft202012;
use mailstore_codegen::{Generator, openapi};
use roas::validation::{Options, Validate};
use serde_json::{Value, json};

use crate::support::{EDITIONS, document, dump, names, schemas};

/// The errors of a validator for whole documents.
fn problems(document: &Value) -> Vec<String> {
    // Some components only document words: in 3.0, a list is sent as a string and does not refer to its component.
    let options = Options::IgnoreUnusedSchemas.into();
    let outcome = if document["openapi"].as_str().unwrap().starts_with("3.0") {
        serde_json::from_value::<roas::v3_0::spec::Spec>(document.clone())
            .map(|spec| spec.validate(options, None))
    } else {
        serde_json::from_value::<roas::v3_1::spec::Spec>(document.clone())
            .map(|spec| spec.validate(options, None))
    };
    match outcome {
        Err(error) => vec![error.to_string()],
        Ok(Err(error)) => error.errors.iter().map(ToString::to_string).collect(),
        Ok(Ok(())) => Vec::new(),
    }
}

#[test]
fn every_document_is_valid() {
    for name in names() {
        assert_eq!(problems(&document(&name)), [""; 0], "{name}");
    }
}

/// The dump has no overlays.
#[test]
fn the_document_of_a_dump_without_overlays_is_valid() {
    let generated = Generator::new("test")
        .single(dump("server-9"), "server-9.json", &[])
        .unwrap();
    for version in [openapi::Version::V3_0, openapi::Version::V3_1] {
        let text = openapi::document(&generated, &generated.apis[0], version);
        assert_eq!(problems(&serde_json::from_str(&text).unwrap()), [""; 0]);
    }
}

/// Sets the value at a JSON pointer that exists.
fn with(mut document: Value, pointer: &str, value: Value) -> Value {
    *document.pointer_mut(pointer).expect(pointer) = value;
    document
}

fn without(mut document: Value, pointer: &str) -> Value {
    let (object, member) = pointer.rsplit_once('/').unwrap();
    let object = document
        .pointer_mut(object)
        .expect(pointer)
        .as_object_mut()
        .unwrap();
    object.remove(member).expect(pointer);
    document
}

#[test]
fn a_broken_document_is_rejected() {
    const USERS: &str = "/paths/~1api~1invoke~1GetUsers/post";
    for name in ["server", "3.0/server"] {
        let document = document(name);
        let at = |below: &str| format!("{USERS}{below}");
        for (broken, words) in [
            (without(document.clone(), "/info/title"), "title"),
            (
                without(document.clone(), &at("/responses/200/description")),
                "description",
            ),
            (
                with(document.clone(), &at("/tags"), json!(["nowhere"])),
                "`nowhere` not found",
            ),
            (
                with(document.clone(), &at("/operationId"), json!("GetStores")),
                "operationId",
            ),
            (
                with(
                    document.clone(),
                    &at("/responses/404/$ref"),
                    json!("#/components/responses/Gone"),
                ),
                "Gone` not found",
            ),
            (
                with(
                    document.clone(),
                    "/components/schemas/Job/properties/name/type",
                    json!("objekt"),
                ),
                "objekt",
            ),
            (
                without(document.clone(), "/components/securitySchemes/basic"),
                "basic",
            ),
            (
                with(document.clone(), "/servers/0/url", json!("https://{hots}:{port}")),
                "hots",
            ),
        ] {
            let problems = problems(&broken).join("\n");
            assert!(problems.contains(words), "{name}, {words}: {problems}");
        }
    }
}

/// A reader of OpenAPI 3.1 parses the document and writes it again. If the result is the same, no member is misspelt or
/// in the wrong place.
#[test]
fn every_member_is_known_to_readers() {
    for edition in EDITIONS {
        let document = document(edition);
        assert_eq!(not_understood(&document), [""; 0], "{edition}");
        let misspelt = with(document, "/paths/~1api~1get-status/post", {
            json!({"operationID": "get-status", "responses": {"200": {"description": ""}}})
        });
        assert_eq!(
            not_understood(&misspelt),
            ["/paths//api/get-status/post/operationID"],
            "{edition}"
        );
    }
}

fn not_understood(document: &Value) -> Vec<String> {
    let spec: roas::v3_1::spec::Spec = serde_json::from_value(document.clone()).unwrap();
    let mut lost = Vec::new();
    compare("", document, &serde_json::to_value(&spec).unwrap(), &mut lost);
    lost
}

/// Collects the places of values that `before` has and `after` lacks.
fn compare(place: &str, before: &Value, after: &Value, lost: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for (name, value) in before {
                let place = format!("{place}/{name}");
                match after.get(name) {
                    Some(after) => compare(&place, value, after, lost),
                    None => lost.push(place),
                }
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                compare(&format!("{place}/{index}"), before, after, lost);
            }
        }
        _ if before == after => {}
        _ => lost.push(place.to_owned()),
    }
}

#[test]
fn every_schema_of_3_1_is_valid_json_schema_2020_12() {
    for edition in EDITIONS {
        let document = document(edition);
        for (place, schema) in schemas(&document) {
            let outcome = draft202012::meta::validate(schema);
            assert!(outcome.is_ok(), "{edition}, {place}: {outcome:?}");
            // A schema that compiles has no dangling references.
            crate::responses::validator(&document, schema).unwrap_or_else(|error| {
                panic!("{edition}, {place}: {error}");
            });
        }
    }
}

#[test]
fn a_broken_schema_is_rejected() {
    let document = document("server");
    let schema = &document["components"]["schemas"]["Job"];
    for (pointer, value) in [
        ("/type", json!("objekt")),
        ("/required", json!([1])),
        ("/properties/enabled", json!([])),
        ("/properties/schedule", json!({"anyOf": []})),
    ] {
        let broken = with(schema.clone(), pointer, value);
        assert!(!draft202012::meta::is_valid(&broken), "{pointer}");
    }
    let dangling = json!({"$ref": "#/components/schemas/Nothing"});
    assert!(crate::responses::validator(&document, &dangling).is_err());
}
