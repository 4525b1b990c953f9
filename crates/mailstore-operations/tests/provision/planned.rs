//! What plans contain.

use mailstore_operations::provision::{Action, Plan, PlanOptions};

use crate::support::Scene;

#[tokio::test]
async fn a_plan_shows_changed_fields_only_and_dangers_first() {
    let scene = Scene::new();
    let plan = scene
        .plan(
            r#"
version = 1
[defaults.user]
own-archive = ["read", "write"]
[[user]]
name = "jane.doe"
full-name = "Jane Doe"
emails = ["jane@new.example", "JANE.DOE@example.com"]
folders = { "john.doe" = [] }
[[user]]
name = "mia.wolf"
privileges = ["login", "changePassword"]
password = { env = "MIA_PASSWORD" }
[[user]]
name = "john.doe"
state = "absent"
[[user]]
name = "frank.clark"
privileges = ["admin"]
"#,
        )
        .await;
    insta::assert_snapshot!(plan.to_text(), @r"
    https://mailstore.example.com:8463, archive server, read at 2026-05-02T07:41:02Z
    ~ user frank.clark
        WARNING: the user becomes an administrator
        privileges: + admin  - login
    - user john.doe
        BLOCKED: deleting needs --allow-delete
        WARNING: the user is deleted. The archive of the user and its messages are kept
    + user mia.wolf
        privileges: login, changePassword
        folder mia.wolf: read, write
        password: from the environment variable MIA_PASSWORD
    ~ user jane.doe
        emails: + jane@new.example
        folder john.doe: read -> none
    Plan: 1 to create, 2 to change, 0 to delete, 1 blocked
    ");
}

#[tokio::test]
async fn order_case_and_duplicates_of_lists_are_no_difference() {
    let scene = Scene::new();
    let plan = scene
        .plan("version = 1\n[[user]]\nname = \"JANE.DOE\"\nprivileges = [\"export\", \"login\", \"archive\", \"login\"]\nemails = [\"Jane.Doe@Example.com\"]\n")
        .await;
    assert!(plan.changes.is_empty(), "{}", plan.to_text());
    assert_eq!(plan.unchanged, 1);
}

#[tokio::test]
async fn a_missing_field_is_not_changed_and_an_empty_list_removes_everything() {
    let scene = Scene::new();
    let plan = scene
        .plan("version = 1\n[[user]]\nname = \"jane.doe\"\nemails = []\n")
        .await;
    let fields: Vec<String> = plan.changes[0]
        .fields
        .iter()
        .map(|field| field.field.to_string())
        .collect();
    assert_eq!(fields, ["emails"]);
    scene.apply(&plan).await.unwrap();
    let jane = scene.client.get_user_info("jane.doe").await.unwrap();
    assert!(jane.email_addresses.is_empty());
    assert_eq!(jane.full_name.as_deref(), Some("Jane Doe"));
}

#[tokio::test]
async fn an_empty_file_deletes_nothing() {
    let scene = Scene::new();
    let options = PlanOptions {
        allow_delete: true,
        ..scene.options()
    };
    assert!(
        scene
            .plan_with("version = 1\n", &options)
            .await
            .changes
            .is_empty()
    );
}

#[tokio::test]
async fn deleting_needs_the_state_and_the_permission() {
    let scene = Scene::new();
    let file = "version = 1\n[[user]]\nname = \"john.doe\"\nstate = \"absent\"\n";
    let plan = scene.plan(file).await;
    assert_eq!(
        plan.changes[0].blocked.as_deref(),
        Some("deleting needs --allow-delete")
    );
    scene.apply(&plan).await.unwrap();
    assert_eq!(scene.simulator.starts("DeleteUser"), 0);
    let options = PlanOptions {
        allow_delete: true,
        ..scene.options()
    };
    let plan = scene.plan_with(file, &options).await;
    assert_eq!(plan.changes[0].action, Action::Delete);
    assert!(plan.changes[0].blocked.is_none());
}

#[tokio::test]
async fn the_own_account_is_neither_deleted_nor_demoted() {
    let scene = Scene::new();
    let options = PlanOptions {
        allow_delete: true,
        ..scene.options()
    };
    for fields in [
        "state = \"absent\"",
        "privileges = [\"login\"]",
        "login-privileges = [\"web\"]",
    ] {
        let plan = scene
            .plan_with(
                &format!("version = 1\n[[user]]\nname = \"ADMIN\"\n{fields}\n"),
                &options,
            )
            .await;
        let blocked = plan.changes[0].blocked.as_deref().unwrap_or_default();
        assert!(
            blocked.contains("the account that makes the changes"),
            "{fields}: {blocked}"
        );
    }
}

#[tokio::test]
async fn the_last_administrator_is_kept_unless_another_one_is_made_first() {
    let scene = Scene::new();
    let options = PlanOptions {
        own_account: None,
        allow_delete: true,
        ..scene.options()
    };
    let demoted = "version = 1\n[[user]]\nname = \"admin\"\nprivileges = [\"login\"]\n";
    let plan = scene.plan_with(demoted, &options).await;
    assert_eq!(
        plan.changes[0].blocked.as_deref(),
        Some("no administrator would be left")
    );
    let replaced = format!("{demoted}[[user]]\nname = \"new.admin\"\nprivileges = [\"admin\"]\n");
    let plan = scene.plan_with(&replaced, &options).await;
    let order: Vec<&str> = plan.allowed().map(|change| change.object.name()).collect();
    assert_eq!(order, ["new.admin", "admin"]);
}

#[tokio::test]
async fn two_profiles_with_one_name_are_not_changed() {
    let scene = Scene::new();
    let profiles = scene.client.get_profiles().await.unwrap();
    let mut copy = mailstore_api::types::NewProfile::from(profiles[0].clone());
    copy.name = Some("Twin".into());
    for _ in 0..2 {
        scene.client.create_profile(&copy).await.unwrap();
    }
    let plan = scene
        .plan("version = 1\n[[profile]]\nname = \"Twin\"\nautomatic = false\n")
        .await;
    let blocked = plan.changes[0].blocked.as_deref().unwrap_or_default();
    assert!(blocked.starts_with("several profiles"), "{blocked}");
}

#[tokio::test]
async fn a_change_that_the_api_cannot_make_is_blocked() {
    let scene = Scene::new();
    let profiles = scene.client.get_profiles().await.unwrap();
    let name = profiles[0].name.clone().unwrap();
    let plan = scene
        .plan(&format!(
            "version = 1\n[[profile]]\nname = \"{name}\"\nconnector = \"Other\"\nautomatic = true\n"
        ))
        .await;
    let blocked = plan.changes[0].blocked.as_deref().unwrap_or_default();
    assert!(
        blocked.starts_with("replacing a profile is not supported yet, and the API cannot change connector."),
        "{blocked}"
    );
    assert!(plan.to_text().contains("\n-/+ profile"), "{}", plan.to_text());
}

#[tokio::test]
async fn a_plan_survives_its_file() {
    let scene = Scene::new();
    let plan = scene
        .plan("version = 1\n[[user]]\nname = \"new\"\npassword = { command = [\"pass\", \"new\"] }\n[[profile]]\nname = \"P\"\nowner = \"admin\"\ntype = \"I\"\nconnector = \"IMAP\"\ndetails = { host = \"a\" }\nautomatic = true\npause-seconds = 300\n")
        .await;
    let text = plan.to_json().unwrap();
    let read = Plan::from_json(&text).unwrap();
    assert_eq!(read.to_json().unwrap(), text);
}

#[tokio::test]
async fn a_plan_whose_contents_do_not_fit_its_digest_is_refused() {
    let scene = Scene::new();
    let file = "version = 1\n[[user]]\nname = \"john.doe\"\nstate = \"absent\"\n";
    let text = scene.plan(file).await.to_json().unwrap();
    for (part, other) in [
        (
            "\"blocked\": \"deleting needs --allow-delete\"",
            "\"blocked\": null",
        ),
        ("\"allow_delete\": false", "\"allow_delete\": true"),
        ("\"sha256\"", "\"sha\""),
    ] {
        assert!(text.contains(part), "{text}");
        let problem = Plan::from_json(&text.replace(part, other)).unwrap_err();
        assert!(problem.to_string().contains("plan"), "{problem}");
    }
    let spaces = text.replace("\n", "\n ");
    assert!(Plan::from_json(&spaces).is_ok());
}

#[test]
fn a_file_that_is_not_a_plan_is_an_error() {
    for text in ["", "{}", "[]", "{\"format\": 1"] {
        let problem = Plan::from_json(text).unwrap_err().to_string();
        assert!(problem.starts_with("the file is not a plan"), "{problem}");
    }
}

#[tokio::test]
async fn archives_are_found_in_any_case() {
    let scene = Scene::new();
    let folder = "jane.doe".parse().unwrap();
    let read =
        mailstore_api::types::FolderPrivileges::from_iter([mailstore_api::server::FolderPrivilege::Read]);
    let request = scene
        .client
        .set_user_privileges_on_folder("jane.doe", &folder, read);
    request.await.unwrap();
    let plan = scene
        .plan("version = 1\n[[user]]\nname = \"JANE.DOE\"\nown-archive = []\n")
        .await;
    let text = plan.to_text();
    assert!(text.contains("folder jane.doe: read -> none"), "{text}");
    scene.apply(&plan).await.unwrap();
    assert_eq!(scene.simulator.starts("SetUserPrivilegesOnFolder"), 2);
}

#[tokio::test]
async fn the_password_of_the_own_account_is_kept() {
    let scene = Scene::new();
    let options = PlanOptions {
        set_passwords: vec!["admin".into()],
        ..scene.options()
    };
    let file = "version = 1\n[[user]]\nname = \"Admin\"\npassword = { env = \"X\" }\n";
    let plan = scene.plan_with(file, &options).await;
    assert!(plan.changes[0].blocked.is_some(), "{}", plan.to_text());
}

#[test]
fn a_value_of_another_kind_makes_a_plan_invalid() {
    let text = r#"{"format": 1, "server": "s", "archive": "server", "read_at": "2026-05-02T07:41:02Z", "unchanged": 0,
        "max_delete_percent": 30,
        "changes": [{"user": "a", "action": "change", "fields": [{"field": "emails", "after": {"text": "a@x"}}]}]}"#;
    let problem = Plan::from_json(text).unwrap_err().to_string();
    assert!(problem.contains("emails"), "{problem}");
}

#[tokio::test]
async fn an_empty_text_of_the_server_is_no_difference_to_no_value() {
    let scene = Scene::new();
    let changed = scene.simulator.change_result("GetUserInfo", |mut user| {
        user["fullName"] = "".into();
        user["distinguishedName"] = "".into();
        user
    });
    changed.unwrap();
    let changed = scene.simulator.change_result("GetProfiles", |mut profiles| {
        profiles[0]["details"] = serde_json::json!({"host": null, "port": ""});
        profiles[0]["serverSideExecution"]["automaticMaintenanceWindows"] = "".into();
        profiles
    });
    changed.unwrap();
    let profiles = scene.client.get_profiles().await.unwrap();
    let name = profiles[0].name.clone().unwrap();
    let file = format!(
        "version = 1\n[[user]]\nname = \"jane.doe\"\nfull-name = \"\"\ndistinguished-name = \"\"\n[[profile]]\nname = \"{name}\"\nmaintenance-windows = \"\"\ndetails = {{ host = \"\", port = \"\", missing = \"\" }}\n"
    );
    let plan = scene.plan(&file).await;
    assert!(plan.changes.is_empty(), "{}", plan.to_text());
    let other = scene
        .plan("version = 1\n[[user]]\nname = \"jane.doe\"\nemails = []\n")
        .await;
    assert!(other.changes[0].warnings.is_empty(), "{}", other.to_text());
}
