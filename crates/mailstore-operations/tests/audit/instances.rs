//! Audits of the Service Provider Edition.

use mailstore_operations::audit::{Rule, Status};
use serde_json::{Value, json};

use crate::support::{Scene, lines};

/// A service provider whose only instance is `demo`, with this status.
fn provider(status: &'static str) -> Scene {
    Scene::provider().change("GetInstances", move |instances| {
        let mut demo = instances
            .as_array()
            .unwrap()
            .iter()
            .find(|instance| instance["instanceID"] == "demo")
            .unwrap()
            .clone();
        demo["status"] = Value::from(status);
        json!([demo])
    })
}

#[tokio::test]
async fn everything_of_a_stopped_instance_is_unknown() {
    let report = provider("stopped")
        .audit("[rules.licence-over]\ncontract = { demo = 5 }")
        .await;
    let demo: Vec<_> = report
        .results
        .iter()
        .filter(|result| result.archive.as_deref() == Some("demo"))
        .collect();
    // All rules but `legal-hold`, which is off.
    assert_eq!(demo.len(), Rule::ALL.len() - 1);
    for result in demo {
        assert_eq!(result.status, Status::Unknown, "{result:?}");
        assert!(result.text.contains("not running"), "{result:?}");
    }
}

#[tokio::test]
async fn users_are_counted_against_the_contract() {
    let users = json!([{"userName": "admin"}, {"userName": "jane"}, {"userName": "john"}]);
    for (contract, expected) in [
        ("demo = 2", Some("ok Demo: 2 of 2 users")),
        (
            "demo = 1",
            Some("finding Demo: 2 of 1 users, and at most 100 % are allowed"),
        ),
        (
            "other = 5",
            Some("unknown Demo: the file has no contract for this instance"),
        ),
        ("", None),
    ] {
        let scene =
            provider("running")
                .set("GetUsers", users.clone())
                .change("GetInstances", |mut instances| {
                    instances[0]["displayName"] = "Demo".into();
                    instances
                });
        let config = format!("[rules.licence-over]\ncontract = {{ {contract} }}");
        let report = scene.audit(&config).await;
        let lines = lines(&report, "licence-over");
        assert_eq!(lines.first().map(String::as_str), expected, "{lines:?}");
    }
}

#[tokio::test]
async fn system_administrators_are_on_their_list() {
    let scene = provider("stopped").set(
        "GetSystemAdministrators",
        json!([{"userName": "admin"}, {"userName": "ops"}, {"fullName": "No name"}]),
    );
    let report = scene.audit("").await;
    let of_system: Vec<String> = report
        .results
        .iter()
        .filter(|result| result.archive.is_none())
        .map(|result| format!("{} {}", result.status.as_str(), result.object.name))
        .collect();
    assert_eq!(of_system, ["unknown ", "ok admin", "finding ops"]);
}

#[tokio::test]
async fn system_administrators_that_cannot_be_listed_are_unknown() {
    let scene = provider("stopped").fault("start/GetSystemAdministrators status:500");
    let report = scene.audit("").await;
    let first = &report.results[0];
    assert_eq!(
        (first.archive.as_deref(), first.status),
        (None, Status::Unknown),
        "{first:?}"
    );
}
