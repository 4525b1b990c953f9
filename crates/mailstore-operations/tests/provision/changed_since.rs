//! What somebody else changed between a plan and its application, or between two applications.

use mailstore_api::server::Privilege;
use mailstore_operations::provision::{Plan, PlanOptions, ProvisionError};

use crate::support::Scene;

const JOHN_ABSENT: &str = "version = 1\n[[user]]\nname = \"john.doe\"\nstate = \"absent\"\n";

const PROFILE: &str =
    "version = 1\n[[profile]]\nname = \"P1\"\nowner = \"admin\"\ntype = \"I\"\nconnector = \"IMAP\"\n";

async fn plan_with_deletions(scene: &Scene, file: &str) -> Plan {
    let options = PlanOptions {
        own_account: None,
        allow_delete: true,
        ..scene.options()
    };
    scene.plan_with(file, &options).await
}

async fn make_an_administrator(scene: &Scene, name: &str) {
    let request = scene
        .client
        .set_user_privileges(name, mailstore_api::types::Privileges::Admin);
    request.await.unwrap();
}

#[tokio::test]
async fn a_user_that_was_created_again_is_not_deleted_by_an_old_plan() {
    let scene = Scene::new();
    let plan = plan_with_deletions(&scene, JOHN_ABSENT).await;
    assert!(scene.apply(&plan).await.unwrap().is_complete());
    scene
        .client
        .create_user("john.doe", [Privilege::Login])
        .await
        .unwrap();
    let error = scene.apply(&plan).await.unwrap_err();
    assert!(matches!(error, ProvisionError::Stale(_)), "{error}");
    assert_eq!(scene.simulator.starts("DeleteUser"), 1);
}

#[tokio::test]
async fn a_user_who_became_an_administrator_is_not_deleted() {
    let scene = Scene::new();
    let plan = plan_with_deletions(&scene, JOHN_ABSENT).await;
    make_an_administrator(&scene, "john.doe").await;
    let error = scene.apply(&plan).await.unwrap_err();
    assert!(matches!(error, ProvisionError::Stale(_)), "{error}");
    assert_eq!(scene.simulator.starts("DeleteUser"), 0);
}

#[tokio::test]
async fn the_last_administrator_is_kept_when_the_others_were_removed_since() {
    let scene = Scene::new();
    make_an_administrator(&scene, "john.doe").await;
    let plan = plan_with_deletions(&scene, JOHN_ABSENT).await;
    assert!(plan.changes[0].blocked.is_none());
    let none = scene.client.set_user_privileges("admin", [Privilege::Login]);
    none.await.unwrap();
    let _ = scene.apply(&plan).await;
    assert_eq!(scene.simulator.starts("DeleteUser"), 0);
}

#[tokio::test]
async fn an_administrator_loses_the_privilege_after_another_user_has_it() {
    let scene = Scene::new();
    let file = "version = 1\n[[user]]\nname = \"admin\"\nprivileges = [\"login\"]\n[[user]]\nname = \"jane.doe\"\nprivileges = [\"admin\"]\n";
    let plan = plan_with_deletions(&scene, file).await;
    let order: Vec<&str> = plan.allowed().map(|change| change.object.name()).collect();
    assert_eq!(order, ["jane.doe", "admin"]);
}

#[tokio::test]
async fn a_user_that_another_person_created_first_is_not_changed() {
    let scene = Scene::new();
    let plan = scene
        .plan("version = 1\n[[user]]\nname = \"mia\"\nemails = [\"mia@example.com\"]\n")
        .await;
    let rule = "start/CreateUser #1 status:403".parse().unwrap();
    scene.simulator.inject(rule).unwrap();
    let report = scene.apply(&plan).await.unwrap();
    assert!(
        !report.is_complete() && !report.is_outcome_unknown(),
        "{report:?}"
    );
    scene.simulator.clear_faults();
    scene.client.create_user("mia", [Privilege::Login]).await.unwrap();
    let error = scene.apply(&plan).await.unwrap_err();
    assert!(error.to_string().contains("the user exists already"), "{error}");
    assert_eq!(scene.simulator.starts("SetUserEmailAddresses"), 0);
}

#[tokio::test]
async fn a_field_of_a_new_user_that_was_changed_since_is_kept() {
    let scene = Scene::new();
    let plan = scene
        .plan("version = 1\n[[user]]\nname = \"mia\"\nemails = [\"mia@example.com\"]\n")
        .await;
    scene.apply(&plan).await.unwrap();
    let address = "other@example.com".parse().unwrap();
    let request = scene
        .client
        .set_user_email_addresses("mia")
        .email_addresses(vec![address]);
    request.await.unwrap();
    let error = scene.apply(&plan).await.unwrap_err();
    assert!(matches!(error, ProvisionError::Stale(_)), "{error}");
    assert_eq!(scene.simulator.starts("SetUserEmailAddresses"), 2);
}

#[tokio::test]
async fn a_profile_that_was_deleted_since_makes_its_plan_stale() {
    let scene = Scene::new();
    let plan = scene.plan(PROFILE).await;
    scene.apply(&plan).await.unwrap();
    for profile in scene.client.get_profiles().await.unwrap() {
        if profile.name.as_deref() == Some("P1") {
            scene.client.delete_profile(profile.id.unwrap()).await.unwrap();
        }
    }
    let error = scene.apply(&plan).await.unwrap_err();
    assert!(matches!(error, ProvisionError::Stale(_)), "{error}");
}

#[tokio::test]
async fn an_outcome_is_unknown_if_the_server_cannot_be_read_after_the_call() {
    let scene = Scene::new();
    let plan = scene.plan(PROFILE).await;
    // The profiles are listed before the first change, before the call, and after it.
    for rule in ["start/CreateProfile #1 reset", "start/GetProfiles #3 status:403"] {
        scene.simulator.inject(rule.parse().unwrap()).unwrap();
    }
    let report = scene.apply(&plan).await.unwrap();
    assert!(report.is_outcome_unknown(), "{report:?}");
}

#[tokio::test]
async fn a_journal_that_ends_within_a_letter_is_opened() {
    let scene = Scene::new();
    let plan = scene.plan(PROFILE).await;
    drop(scene.journal(&plan));
    let whole = std::fs::read(scene.journal_path()).unwrap();
    let mut broken = whole.clone();
    broken.extend_from_slice(b"{\"folder\":\"J\xc3");
    std::fs::write(scene.journal_path(), broken).unwrap();
    drop(scene.journal(&plan));
    assert_eq!(std::fs::read(scene.journal_path()).unwrap(), whole);
}
