//! The copy of the OpenAPI document that the page shows.

use mailstore_explorer::{Explorer, Settings};
use mailstore_sim::{Edition, Simulator};
use serde_json::{Value, json};

use crate::support::{Page, builder, document_of, surface};

async fn copy(page: &Page) -> Value {
    page.send("GET", "/openapi.json", &page.headers(), b"")
        .await
        .json()
}

/// The fields of the forms: the path, the name and the schema.
fn fields(document: &Value) -> Vec<(String, String, Value)> {
    let mut fields = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let content = &item["post"]["requestBody"]["content"];
        let form = &content["application/x-www-form-urlencoded"]["schema"]["properties"];
        for (name, schema) in form.as_object().into_iter().flatten() {
            fields.push((path.clone(), name.clone(), schema.clone()));
        }
    }
    fields
}

#[tokio::test]
async fn every_field_is_flat_and_empty_at_first() {
    for edition in [Edition::Server, Edition::Spe] {
        let simulator = Simulator::builder(edition).start().unwrap();
        let page = Page::read_only(&simulator).await;
        let document = copy(&page).await;
        let fields = fields(&document);
        assert!(fields.len() > 100, "{}", fields.len());
        for (path, name, schema) in fields {
            for member in [
                "$ref",
                "anyOf",
                "const",
                "contentMediaType",
                "contentSchema",
                "minItems",
            ] {
                assert!(schema.get(member).is_none(), "{path} {name}: {schema}");
            }
            let ty = schema["type"].as_str().unwrap();
            assert!(
                ["string", "integer", "number", "boolean", "array"].contains(&ty),
                "{path} {name}: {schema}"
            );
            let example = match (ty, name.as_str()) {
                ("array", _) => json!([]),
                (_, "raw") => json!(true),
                _ => json!(""),
            };
            assert_eq!(schema["example"], example, "{path} {name}");
            if ty == "array" {
                assert_eq!(schema["items"]["type"], "string", "{path} {name}");
            }
        }
    }
}

#[tokio::test]
async fn words_and_passwords_and_json_have_fields_of_their_own() {
    let simulator = Simulator::start().unwrap();
    let page = Page::read_only(&simulator).await;
    let document = copy(&page).await;
    let fields = fields(&document);
    let field = |path: &str, name: &str| {
        let found = fields.iter().find(|field| field.0 == path && field.1 == name);
        found.unwrap().2.clone()
    };
    let user = |name| field("/api/invoke/CreateUser", name);
    assert_eq!(
        user("authentication")["enum"],
        json!(["directoryServices", "integrated"])
    );
    let privileges = user("privileges")["items"]["enum"].clone();
    assert!(
        ["login", "admin", "none"]
            .iter()
            .all(|word| privileges.as_array().unwrap().contains(&json!(word)))
    );
    assert_eq!(user("password")["format"], "password");
    assert_eq!(
        field("/api/invoke/CreateProfile", "properties")["x-explorer-json"],
        true
    );
    // A required choice must not look as if its first word was chosen.
    assert_eq!(
        field("/api/invoke/SetUserAuthentication", "authentication")["enum"][0],
        ""
    );
}

/// `*` and the name of an instance are valid.
#[tokio::test]
async fn a_text_that_is_not_only_a_word_can_be_typed() {
    let simulator = Simulator::builder(Edition::Spe).start().unwrap();
    let page = Page::read_only(&simulator).await;
    let document = copy(&page).await;
    let fields = fields(&document);
    let filter = fields
        .iter()
        .find(|(path, ..)| path == "/api/invoke/DeleteInstances")
        .unwrap();
    assert_eq!(
        (&*filter.1, &filter.2["type"]),
        ("instanceFilter", &json!("string"))
    );
    assert!(filter.2.get("enum").is_none());
}

#[tokio::test]
async fn the_document_names_this_server_and_shows_effects() {
    let simulator = Simulator::start().unwrap();
    let page = Page::read_only(&simulator).await;
    let document = copy(&page).await;
    assert_eq!(document["servers"], json!([{"url": "/"}]));
    assert!(document.get("security").is_none() && document["components"].get("securitySchemes").is_none());
    assert_eq!(document["x-explorer"]["server"], simulator.url());
    assert_eq!(document["x-explorer"]["readOnly"], true);
    for function in surface(Edition::Server).functions {
        let operation = &document["paths"][format!("/{}{}", function.path, function.name)]["post"];
        let summary = operation["summary"].as_str().unwrap();
        let prefix = format!("[{}] ", function.effect.as_str());
        assert!(summary.starts_with(&prefix), "{summary}");
        let order: Vec<&str> = function.arguments.iter().map(|argument| argument.name).collect();
        assert_eq!(operation["x-explorer-order"], json!(order), "{}", function.name);
    }
}

#[tokio::test]
async fn the_forms_contain_the_chosen_instance() {
    let simulator = Simulator::builder(Edition::Spe).start().unwrap();
    let settings = Settings {
        instance: Some("demo"),
        ..Settings::default()
    };
    let connection = builder(&simulator).build().unwrap();
    let explorer = Explorer::bind(connection, document_of(Edition::Spe), settings)
        .await
        .unwrap();
    let page = Page::running(explorer);
    let document = copy(&page).await;
    let instances = fields(&document)
        .into_iter()
        .filter(|(_, name, _)| name == "instanceID");
    let examples: Vec<Value> = instances
        .map(|(_, _, schema)| schema["example"].clone())
        .collect();
    assert!(
        examples.len() > 50 && examples.iter().all(|example| example == "demo"),
        "{examples:?}"
    );
}

#[tokio::test]
async fn a_document_that_is_not_json_is_an_error() {
    let simulator = Simulator::start().unwrap();
    let connection = builder(&simulator).build().unwrap();
    let error = Explorer::bind(connection, "none", Settings::default())
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "the OpenAPI document is not valid");
}

#[tokio::test]
async fn a_used_port_is_an_error_that_names_it() {
    let simulator = Simulator::start().unwrap();
    let page = Page::read_only(&simulator).await;
    let port = page.host.rsplit(':').next().unwrap().parse().unwrap();
    let settings = Settings {
        port,
        ..Settings::default()
    };
    let connection = builder(&simulator).build().unwrap();
    let error = Explorer::bind(connection, document_of(Edition::Server), settings)
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), format!("cannot listen on 127.0.0.1:{port}"));
}
