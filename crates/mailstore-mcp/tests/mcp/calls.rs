//! Calls, their checks, and their errors.

use mailstore_mcp::Settings;
use mailstore_sim::{Edition, Fault, Phase, Simulator};
use serde_json::json;

use crate::support::{NoTerminal, Scene, Screen};

fn writing() -> Settings {
    Settings::read_only().allow_writes()
}

#[tokio::test]
async fn a_tool_that_reads_returns_the_data_of_the_server() {
    let scene = Scene::server(Settings::read_only(), NoTerminal).await;
    let answer = scene.call("GetServerInfo", json!({})).await;
    assert!(answer.data()["version"].is_string(), "{answer:?}");
    assert_eq!(scene.simulator.starts("GetServerInfo"), 1);
}

#[tokio::test]
async fn a_tool_that_changes_something_is_refused_without_permission() {
    let scene = Scene::server(Settings::read_only(), Screen::default()).await;
    for (tool, arguments) in [
        ("SetUserFullName", json!({"userName": "admin", "fullName": "x"})),
        ("DeleteUser", json!({"userName": "admin"})),
        (
            "DeleteUser",
            json!({"userName": "admin", "confirmation_token": "22222-22222"}),
        ),
    ] {
        let answer = scene.call(tool, arguments).await;
        assert!(answer.is_refused(), "{answer:?}");
        assert!(answer.error().contains("--allow-writes"), "{answer:?}");
    }
    assert_eq!(scene.calls(), 0);
}

#[tokio::test]
async fn a_tool_outside_the_patterns_is_refused() {
    let scene = Scene::server(writing().functions(["Get*"]).unwrap(), Screen::default()).await;
    let answer = scene
        .call("SetUserFullName", json!({"userName": "admin", "fullName": "x"}))
        .await;
    assert!(
        answer.is_refused() && answer.error().contains("--functions"),
        "{answer:?}"
    );
    assert_eq!(scene.calls(), 0);
}

#[tokio::test]
async fn a_change_is_made_once_with_permission() {
    let scene = Scene::server(writing(), NoTerminal).await;
    let answer = scene
        .call(
            "SetUserFullName",
            json!({"userName": "admin", "fullName": "Jane"}),
        )
        .await;
    assert!(answer.data().is_null(), "{answer:?}");
    assert_eq!(scene.simulator.starts("SetUserFullName"), 1);
    let received = scene.simulator.received();
    let sent = received
        .iter()
        .find(|call| call.function == "SetUserFullName")
        .unwrap();
    assert_eq!(sent.argument("fullName"), Some("Jane"));
}

#[tokio::test]
async fn wrong_arguments_are_refused_before_anything_is_sent() {
    let scene = Scene::server(writing(), Screen::default()).await;
    for (tool, arguments, expected) in [
        (
            "GetUserInfo",
            json!({"username": "x"}),
            "Did you mean `userName`?",
        ),
        (
            "GetUserInfo",
            json!({"user-name": "x"}),
            "Did you mean `userName`?",
        ),
        (
            "GetUserInfo",
            json!({"xyz": "x", "userName": "x"}),
            "Its arguments: userName.",
        ),
        ("GetServerInfo", json!({"xyz": 1}), "It has no arguments."),
        ("GetUserInfo", json!({}), "needs the argument `userName`"),
        (
            "GetUserInfo",
            json!({"userName": null}),
            "needs the argument `userName`",
        ),
        ("GetUserInfo", json!({"userName": 3}), "must be a string, not `3`"),
        ("GetUserInfo", json!({"userName": ["a"]}), "must be a string"),
        (
            "VerifyStore",
            json!({"id": "3", "includeIndexes": true}),
            "must be an integer",
        ),
        (
            "VerifyStore",
            json!({"id": 1.5, "includeIndexes": true}),
            "must be an integer",
        ),
        (
            "VerifyStore",
            json!({"id": 3, "includeIndexes": "true"}),
            "must be `true` or `false`",
        ),
        (
            "SetSmtpSettings",
            json!({"settings": "{}"}),
            "must be an object or an array",
        ),
        (
            "CreateUser",
            json!({"userName": "x", "privileges": ["a,b"]}),
            "strings without commas",
        ),
        (
            "SetSmtpSettings",
            json!({"settings": {"hostname": "x", "password": {"secret": "set"}}}),
            "contains the placeholder of a secret",
        ),
        (
            "SetDirectoryServicesConfiguration",
            json!({"config": {"conn": "Server=a;Password=***"}}),
            "contains the placeholder of a secret",
        ),
        (
            "SetUserFullName",
            json!({"userName": "x", "fullName": "[secret]"}),
            "contains the placeholder of a secret",
        ),
        (
            "SetSmtpSettings",
            json!({"settings": {"hostname": "x", "password": "fromassistant"}}),
            "the member `password` of the argument `settings` is a secret",
        ),
        (
            "GetServerInfo",
            json!({"confirmation_token": "x"}),
            "needs no confirmation",
        ),
    ] {
        let answer = scene.call(tool, arguments.clone()).await;
        assert!(answer.is_refused(), "{arguments}: {answer:?}");
        assert!(answer.error().contains(expected), "{arguments}: {answer:?}");
    }
    assert_eq!(scene.calls(), 0);
}

#[tokio::test]
async fn an_unknown_tool_is_an_error_of_the_protocol_with_a_suggestion() {
    let scene = Scene::server(Settings::read_only(), NoTerminal).await;
    let error = scene.protocol_error("GetServrInfo").await;
    assert_eq!(error.code.0, -32602);
    assert!(
        error.message.contains("Did you mean `GetServerInfo`?"),
        "{error:?}"
    );
    assert_eq!(scene.calls(), 0);
}

#[tokio::test]
async fn a_secret_is_not_taken_from_an_assistant() {
    let scene = Scene::server(writing(), Screen::default()).await;
    let arguments = json!({"userName": "admin", "password": "canary-7c1f"});
    let answer = scene.call("SetUserPassword", arguments).await;
    assert!(
        answer.is_refused() && answer.error().contains("is a secret"),
        "{answer:?}"
    );
    let answer = scene.call("SetUserPassword", json!({"userName": "admin"})).await;
    assert!(
        answer.is_refused() && answer.error().contains("is not set"),
        "{answer:?}"
    );
    assert!(!scene.received().contains("canary-7c1f"));
    assert_eq!(scene.calls(), 0);
}

#[tokio::test]
async fn a_secret_of_the_settings_is_sent_and_never_shown() {
    let settings = writing().secret("SetUserPassword", "password", "canary-7c1f");
    let scene = Scene::server(settings, Screen::default()).await;
    let echo = |_| json!({"log": "the new password is canary-7c1f", "password": "other"});
    scene.simulator.change_result("SetUserPassword", echo).unwrap();
    let answer = scene.call("SetUserPassword", json!({"userName": "admin"})).await;
    assert!(!answer.is_error, "{answer:?}");
    let received = scene.simulator.received();
    let sent = received
        .iter()
        .find(|call| call.function == "SetUserPassword")
        .unwrap();
    assert_eq!(sent.argument("password"), Some("canary-7c1f"));
    assert!(!scene.received().contains("canary-7c1f"), "{answer:?}");
}

#[tokio::test]
async fn a_secret_of_the_settings_is_sent_with_no_other_function() {
    let settings = writing().secret("CreateUser", "password", "canary-7c1f");
    let scene = Scene::server(settings, Screen::default()).await;
    let answer = scene.call("SetUserPassword", json!({"userName": "admin"})).await;
    assert!(
        answer.is_refused() && answer.error().contains("--secret-env SetUserPassword.password="),
        "{answer:?}"
    );
    assert_eq!(scene.calls(), 0);
}

#[tokio::test]
async fn an_unknown_outcome_of_a_change_is_said_and_nothing_is_repeated() {
    let scene = Scene::server(writing(), NoTerminal).await;
    let fault = Fault::close().on(Phase::Start).of("SetUserFullName");
    scene.simulator.inject(fault).unwrap();
    let answer = scene
        .call("SetUserFullName", json!({"userName": "admin", "fullName": "x"}))
        .await;
    assert!(answer.error().contains("the outcome is unknown"), "{answer:?}");
    assert!(answer.error().contains("Do not repeat the call"), "{answer:?}");
    assert_eq!(scene.simulator.starts("SetUserFullName"), 1);
}

#[tokio::test]
async fn an_error_of_the_server_is_data_in_an_answer() {
    let scene = Scene::server(Settings::read_only(), NoTerminal).await;
    let answer = scene.call("GetUserInfo", json!({"userName": "missing"})).await;
    assert!(
        answer.error().contains("the server could not execute the call"),
        "{answer:?}"
    );
    assert!(
        answer.json["data_from_server"]["message"].is_string(),
        "{answer:?}"
    );
}

#[tokio::test]
async fn the_instance_of_the_settings_is_used_unless_a_call_names_one() {
    let settings = Settings::read_only().instance("demo");
    let scene = Scene::of(Simulator::builder(Edition::Spe), settings, NoTerminal).await;
    let _ = scene.call("GetUsers", json!({})).await;
    let _ = scene.call("GetUsers", json!({"instanceID": "other"})).await;
    let received = scene.simulator.received();
    let calls = received.iter().filter(|call| call.function == "GetUsers");
    let used: Vec<_> = calls.map(|call| call.argument("instanceID").unwrap()).collect();
    assert_eq!(used, ["demo", "other"]);
}
