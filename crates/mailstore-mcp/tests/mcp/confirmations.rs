//! Confirmations of calls that destroy something.

use std::time::Duration;

use mailstore_mcp::{Catalog, Settings, needs_confirmation};
use mailstore_sim::{Edition, function_list};
use serde_json::{Value, json};

use crate::support::{NoTerminal, Scene, Screen};

async fn scene(screen: &Screen) -> Scene {
    let scene = Scene::server(Settings::read_only().allow_writes(), screen.clone()).await;
    for name in ["jane", "john"] {
        let created = scene
            .call("CreateUser", json!({"userName": name, "privileges": ["none"]}))
            .await;
        assert!(!created.is_error, "{created:?}");
    }
    scene
}

fn delete(name: &str, token: Option<&str>) -> Value {
    match token {
        Some(token) => json!({"userName": name, "confirmation_token": token}),
        None => json!({"userName": name}),
    }
}

#[tokio::test]
async fn a_call_is_made_once_with_the_token_on_the_terminal() {
    let screen = Screen::default();
    let scene = scene(&screen).await;
    let first = scene.call("DeleteUser", delete("jane", None)).await;
    assert!(
        first.is_refused() && first.error().contains("needs a confirmation"),
        "{first:?}"
    );
    assert_eq!(scene.simulator.starts("DeleteUser"), 0);
    let token = screen.token();
    assert!(!scene.received().contains(&token), "the token is in the protocol");
    let shown = screen.text();
    assert!(
        shown.contains("DeleteUser") && shown.contains("userName = jane"),
        "{shown}"
    );
    let second = scene.call("DeleteUser", delete("jane", Some(&token))).await;
    assert!(!second.is_error, "{second:?}");
    let again = scene.call("DeleteUser", delete("jane", Some(&token))).await;
    assert!(
        again.is_refused() && again.error().contains("valid for one call"),
        "{again:?}"
    );
    assert_eq!(scene.simulator.starts("DeleteUser"), 1);
}

#[tokio::test]
async fn a_token_is_not_valid_for_other_arguments() {
    let screen = Screen::default();
    let scene = scene(&screen).await;
    let _ = scene.call("DeleteUser", delete("jane", None)).await;
    let token = screen.token();
    let other = scene.call("DeleteUser", delete("john", Some(&token))).await;
    assert!(
        other.is_refused() && other.error().contains("exactly these arguments"),
        "{other:?}"
    );
    assert_eq!(scene.simulator.starts("DeleteUser"), 0);
    // The confirmed call is still possible.
    let same = scene.call("DeleteUser", delete("jane", Some(&token))).await;
    assert!(!same.is_error, "{same:?}");
}

#[tokio::test]
async fn a_wrong_token_is_refused_and_cannot_be_guessed() {
    let screen = Screen::default();
    let scene = scene(&screen).await;
    let _ = scene.call("DeleteUser", delete("jane", None)).await;
    let token = screen.token();
    for wrong in [json!("22222-22222"), json!(true), json!("")] {
        let arguments = json!({"userName": "jane", "confirmation_token": wrong});
        let answer = scene.call("DeleteUser", arguments).await;
        assert!(
            answer.is_refused() && answer.error().contains("token is wrong"),
            "{answer:?}"
        );
    }
    let late = scene.call("DeleteUser", delete("jane", Some(&token))).await;
    assert!(late.is_refused(), "{late:?}");
    assert_eq!(scene.simulator.starts("DeleteUser"), 0);
}

#[tokio::test]
async fn the_line_with_the_token_names_the_function_and_a_new_token_says_that_it_replaces_one() {
    let screen = Screen::default();
    let scene = scene(&screen).await;
    let _ = scene.call("DeleteUser", delete("jane", None)).await;
    let line = format!("To allow DeleteUser on {} once", scene.simulator.url());
    assert!(
        screen.text().contains(line.trim_end_matches('/')),
        "{}",
        screen.text()
    );
    assert!(!screen.text().contains("replaces"), "{}", screen.text());
    let _ = scene.call("DeleteUser", delete("jane", None)).await;
    assert!(
        screen.text().contains("replaces the one before"),
        "{}",
        screen.text()
    );
}

#[tokio::test]
async fn an_expired_token_is_refused() {
    let screen = Screen::default();
    let settings = Settings::read_only()
        .allow_writes()
        .confirmation_lifetime(Duration::ZERO);
    let scene = Scene::server(settings, screen.clone()).await;
    let _ = scene.call("DeleteUser", delete("jane", None)).await;
    let answer = scene
        .call("DeleteUser", delete("jane", Some(&screen.token())))
        .await;
    assert!(
        answer.is_refused() && answer.error().contains("has expired"),
        "{answer:?}"
    );
    assert_eq!(scene.calls(), 0);
}

#[tokio::test]
async fn a_call_that_needs_a_confirmation_is_refused_without_a_terminal() {
    let scene = Scene::server(Settings::read_only().allow_writes(), NoTerminal).await;
    for token in [None, Some("22222-22222")] {
        let answer = scene.call("DeleteUser", delete("jane", token)).await;
        assert!(answer.is_refused(), "{answer:?}");
        assert_eq!(
            token.is_none(),
            answer.error().contains("no terminal"),
            "{answer:?}"
        );
    }
    assert_eq!(scene.calls(), 0);
}

/// A job runs any command of the Management Shell.
#[tokio::test]
async fn a_job_cannot_delete_a_user_without_a_confirmation() {
    let screen = Screen::default();
    let scene = Scene::server(Settings::read_only().allow_writes(), screen.clone()).await;
    for (tool, arguments) in [
        (
            "CreateJob",
            json!({
                "name": "x", "action": "DeleteUser --userName=anna", "owner": "admin", "timeZoneId": "UTC",
                "date": "2026-01-31T00:00:00",
            }),
        ),
        ("RunJobAsync", json!({"id": 1})),
    ] {
        let answer = scene.call(tool, arguments).await;
        assert!(
            answer.is_refused() && answer.error().contains("needs a confirmation"),
            "{answer:?}"
        );
        assert!(screen.text().contains(tool), "{}", screen.text());
    }
    assert_eq!(scene.calls(), 0);
}

/// A new function appears here, so that a person decides whether it needs a confirmation.
#[test]
fn the_functions_that_need_a_confirmation_are_known() {
    let mut table = String::new();
    for edition in [Edition::Server, Edition::Spe] {
        let catalog = Catalog::new(edition, &function_list(edition).unwrap(), false).unwrap();
        for function in catalog.api.functions() {
            let decision = match (
                needs_confirmation(&function.wire, function.effect),
                function.effect.only_reads(),
            ) {
                (true, _) => "confirmed",
                (false, true) => "reads",
                (false, false) => "not confirmed",
            };
            table.push_str(&format!(
                "{edition}: {:<13} {:<11} {}\n",
                decision,
                function.effect.to_string(),
                function.wire
            ));
        }
    }
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn maintenance_that_cannot_be_undone_needs_a_confirmation() {
    let screen = Screen::default();
    let scene = Scene::server(Settings::read_only().allow_writes(), screen.clone()).await;
    let answer = scene.call("UpgradeStore", json!({"id": 1})).await;
    assert!(
        answer.is_refused() && answer.error().contains("needs a confirmation"),
        "{answer:?}"
    );
    assert!(screen.text().contains("cannot be undone"), "{}", screen.text());
    assert_eq!(scene.calls(), 0);
}
