//! Exceptions from rules.

use mailstore_operations::audit::{Severity, Status};
use serde_json::json;

use crate::support::{Scene, lines};

/// Two users without a second factor, and one whose status is not known.
fn scene() -> Scene {
    Scene::server().set(
        "GetUsers",
        json!([
            {"userName": "jane", "mfaStatus": "Disabled"},
            {"userName": "john", "mfaStatus": "Disabled"},
            {"userName": "svc", "mfaStatus": null},
        ]),
    )
}

async fn statuses(exception: &str) -> (Vec<Status>, Vec<String>) {
    let report = scene()
        .audit(&format!(
            "[[exception]]\nrule = \"mfa-off\"\nreason = \"until the move\"\n{exception}"
        ))
        .await;
    let results = report
        .results
        .iter()
        .filter(|result| result.rule.id() == "mfa-off");
    (results.map(|result| result.status).collect(), report.notes)
}

#[tokio::test]
async fn an_exception_accepts_findings_until_its_last_day() {
    use Status::{Excepted, Finding, Unknown};
    for (exception, expected) in [
        ("until = 2026-05-02", [Excepted, Excepted, Unknown]),
        ("until = \"2026-05-02\"", [Excepted, Excepted, Unknown]),
        ("until = 2026-05-01", [Finding, Finding, Unknown]),
        (
            "until = 2027-01-01\nobject = [\"JANE\"]",
            [Excepted, Finding, Unknown],
        ),
        (
            "until = 2027-01-01\nobject = [\"j*\"]\narchive = [\"server\"]",
            [Excepted, Excepted, Unknown],
        ),
        (
            "until = 2027-01-01\narchive = [\"other\"]",
            [Finding, Finding, Unknown],
        ),
        (
            "until = 2027-01-01\nalso-unknown = true",
            [Excepted, Excepted, Excepted],
        ),
    ] {
        assert_eq!(statuses(exception).await.0, expected, "{exception}");
    }
}

#[tokio::test]
async fn an_exception_that_has_ended_or_applies_to_nothing_is_noted() {
    let (_, notes) = statuses("until = 2026-05-01").await;
    assert_eq!(
        notes,
        ["the exception in line 2 for `mfa-off` ended on 2026-05-01"]
    );
    let (_, notes) = statuses("until = 2027-05-01\nobject = [\"nobody\"]").await;
    assert_eq!(
        notes,
        ["the exception in line 2 for `mfa-off` applies to no result"]
    );
    let (_, notes) = statuses("until = 2027-05-01").await;
    assert!(notes.is_empty(), "{notes:?}");
}

#[tokio::test]
async fn an_accepted_result_has_the_reason_and_the_end() {
    let report = scene()
        .audit("[[exception]]\nrule = \"mfa-off\"\nreason = \"until the move\"\nuntil = 2027-01-01\nobject = [\"jane\"]")
        .await;
    let jane = report
        .results
        .iter()
        .find(|result| result.exception.is_some())
        .unwrap();
    assert_eq!(jane.object.name, "jane");
    let exception = jane.exception.as_ref().unwrap();
    assert_eq!(exception.reason, "until the move");
    assert_eq!(exception.until.to_string(), "2027-01-01");
    assert_eq!(report.counts.excepted, 1);
}

#[tokio::test]
async fn an_object_is_also_found_by_its_id() {
    let report = Scene::server()
        .audit(
            "[rules.profile-interval]\nmin = \"10m\"\n\
             [[exception]]\nrule = \"profile-interval\"\nreason = \"fast mailbox\"\nuntil = 2027-01-01\nobject = [\"1\"]",
        )
        .await;
    assert_eq!(
        lines(&report, "profile-interval"),
        [
            "ok John's IMAP mailbox: not run automatically",
            "excepted Microsoft 365 Mailboxes: the pause is 5m, and at least 10m is required",
        ]
    );
}

#[tokio::test]
async fn the_worst_finding_has_the_severity_of_its_rule() {
    let report = scene().audit("[rules.mfa-off]\nseverity = \"critical\"").await;
    assert_eq!(report.worst(), Some(Severity::Critical));
    let off = "[rules.mfa-off]\nenabled = false\n[rules.retention-off]\nseverity = \"info\"";
    let report = scene().audit(off).await;
    assert!(lines(&report, "mfa-off").is_empty());
    assert_eq!(report.worst(), Some(Severity::Info), "{report:?}");
}
