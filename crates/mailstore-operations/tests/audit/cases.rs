//! Each rule with all that a server can say.

use serde_json::{Value, json};

use crate::support::{Scene, lines};

/// Audits a server with a replaced result, and compares the results of the rule.
async fn expect(rule: &str, parameters: &str, function: &str, result: Value, expected: &[&str]) {
    let scene = Scene::server().set(function, result.clone());
    let report = scene.audit(&format!("[rules.{rule}]\n{parameters}")).await;
    assert_eq!(lines(&report, rule), expected, "{rule} {parameters} {result}");
}

fn profile(execution: Value) -> Value {
    json!([{"id": 7, "name": "P", "owner": "admin", "type": "I", "connector": "IMAP", "serverSideExecution": execution}])
}

fn store(change: Value) -> Value {
    let mut store = json!({
        "id": 3, "name": "2026-01", "requestedState": "current", "error": null, "needsUpgrade": false,
        "searchIndexesNeedRebuild": false,
    });
    for (name, value) in change.as_object().unwrap() {
        store[name] = value.clone();
    }
    json!([store])
}

#[tokio::test]
async fn the_pause_of_an_automatic_profile_is_within_its_limits() {
    let limits = "min = \"5m\"\nmax = \"1d\"";
    let automatic = |pause: Value| json!({"automatic": true, "automaticPauseBetweenExecutions": pause});
    for (execution, expected) in [
        (
            automatic(json!(299)),
            "finding P: the pause is 4m 59s, and at least 5m is required",
        ),
        (automatic(json!(300)), "ok P: the pause is 5m"),
        (automatic(json!(86_400)), "ok P: the pause is 24h"),
        (
            automatic(json!(86_401)),
            "finding P: the pause is 24h 1s, and at most 24h is allowed",
        ),
        (
            automatic(Value::Null),
            "unknown P: the server does not say how long the pause is",
        ),
        (
            automatic(json!("soon")),
            "unknown P: the server does not say how long the pause is",
        ),
        (
            json!({"automatic": false, "automaticPauseBetweenExecutions": 1}),
            "ok P: not run automatically",
        ),
        (
            json!({"automaticPauseBetweenExecutions": 300}),
            "unknown P: the server does not say whether it runs the profile automatically",
        ),
        (Value::Null, "ok P: not run automatically"),
        (json!(5), "unknown P: the schedule cannot be decoded"),
    ] {
        expect(
            "profile-interval",
            limits,
            "GetProfiles",
            profile(execution),
            &[expected],
        )
        .await;
    }
    let none = "ok MailStore Server: there is no profile";
    expect("profile-interval", limits, "GetProfiles", json!([]), &[none]).await;
}

#[tokio::test]
async fn a_user_has_an_address_unless_it_is_ignored() {
    let info = |emails: Value| {
        json!({
            "userName": "x", "fullName": null, "distinguishedName": null, "authentication": "integrated",
            "emailAddresses": emails, "pop3UserNames": [], "privileges": ["login"],
        })
    };
    let users = json!([{"userName": "john.doe"}, {"userName": "jane.doe"}]);
    for (emails, expected) in [
        (json!([]), "finding jane.doe: has no e-mail address"),
        (json!(["jane@example.com"]), "ok jane.doe: has an e-mail address"),
    ] {
        let scene = Scene::server()
            .set("GetUsers", users.clone())
            .set("GetUserInfo", info(emails));
        let report = scene
            .audit("[rules.user-without-email]\nignore = [\"JOHN*\"]")
            .await;
        assert_eq!(lines(&report, "user-without-email"), [expected]);
    }
}

#[tokio::test]
async fn a_user_that_cannot_be_read_is_unknown() {
    // The user was deleted after the list was read.
    let scene = Scene::server().set("GetUsers", json!([{"userName": "gone"}]));
    let report = scene.audit("").await;
    let reason = "GetUserInfo: There is no user with the name gone.";
    assert_eq!(
        lines(&report, "user-without-email"),
        [format!("unknown gone: {reason}")]
    );
    let expected = format!("unknown gone: may be an administrator: {reason}");
    assert_eq!(lines(&report, "administrators"), [expected]);
}

#[tokio::test]
async fn an_administrator_is_on_the_list() {
    for (allow, expected) in [
        ("[\"ADMIN\"]", "ok admin: an expected administrator"),
        ("[]", "finding admin: an administrator that is not on the list"),
    ] {
        let report = Scene::server()
            .audit(&format!("[rules.administrators]\nallow = {allow}"))
            .await;
        assert_eq!(lines(&report, "administrators"), [expected]);
    }
}

#[tokio::test]
async fn only_known_words_say_that_a_second_factor_is_set_up() {
    for (status, expected) in [
        (json!("Disabled"), "finding jane: no second factor is set up"),
        (json!("enabled"), "ok jane: a second factor is set up"),
        (
            json!("Pending"),
            "unknown jane: the status `Pending` of the second factor is not known",
        ),
        (
            Value::Null,
            "unknown jane: the server does not say whether a second factor is set up",
        ),
    ] {
        let users =
            json!([{"userName": "jane", "mfaStatus": status}, {"userName": "svc", "mfaStatus": "Disabled"}]);
        expect("mfa-off", "ignore = [\"svc\"]", "GetUsers", users, &[expected]).await;
    }
}

#[tokio::test]
async fn a_store_is_judged_by_its_last_verification() {
    let run = |day: u8, action: &str, result: &str| {
        json!({
            "jobId": 2, "jobResultId": day, "action": action, "result": result,
            "startTime": format!("2026-04-{day:02}T01:30:00"), "completeTime": format!("2026-04-{day:02}T01:40:00"),
        })
    };
    let all = "VerifyStores --includeIndexes=false";
    let none = "unknown 2026-01: no job verified the store in the last 14 days, and verifications by hand are not listed";
    let verified = "ok 2026-01: verified by job 2 on 2026-04-20";
    let failed = "finding 2026-01: the verification by job 2 on 2026-04-21 failed";
    let mut unfinished = run(20, all, "succeeded");
    unfinished["completeTime"] = Value::Null;
    for (runs, expected) in [
        (vec![], none),
        (vec![run(20, all, "succeeded")], verified),
        (
            vec![run(20, "verifystore --includeIndexes=true --id=3", "succeeded")],
            verified,
        ),
        (vec![run(20, "VerifyStore --id 3", "succeeded")], verified),
        (vec![run(20, "VerifyStore --id=33", "succeeded")], none),
        (vec![run(20, "VerifyStore", "succeeded")], none),
        (vec![run(20, "CompactStore --id=3", "succeeded")], none),
        (vec![run(21, all, "failed"), run(20, all, "succeeded")], failed),
        (
            vec![run(21, all, "cancelled"), run(20, all, "succeeded")],
            verified,
        ),
        (vec![run(19, all, "failed"), run(20, all, "succeeded")], verified),
        (vec![run(17, all, "succeeded")], none),
        (vec![unfinished], none),
        (
            vec![run(21, all, "skipped")],
            "unknown 2026-01: the verification by job 2 on 2026-04-21 ended with `skipped`, which is not known",
        ),
    ] {
        let scene = Scene::server()
            .set("GetStores", store(json!({})))
            .set("GetJobResults", json!(runs));
        let report = scene.audit("[rules.store-not-verified]\nmax-days = 14").await;
        assert_eq!(lines(&report, "store-not-verified"), [expected], "{runs:?}");
    }
}

#[tokio::test]
async fn a_disabled_store_is_not_known_to_be_verified() {
    let disabled = store(json!({"requestedState": "disabled"}));
    let expected =
        "unknown 2026-01: the store is disabled, and it is not known whether jobs verify such a store";
    expect("store-not-verified", "", "GetStores", disabled, &[expected]).await;
}

#[tokio::test]
async fn a_store_needs_no_upgrade_no_rebuild_and_has_no_error() {
    for (rule, change, expected) in [
        ("store-needs-upgrade", json!({}), "ok 2026-01: needs no upgrade"),
        (
            "store-needs-upgrade",
            json!({"needsUpgrade": true}),
            "finding 2026-01: needs an upgrade",
        ),
        (
            "store-needs-upgrade",
            json!({"needsUpgrade": null}),
            "unknown 2026-01: the server does not say whether the store needs an upgrade",
        ),
        ("store-error", json!({}), "ok 2026-01: has no error"),
        (
            "store-error",
            json!({"error": "disk full"}),
            "finding 2026-01: error: disk full",
        ),
        (
            "store-error",
            json!({"error": 5}),
            "unknown 2026-01: the error of the store cannot be decoded",
        ),
        ("index-rebuild", json!({}), "ok 2026-01: no rebuild is needed"),
        (
            "index-rebuild",
            json!({"searchIndexesNeedRebuild": true}),
            "finding 2026-01: search indexes must be rebuilt",
        ),
        (
            "index-rebuild",
            json!({"searchIndexesNeedRebuild": null}),
            "unknown 2026-01: the server does not say whether search indexes must be rebuilt",
        ),
    ] {
        expect(rule, "", "GetStores", store(change), &[expected]).await;
    }
}

#[tokio::test]
async fn the_licence_has_enough_users() {
    let licence = |used: Value, allowed: Value| json!({"namedUsers": used, "maxNamedUsers": allowed});
    for (percent, result, expected) in [
        (
            100,
            licence(json!(50), json!(50)),
            "ok MailStore Server: 50 of 50 users",
        ),
        (
            100,
            licence(json!(51), json!(50)),
            "finding MailStore Server: 51 of 50 users, and at most 100 % are allowed",
        ),
        (
            90,
            licence(json!(46), json!(50)),
            "finding MailStore Server: 46 of 50 users, and at most 90 % are allowed",
        ),
        (
            100,
            licence(Value::Null, json!(50)),
            "unknown MailStore Server: the server does not say how many users are used and allowed",
        ),
    ] {
        let parameters = format!("max-percent = {percent}");
        expect(
            "licence-over",
            &parameters,
            "GetLicenseInformation",
            result,
            &[expected],
        )
        .await;
    }
}

#[tokio::test]
async fn a_retention_policy_is_active() {
    for (policies, expected) in [
        (
            json!([]),
            "finding MailStore Server: no retention policy is active",
        ),
        (
            json!([{"enabled": false}]),
            "finding MailStore Server: no retention policy is active",
        ),
        (
            json!([{"enabled": false}, {"enabled": true}]),
            "ok MailStore Server: a retention policy is active",
        ),
        (
            json!([{"enabled": false}, {"name": "x"}]),
            "unknown MailStore Server: the server does not say whether a retention policy is active",
        ),
    ] {
        expect("retention-off", "", "GetRetentionPolicies", policies, &[expected]).await;
    }
}

#[tokio::test]
async fn legal_hold_is_as_required() {
    let on = "enabled = true";
    let off = "enabled = true\nrequired = false";
    for (parameters, hold, expected) in [
        (on, json!(true), "ok MailStore Server: legal hold is on"),
        (on, json!(false), "finding MailStore Server: legal hold is off"),
        (off, json!(true), "finding MailStore Server: legal hold is on"),
        (off, json!(false), "ok MailStore Server: legal hold is off"),
        (
            on,
            Value::Null,
            "unknown MailStore Server: the server does not say whether legal hold is on",
        ),
    ] {
        let compliance = json!({"legalHoldEnabled": hold});
        expect(
            "legal-hold",
            parameters,
            "GetComplianceConfiguration",
            compliance,
            &[expected],
        )
        .await;
    }
}

#[tokio::test]
async fn required_activities_are_logged() {
    let required = "required = [\"UserAdd\", \"SessionLogin\"]";
    for (parameters, logged, expected) in [
        (
            required,
            json!(["SessionLogin", "UserAdd"]),
            "ok MailStore Server: the required activities are logged",
        ),
        (
            required,
            json!(["SessionLogin"]),
            "finding MailStore Server: not logged: UserAdd",
        ),
        (
            "",
            json!(["SessionLogin"]),
            "ok MailStore Server: the required activities are logged",
        ),
        (
            "",
            json!([]),
            "finding MailStore Server: no successful activity is logged",
        ),
        (
            "",
            Value::Null,
            "unknown MailStore Server: the server does not say which activities it logs",
        ),
    ] {
        let compliance = json!({"logSuccessfulUserActivities": logged});
        expect(
            "audit-log",
            parameters,
            "GetComplianceConfiguration",
            compliance,
            &[expected],
        )
        .await;
    }
}

#[tokio::test]
async fn a_function_that_fails_makes_its_rules_unknown() {
    for (function, rules) in [
        ("GetProfiles", &["profile-interval"][..]),
        ("GetUsers", &["user-without-email", "administrators", "mfa-off"]),
        (
            "GetStores",
            &[
                "store-not-verified",
                "store-needs-upgrade",
                "store-error",
                "index-rebuild",
            ],
        ),
        ("GetJobResults", &["store-not-verified"]),
        ("GetLicenseInformation", &["licence-over"]),
        ("GetRetentionPolicies", &["retention-off"]),
        ("GetComplianceConfiguration", &["legal-hold", "audit-log"]),
    ] {
        let scene = Scene::server().fault(&format!("start/{function} status:500"));
        let report = scene.audit("[rules.legal-hold]\nenabled = true").await;
        for rule in rules {
            let lines = lines(&report, rule);
            assert_eq!(lines.len(), 1, "{lines:?}");
            assert!(lines[0].starts_with("unknown MailStore Server: "), "{lines:?}");
        }
    }
}
