//! What applying a plan does.

use mailstore_operations::provision::{Journal, PlanOptions, ProvisionError, SecretSource};

use crate::support::Scene;

const PEOPLE: &str = r#"
version = 1
[[user]]
name = "mia.wolf"
full-name = "Mia Wolf"
privileges = ["login"]
login-privileges = ["web"]
emails = ["mia@example.com"]
pop3-user-names = ["mia"]
own-archive = ["read"]
password = { env = "CARGO_PKG_DESCRIPTION" }
[[user]]
name = "jane.doe"
full-name = ""
distinguished-name = "CN=jane"
authentication = "directoryServices"
privileges = []
folders = { "john.doe" = ["read", "delete"] }
[[profile]]
name = "Mailbox mia"
owner = "mia.wolf"
type = "I"
connector = "IMAP"
details = { host = "imap.example.com", timeout = "300" }
password = { env = "CARGO_PKG_DESCRIPTION" }
automatic = true
pause-seconds = 600
"#;

#[tokio::test]
async fn a_plan_after_its_application_is_empty() {
    let scene = Scene::new();
    let plan = scene.plan(PEOPLE).await;
    let report = scene.apply(&plan).await.unwrap();
    assert!(report.is_complete(), "{report:?}");
    assert_eq!((report.made, report.already), (3, 0));
    let again = scene.plan(PEOPLE).await;
    assert!(again.changes.is_empty(), "{}", again.to_text());
    let mia = scene.client.get_user_info("mia.wolf").await.unwrap();
    assert_eq!(mia.email_addresses[0].to_string(), "mia@example.com");
    let profiles = scene.client.get_profiles().await.unwrap();
    let profile = profiles
        .iter()
        .find(|profile| profile.name.as_deref() == Some("Mailbox mia"))
        .unwrap();
    let execution = profile.server_side_execution.clone().unwrap();
    assert_eq!(
        execution.automatic_pause_between_executions.unwrap().as_secs(),
        600
    );
}

#[tokio::test]
async fn a_second_application_sends_nothing_that_changes() {
    let scene = Scene::new();
    let plan = scene.plan(PEOPLE).await;
    scene.apply(&plan).await.unwrap();
    let before = scene.simulator.received().len();
    let report = scene.apply(&plan).await.unwrap();
    assert_eq!((report.made, report.already), (0, 3));
    let received = scene.simulator.received();
    let changing: Vec<String> = received[before..]
        .iter()
        .map(|call| call.function.clone())
        .filter(|function| !function.starts_with("Get"))
        .collect();
    assert!(changing.is_empty(), "{changing:?}");
}

#[tokio::test]
async fn a_change_by_somebody_else_makes_a_plan_stale_before_anything_is_sent() {
    let scene = Scene::new();
    let plan = scene.plan(PEOPLE).await;
    scene
        .client
        .set_user_full_name("jane.doe")
        .full_name("Somebody Else")
        .await
        .unwrap();
    let starts = scene.simulator.starts("CreateUser");
    let error = scene.apply(&plan).await.unwrap_err();
    assert!(matches!(error, ProvisionError::Stale(_)), "{error}");
    assert_eq!(
        error.to_string(),
        "the plan is stale: user jane.doe: full name is now `Somebody Else`, and no longer `Jane Doe`"
    );
    assert_eq!(scene.simulator.starts("CreateUser"), starts);
}

#[tokio::test]
async fn a_user_that_somebody_else_created_makes_a_plan_stale() {
    let scene = Scene::new();
    let plan = scene.plan(PEOPLE).await;
    let privileges = [mailstore_api::server::Privilege::Login];
    scene.client.create_user("MIA.WOLF", privileges).await.unwrap();
    let error = scene.apply(&plan).await.unwrap_err();
    assert!(error.to_string().contains("the user exists already"), "{error}");
}

#[tokio::test]
async fn a_missing_password_is_found_before_the_first_call() {
    let scene = Scene::new();
    let mut plan = scene.plan(PEOPLE).await;
    plan.changes[0].password = Some(SecretSource::Env {
        env: "MAILSTORE_TEST_NO_SUCH_VARIABLE".into(),
    });
    let before = scene.simulator.received().len();
    let error = scene.apply(&plan).await.unwrap_err();
    assert!(matches!(error, ProvisionError::Secret { .. }), "{error}");
    assert_eq!(scene.simulator.received().len(), before);
}

#[tokio::test]
async fn no_password_is_in_a_plan_a_journal_or_a_report() {
    let scene = Scene::new();
    let plan = scene.plan(PEOPLE).await;
    let report = scene.apply(&plan).await.unwrap();
    let journal = std::fs::read_to_string(scene.journal_path()).unwrap();
    for text in [
        plan.to_json().unwrap(),
        plan.to_text(),
        journal,
        format!("{report:?} {plan:?}"),
    ] {
        assert!(!text.contains(env!("CARGO_PKG_DESCRIPTION")), "{text}");
    }
}

#[tokio::test]
async fn the_password_of_a_user_is_only_set_when_the_plan_is_told_to() {
    let scene = Scene::new();
    let file = "version = 1\n[[user]]\nname = \"jane.doe\"\npassword = { env = \"CARGO_PKG_DESCRIPTION\" }\n";
    assert!(scene.plan(file).await.changes.is_empty());
    let options = PlanOptions {
        set_passwords: vec!["Jane.Doe".into()],
        ..scene.options()
    };
    let plan = scene.plan_with(file, &options).await;
    scene.apply(&plan).await.unwrap();
    scene.apply(&plan).await.unwrap();
    assert_eq!(scene.simulator.starts("SetUserPassword"), 1);
}

#[tokio::test]
async fn nothing_is_deleted_after_a_failure() {
    let scene = Scene::new();
    let options = PlanOptions {
        allow_delete: true,
        ..scene.options()
    };
    let file = "version = 1\n[[user]]\nname = \"jane.doe\"\nfull-name = \"J\"\n[[user]]\nname = \"john.doe\"\nstate = \"absent\"\n";
    let plan = scene.plan_with(file, &options).await;
    scene
        .simulator
        .inject("start/SetUserFullName status:500".parse().unwrap())
        .unwrap();
    let report = scene.apply(&plan).await.unwrap();
    assert_eq!(report.failed.len(), 1, "{report:?}");
    assert_eq!(report.not_tried, ["user john.doe"]);
    assert_eq!(scene.simulator.starts("DeleteUser"), 0);
}

#[tokio::test]
async fn two_programs_cannot_use_one_journal() {
    let scene = Scene::new();
    let plan = scene.plan(PEOPLE).await;
    let _first = scene.journal(&plan);
    let error = Journal::open(scene.journal_path(), &plan).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("another program is applying this plan"),
        "{error}"
    );
}

#[tokio::test]
async fn a_journal_of_another_plan_is_refused_and_kept() {
    let scene = Scene::new();
    let plan = scene.plan(PEOPLE).await;
    drop(scene.journal(&plan));
    let before = std::fs::read(scene.journal_path()).unwrap();
    let mut other = plan.clone();
    other.server = "https://other.example.com:8463".into();
    let error = Journal::open(scene.journal_path(), &other).unwrap_err();
    assert!(
        error.to_string().contains("the journal is of another plan"),
        "{error}"
    );
    assert_eq!(std::fs::read(scene.journal_path()).unwrap(), before);
}

#[tokio::test]
async fn a_file_that_is_not_a_journal_is_refused_and_kept() {
    let scene = Scene::new();
    let plan = scene.plan(PEOPLE).await;
    for content in ["important\n", "important"] {
        std::fs::write(scene.journal_path(), content).unwrap();
        let error = Journal::open(scene.journal_path(), &plan).unwrap_err();
        assert!(error.to_string().contains("not a journal"), "{error}");
        assert_eq!(std::fs::read_to_string(scene.journal_path()).unwrap(), content);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_journal_must_be_a_file() {
    let scene = Scene::new();
    let plan = scene.plan(PEOPLE).await;
    let error = Journal::open("/dev/null", &plan).unwrap_err();
    assert!(error.to_string().contains("this is not a file"), "{error}");
}

#[tokio::test]
async fn an_archive_in_another_case_is_changed_after_the_user_has_lost_the_privilege_admin() {
    let scene = Scene::new();
    let admin = "version = 1\n[[user]]\nname = \"john.doe\"\nprivileges = [\"admin\"]\n";
    let plan = scene.plan(admin).await;
    scene.apply(&plan).await.unwrap();
    std::fs::remove_file(scene.journal_path()).unwrap();
    let file = "version = 1\n[[user]]\nname = \"John.Doe\"\nprivileges = []\nown-archive = []\n";
    let plan = scene.plan(file).await;
    scene.apply(&plan).await.unwrap();
    let john = scene.client.get_user_info("john.doe").await.unwrap();
    assert_eq!(john.privileges_on_folders, Some(Vec::new()));
}
