//! What is refused when a plan is made, and again when it is applied.

use std::fmt::Write as _;

use mailstore_api::server::Privilege;
use mailstore_operations::provision::{ApplyLock, PlanOptions, ProvisionError};

use crate::support::{Scene, now};

const JOHN_ABSENT: &str = "version = 1\n[[user]]\nname = \"john.doe\"\nstate = \"absent\"\n";

fn allow_delete(scene: &Scene) -> PlanOptions {
    PlanOptions {
        allow_delete: true,
        ..scene.options()
    }
}

/// Creates users, and returns a file in which they are absent.
async fn crowd(scene: &Scene, count: usize) -> String {
    let mut file = "version = 1\n".to_owned();
    for number in 0..count {
        let name = format!("user{number}");
        scene.client.create_user(&name, [Privilege::Login]).await.unwrap();
        writeln!(file, "[[user]]\nname = \"{name}\"\nstate = \"absent\"").unwrap();
    }
    file
}

#[tokio::test]
async fn a_deletion_whose_block_was_removed_needs_the_permission_of_its_plan() {
    let scene = Scene::new();
    let mut plan = scene.plan(JOHN_ABSENT).await;
    plan.changes[0].blocked = None;
    let before = scene.simulator.received().len();
    let error = scene.apply(&plan).await.unwrap_err();
    assert!(matches!(error, ProvisionError::Plan(_)), "{error}");
    assert!(error.to_string().contains("without --allow-delete"), "{error}");
    assert_eq!(scene.simulator.received().len(), before);
}

#[tokio::test]
async fn a_plan_that_deletes_a_large_part_of_the_users_is_blocked() {
    let scene = Scene::new();
    let file = crowd(&scene, 16).await;
    let plan = scene.plan_with(&file, &allow_delete(&scene)).await;
    assert_eq!(plan.allowed().count(), 0, "{}", plan.to_text());
    let reason = plan.changes[0].blocked.as_deref().unwrap();
    assert_eq!(
        reason,
        "the plan deletes 16 of 20 users, and at most 30 % are allowed. This needs --max-delete-percent 80"
    );
    let options = PlanOptions {
        max_delete_percent: 80,
        ..allow_delete(&scene)
    };
    let plan = scene.plan_with(&file, &options).await;
    assert_eq!(plan.allowed().count(), 16, "{}", plan.to_text());
    // A part of the users is gone after the first application, and the plan can be continued.
    let rule = "start/DeleteUser #9 status:500".parse().unwrap();
    scene.simulator.inject(rule).unwrap();
    assert!(!scene.apply(&plan).await.unwrap().is_complete());
    assert!(scene.apply(&plan).await.unwrap().is_complete());
}

#[tokio::test]
async fn the_part_that_is_deleted_is_counted_again_when_a_plan_is_applied() {
    let scene = Scene::new();
    let file = crowd(&scene, 6).await;
    for number in 0..16 {
        let name = format!("other{number}");
        scene.client.create_user(&name, [Privilege::Login]).await.unwrap();
    }
    let plan = scene.plan_with(&file, &allow_delete(&scene)).await;
    assert_eq!(plan.allowed().count(), 6, "{}", plan.to_text());
    for number in 0..16 {
        scene
            .client
            .delete_user(format!("other{number}").as_str())
            .await
            .unwrap();
    }
    let deleted = scene.simulator.starts("DeleteUser");
    let error = scene.apply(&plan).await.unwrap_err();
    assert!(
        error.to_string().contains("the plan deletes 6 of 10 users"),
        "{error}"
    );
    assert_eq!(scene.simulator.starts("DeleteUser"), deleted);
}

#[tokio::test]
async fn the_privilege_admin_of_the_own_account_is_kept_even_if_a_plan_says_that_it_has_none() {
    let scene = Scene::new();
    let options = PlanOptions {
        own_account: None,
        ..scene.options()
    };
    let file = "version = 1\n[[user]]\nname = \"admin\"\nprivileges = [\"login\"]\n";
    let mut plan = scene.plan_with(file, &options).await;
    plan.changes[0].fields[0].before = None;
    assert!(plan.changes[0].could_lock_out("admin"));
}

#[tokio::test]
async fn two_plans_for_one_archive_are_applied_one_after_the_other() {
    let scene = Scene::new();
    let folder = tempfile::tempdir().unwrap();
    let first = scene.plan(JOHN_ABSENT).await;
    let second = scene.plan("version = 1\n").await;
    let lock = ApplyLock::acquire(folder.path(), &first, now()).unwrap();
    let error = ApplyLock::acquire(folder.path(), &second, now()).unwrap_err();
    let process = std::process::id();
    assert_eq!(
        error.to_string(),
        format!(
            "another program is applying a plan to https://mailstore.example.com:8463, archive server (process {process}, since 2026-05-02T07:41:02Z). Wait until it has ended, or end it. Then run the command again"
        )
    );
    let other = |server: &str, archive: &str| {
        let mut plan = second.clone();
        server.clone_into(&mut plan.server);
        archive.clone_into(&mut plan.archive);
        plan
    };
    let elsewhere = other("https://other.example.com:8463", "server");
    let _other_server = ApplyLock::acquire(folder.path(), &elsewhere, now()).unwrap();
    let instance = other(&second.server, "demo");
    let _other_archive = ApplyLock::acquire(folder.path(), &instance, now()).unwrap();
    drop(lock);
    assert!(ApplyLock::acquire(folder.path(), &second, now()).is_ok());
}

#[tokio::test]
async fn a_lock_that_cannot_be_written_is_an_error_with_its_path() {
    let scene = Scene::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let plan = scene.plan("version = 1\n").await;
    let error = ApplyLock::acquire(&file, &plan, now()).unwrap_err();
    assert!(
        error.to_string().contains("the lock cannot be written"),
        "{error}"
    );
}
