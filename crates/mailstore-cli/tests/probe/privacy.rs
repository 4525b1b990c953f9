//! Tests that no value of a response is shown.

use mailstore_sim::{Edition, Simulator};
use serde_json::{Map, Value, json};

use crate::place::{PASSWORD, Place};

const CANARY: &str = "hunter2";

/// Replaces every string with the canary, and adds it as the name and value of a new member to every object.
fn with_canary(value: Value) -> Value {
    match value {
        Value::String(_) => json!(CANARY),
        Value::Array(items) => items.into_iter().map(with_canary).collect(),
        Value::Object(members) => {
            let mut members: Map<String, Value> = members
                .into_iter()
                .map(|(name, value)| (name, with_canary(value)))
                .collect();
            members.insert(CANARY.to_owned(), json!(CANARY));
            Value::Object(members)
        }
        other => other,
    }
}

#[test]
fn no_string_of_any_response_is_shown() {
    for (edition, surface) in [
        (Edition::Server, &mailstore_api::server::catalog::SURFACE),
        (Edition::Spe, &mailstore_api::spe::catalog::SURFACE),
    ] {
        let builder = surface
            .functions
            .iter()
            .fold(Simulator::builder(edition), |builder, function| {
                builder.result(function.name, with_canary)
            });
        let place = Place::of(builder);
        let instance: &[&str] = if edition == Edition::Spe {
            &["--instance", "acme"]
        } else {
            &[]
        };
        let outcome = place.probe(&[&["--slow"], instance].concat()).ends_with(1);
        assert!(
            outcome
                .report
                .contains("unknown members whose names are not shown"),
            "{}",
            outcome.report
        );
        for text in [&outcome.text, &outcome.report, &outcome.patch] {
            for secret in [CANARY, PASSWORD, "john.doe"] {
                assert!(!text.contains(secret), "{secret} is in: {text}");
            }
        }
        for text in [&outcome.report, &outcome.patch] {
            for secret in ["127.0.0.1", "acme", "host1"] {
                assert!(!text.contains(secret), "{secret} is in: {text}");
            }
        }
    }
}

#[test]
fn values_of_unchanged_responses_are_not_shown() {
    let place = Place::new(Edition::Spe);
    let outcome = place.probe(&["--slow"]);
    for text in [&outcome.report, &outcome.patch] {
        for secret in [
            "demo",
            "acme",
            "host1",
            "example.com",
            "john",
            "deputy",
            "127.0.0.1",
            PASSWORD,
        ] {
            assert!(!text.contains(secret), "{secret} is in: {text}");
        }
    }
}
