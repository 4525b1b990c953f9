//! Calls whose responses are lost.

use mailstore_api::server::{FolderPrivilege, Privilege};
use mailstore_api::types::FolderPrivileges;
use mailstore_operations::provision::{Plan, ProvisionError};

use crate::support::Scene;

const PROFILE: &str = r#"
version = 1
[[profile]]
name = "P1"
owner = "admin"
type = "I"
connector = "IMAP"
details = { host = "imap.example.com" }
"#;

fn count(scene: &Scene) -> usize {
    scene.simulator.starts("CreateProfile")
}

async fn profiles_named_p1(scene: &Scene) -> usize {
    let profiles = scene.client.get_profiles().await.unwrap();
    profiles
        .iter()
        .filter(|profile| profile.name.as_deref() == Some("P1"))
        .count()
}

#[tokio::test]
async fn a_profile_whose_response_was_lost_is_not_created_twice() {
    let scene = Scene::new();
    let plan = scene.plan(PROFILE).await;
    scene
        .simulator
        .inject("start/CreateProfile #1 reset".parse().unwrap())
        .unwrap();
    let report = scene.apply(&plan).await.unwrap();
    assert!(report.is_complete(), "{report:?}");
    assert_eq!((count(&scene), profiles_named_p1(&scene).await), (1, 1));
    scene.apply(&plan).await.unwrap();
    assert_eq!((count(&scene), profiles_named_p1(&scene).await), (1, 1));
}

#[tokio::test]
async fn a_profile_that_did_not_appear_is_unknown_and_created_by_the_next_run() {
    let scene = Scene::new();
    let plan = scene.plan(PROFILE).await;
    scene
        .simulator
        .inject("start/CreateProfile #1 close-before".parse().unwrap())
        .unwrap();
    let report = scene.apply(&plan).await.unwrap();
    assert!(report.is_outcome_unknown(), "{report:?}");
    assert!(matches!(
        report.failed[0].1,
        ProvisionError::OutcomeUnknown { .. }
    ));
    assert_eq!(profiles_named_p1(&scene).await, 0);
    let report = scene.apply(&plan).await.unwrap();
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(profiles_named_p1(&scene).await, 1);
}

#[tokio::test]
async fn a_user_whose_response_was_lost_is_completed() {
    let scene = Scene::new();
    let plan = scene
        .plan("version = 1\n[[user]]\nname = \"mia\"\nemails = [\"mia@example.com\"]\nown-archive = [\"read\"]\n")
        .await;
    scene
        .simulator
        .inject("start/CreateUser #1 reset".parse().unwrap())
        .unwrap();
    let report = scene.apply(&plan).await.unwrap();
    assert!(report.is_complete(), "{report:?}");
    let mia = scene.client.get_user_info("mia").await.unwrap();
    assert_eq!(mia.email_addresses.len(), 1);
    assert_eq!(mia.privileges_on_folders.unwrap().len(), 1);
}

#[tokio::test]
async fn a_field_whose_response_was_lost_is_read_and_not_sent_again() {
    let scene = Scene::new();
    let plan = scene
        .plan("version = 1\n[[user]]\nname = \"jane.doe\"\nfull-name = \"J\"\n")
        .await;
    scene
        .simulator
        .inject("start/SetUserFullName #1 reset".parse().unwrap())
        .unwrap();
    assert!(scene.apply(&plan).await.unwrap().is_complete());
    assert_eq!(scene.simulator.starts("SetUserFullName"), 1);
}

const MIA: &str = "version = 1\n[[user]]\nname = \"mia\"\nfull-name = \"Mia\"\nprivileges = [\"login\"]\nemails = [\"mia@example.com\"]\n";

/// A plan whose call that creates the user `mia` did not arrive, with an outcome that is not known.
async fn interrupted(scene: &Scene) -> Plan {
    let plan = scene.plan(MIA).await;
    let rule = "start/CreateUser #1 close-before".parse().unwrap();
    scene.simulator.inject(rule).unwrap();
    let report = scene.apply(&plan).await.unwrap();
    assert!(report.is_outcome_unknown(), "{report:?}");
    scene.simulator.clear_faults();
    plan
}

/// Applies a plan that stops at an object with an unknown outcome. Returns the error.
async fn unclear(scene: &Scene, plan: &Plan) -> String {
    let report = scene.apply(plan).await.unwrap();
    assert!(report.is_outcome_unknown(), "{report:?}");
    report.failed[0].1.to_string()
}

#[tokio::test]
async fn a_user_of_another_person_is_not_adopted_after_an_unknown_outcome() {
    let scene = Scene::new();
    let plan = interrupted(&scene).await;
    let other = scene.client.create_user("Mia", [Privilege::Login]);
    other.full_name("Mia Other").await.unwrap();
    let text = unclear(&scene, &plan).await;
    assert!(
        text.contains("full name is `Mia Other`, and `Mia` was requested"),
        "{text}"
    );
    assert_eq!(scene.simulator.starts("SetUserEmailAddresses"), 0);
    // The user is not adopted by a later run either.
    assert!(scene.apply(&plan).await.unwrap().is_outcome_unknown());
}

#[tokio::test]
async fn what_a_new_user_does_not_have_shows_that_another_person_created_it() {
    let scene = Scene::new();
    let plan = interrupted(&scene).await;
    let same = scene.client.create_user("mia", [Privilege::Login]);
    same.full_name("Mia").await.unwrap();
    let folder = "john.doe".parse().unwrap();
    let read = FolderPrivileges::from_iter([FolderPrivilege::Read]);
    let right = scene.client.set_user_privileges_on_folder("mia", &folder, read);
    right.await.unwrap();
    let text = unclear(&scene, &plan).await;
    assert!(text.contains("folder john.doe is read"), "{text}");
}

#[tokio::test]
async fn a_user_that_cannot_be_told_apart_from_a_new_one_is_completed() {
    let scene = Scene::new();
    let plan = interrupted(&scene).await;
    let same = scene.client.create_user("mia", [Privilege::Login]);
    same.full_name("Mia").await.unwrap();
    assert!(scene.apply(&plan).await.unwrap().is_complete());
    let mia = scene.client.get_user_info("mia").await.unwrap();
    assert_eq!(mia.email_addresses.len(), 1);
}
