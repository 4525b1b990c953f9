//! Whole reports.

use serde_json::json;

use crate::support::Scene;

const CONFIG: &str = r#"
[rules.profile-interval]
min = "10m"
[[exception]]
rule = "mfa-off"
object = ["j*.doe"]
reason = "Tokens arrive in June"
until = 2026-06-30
[[exception]]
rule = "store-error"
reason = "The old disk"
until = 2026-01-31
"#;

fn scene() -> Scene {
    Scene::server()
        .set(
            "GetLicenseInformation",
            json!({"namedUsers": 4, "maxNamedUsers": 5}),
        )
        .set(
            "GetJobResults",
            json!([{
                "jobId": 2, "jobResultId": 9, "action": "VerifyStore --id=1", "result": "succeeded",
                "startTime": "2026-05-01T01:30:00", "completeTime": "2026-05-01T01:40:00",
            }]),
        )
}

#[tokio::test]
async fn a_report_as_json() {
    let mut report = scene().audit(CONFIG).await;
    report.server = "https://mailstore.example.com:8463".to_owned();
    insta::assert_snapshot!(report.to_json().unwrap());
}

#[tokio::test]
async fn the_order_does_not_depend_on_the_server() {
    let reversed = |mut list: serde_json::Value| {
        list.as_array_mut().unwrap().reverse();
        list
    };
    let scene_reversed = scene()
        .change("GetUsers", reversed)
        .change("GetProfiles", reversed)
        .change("GetStores", reversed);
    let results = scene().audit(CONFIG).await.results;
    assert_eq!(scene_reversed.audit(CONFIG).await.results, results);
}

#[tokio::test]
async fn an_audit_only_reads() {
    let scene = scene();
    scene.audit(CONFIG).await;
    let received = scene.simulator.received();
    assert!(
        received.iter().all(|call| call.function.starts_with("Get")),
        "{received:?}"
    );
}

#[tokio::test]
async fn a_rule_that_is_off_sends_nothing() {
    let scene = scene();
    let off = "[rules.user-without-email]\nenabled = false\n[rules.administrators]\nenabled = false\n\
               [rules.retention-off]\nenabled = false";
    scene.audit(off).await;
    assert_eq!(scene.simulator.starts("GetUserInfo"), 0);
    assert_eq!(scene.simulator.starts("GetRetentionPolicies"), 0);
    assert_eq!(scene.simulator.starts("GetUsers"), 1);
}
