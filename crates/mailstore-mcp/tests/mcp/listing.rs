//! The list of tools.

use std::collections::BTreeSet;

use mailstore_mcp::{Settings, needs_confirmation};
use mailstore_sim::{Edition, Simulator, function_list};
use mailstore_transport::Effect;
use rmcp::model::{PaginatedRequestParams, Tool};
use rmcp::service::ServiceError;
use serde_json::{Value, json};

use crate::support::{NoTerminal, Scene};

async fn listed(edition: Edition, settings: Settings) -> Vec<Tool> {
    let scene = Scene::of(Simulator::builder(edition), settings, NoTerminal).await;
    scene.client.list_all_tools().await.unwrap()
}

fn schema(tool: &Tool) -> Value {
    Value::Object(tool.input_schema.as_ref().clone())
}

fn named<'a>(tools: &'a [Tool], name: &str) -> &'a Tool {
    tools.iter().find(|tool| tool.name == name).unwrap()
}

fn effect(edition: Edition, name: &str) -> Effect {
    let surface = match edition {
        Edition::Server => &mailstore_api::server::catalog::SURFACE,
        Edition::Spe => &mailstore_api::spe::catalog::SURFACE,
    };
    surface.function(name).unwrap().effect
}

#[tokio::test]
async fn every_function_of_both_editions_is_one_tool_with_a_valid_name_and_schema() {
    for edition in Edition::ALL {
        let tools = listed(edition, Settings::read_only().allow_writes()).await;
        let names: BTreeSet<&str> = tools.iter().map(|tool| tool.name.as_ref()).collect();
        assert_eq!(names.len(), tools.len(), "{edition}: a name is listed twice");
        let list = function_list(edition).unwrap();
        let functions: BTreeSet<&str> = list
            .functions()
            .iter()
            .map(|function| function.name.as_str())
            .collect();
        assert_eq!(names, functions, "{edition}");
        for tool in &tools {
            let schema = schema(tool);
            jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{}: {error}", tool.name));
            assert_eq!(schema["type"], "object", "{}", tool.name);
            assert!(tool.name.len() <= 64 && tool.name.chars().all(|c| c.is_ascii_alphanumeric()));
            assert!(
                tool.description.as_ref().unwrap().contains("Effect: "),
                "{}",
                tool.name
            );
        }
    }
}

#[tokio::test]
async fn the_hints_of_a_tool_follow_from_its_effect() {
    for edition in Edition::ALL {
        for tool in listed(edition, Settings::read_only().allow_writes()).await {
            let hints = tool.annotations.clone().unwrap();
            let effect = effect(edition, &tool.name);
            assert_eq!(hints.read_only_hint, Some(effect.only_reads()), "{}", tool.name);
            if needs_confirmation(&tool.name, effect) {
                assert_eq!(hints.destructive_hint, Some(true), "{}", tool.name);
            }
            let has_token = schema(&tool)["properties"].get("confirmation_token").is_some();
            assert_eq!(has_token, needs_confirmation(&tool.name, effect), "{}", tool.name);
        }
    }
}

#[tokio::test]
async fn only_tools_that_read_are_listed_without_permission_to_write() {
    for edition in Edition::ALL {
        let tools = listed(edition, Settings::read_only()).await;
        assert!(tools.len() > 20, "{}", tools.len());
        for tool in tools {
            assert!(effect(edition, &tool.name).only_reads(), "{}", tool.name);
        }
    }
}

#[tokio::test]
async fn a_long_list_has_several_pages() {
    let settings = Settings::read_only().allow_writes();
    let scene = Scene::of(Simulator::builder(Edition::Spe), settings, NoTerminal).await;
    let mut cursor = None;
    let mut sizes = Vec::new();
    loop {
        let request = PaginatedRequestParams::default().with_cursor(cursor);
        let page = scene.client.list_tools(Some(request)).await.unwrap();
        sizes.push(page.tools.len());
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(sizes[..2], [50, 50]);
    assert_eq!(
        sizes.iter().sum::<usize>(),
        function_list(Edition::Spe).unwrap().functions().len()
    );
    for wrong in ["", "0", "49", "1000", "-50", "x"] {
        let request = PaginatedRequestParams::default().with_cursor(Some(wrong.to_owned()));
        let error = scene.client.list_tools(Some(request)).await.unwrap_err();
        assert!(
            matches!(&error, ServiceError::McpError(error) if error.code.0 == -32602),
            "{wrong}: {error}"
        );
    }
}

#[tokio::test]
async fn patterns_choose_the_functions_that_are_listed() {
    let settings = Settings::read_only()
        .functions(["getserver*", "GetUsers"])
        .unwrap();
    let tools = listed(Edition::Server, settings).await;
    let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_ref()).collect();
    assert_eq!(names, ["GetServerInfo", "GetUsers"]);
    assert!(Settings::read_only().functions(["a[b"]).is_err());
}

#[tokio::test]
async fn schemas_accept_what_the_functions_take_and_nothing_else() {
    let tools = listed(Edition::Server, Settings::read_only().allow_writes()).await;
    let accepts =
        |tool: &str, arguments: Value| jsonschema::is_valid(&schema(named(&tools, tool)), &arguments);
    assert!(accepts("VerifyStore", json!({"id": 3, "includeIndexes": true})));
    for wrong in [
        json!({"id": "3", "includeIndexes": true}),
        json!({"id": 3}),
        json!({"id": 3, "includeIndexes": true, "more": 1}),
        json!({"id": null, "includeIndexes": true}),
    ] {
        assert!(!accepts("VerifyStore", wrong.clone()), "{wrong}");
    }
    assert!(accepts(
        "CreateUser",
        json!({"userName": "jane", "privileges": ["login"], "fullName": null})
    ));
    assert!(!accepts(
        "CreateUser",
        json!({"userName": "jane", "privileges": ["login"], "password": "x"})
    ));
    assert!(accepts(
        "SetSmtpSettings",
        json!({"settings": {"hostname": "mail"}})
    ));
    assert!(!accepts("SetSmtpSettings", json!({"settings": "{}"})));
}

#[tokio::test]
async fn the_instance_is_required_unless_one_is_set() {
    let tools = listed(Edition::Spe, Settings::read_only()).await;
    let arguments = schema(named(&tools, "GetUsers"));
    assert_eq!(arguments["required"], json!(["instanceID"]));
    let tools = listed(Edition::Spe, Settings::read_only().instance("demo")).await;
    let arguments = schema(named(&tools, "GetUsers"));
    assert_eq!(arguments.get("required"), None);
    assert_eq!(arguments["properties"]["instanceID"]["default"], "demo");
}

/// Four tools: one that reads, one that sets a secret, one with words, and one that destroys.
#[tokio::test]
async fn tools_look_as_they_did() {
    let settings = Settings::read_only()
        .allow_writes()
        .functions([
            "GetUserInfo",
            "SetUserPassword",
            "SetUserAuthentication",
            "DeleteUser",
        ])
        .unwrap();
    let tools = listed(Edition::Server, settings).await;
    insta::assert_snapshot!(serde_json::to_string_pretty(&tools).unwrap());
}
