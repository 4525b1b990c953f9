//! What exports contain.

use mailstore_api::server::{JobId, ProfileId};
use mailstore_api::spe::InstanceFilter;
use mailstore_sim::{Edition, Fault, Phase, Simulator};
use serde_json::json;

use crate::support::{
    builder, client, document, export, export_at, files, installation, not_read, provider, server,
};

/// Returns all documents of a folder with an export as one text.
fn whole(simulator: &Simulator, folder: &std::path::Path) -> String {
    let files = files(folder).into_iter();
    let files = files.map(|(name, text)| format!("=== {name}\n{text}"));
    files
        .collect::<String>()
        .replace(simulator.url(), "https://mailstore.example.com")
}

#[tokio::test]
async fn the_export_of_each_edition_is_as_documented() {
    for edition in [Edition::Server, Edition::Spe] {
        let simulator = builder(edition).start().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut export = export(&simulator).await;
        assert!(!export.manifest().is_partial(), "{:?}", not_read(&export));
        export.write(folder.path(), false).unwrap();
        let name = match edition {
            Edition::Server => "server",
            Edition::Spe => "spe",
        };
        insta::assert_snapshot!(name, whole(&simulator, folder.path()));
    }
}

#[tokio::test]
async fn two_exports_are_equal_although_jobs_and_profiles_ran_in_between() {
    let simulator = server();
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    export(&simulator).await.write(one.path(), false).unwrap();
    let client = client(&simulator);
    client.run_job_async(JobId(1)).await.unwrap();
    // The job ends when its results are read.
    for _ in 0..3 {
        client.get_jobs().await.unwrap();
    }
    client.run_profile(ProfileId(1)).await.unwrap();
    export_at(&simulator, "2027-01-02T00:00:00Z")
        .await
        .write(other.path(), false)
        .unwrap();
    let with_time = |files: Vec<(String, String)>| -> Vec<(String, String)> {
        let same = |text: String| text.replace("2027-01-02T00:00:00Z", "2026-05-02T07:41:02Z");
        files.into_iter().map(|(name, text)| (name, same(text))).collect()
    };
    let (one, other) = (files(one.path()), files(other.path()));
    assert_ne!(one, other, "the manifests have different times");
    assert_eq!(one, with_time(other));
    assert!(simulator.starts("RunJobAsync") == 1 && simulator.starts("RunProfile") == 1);
}

#[tokio::test]
async fn members_that_are_not_known_are_kept_and_the_order_of_the_server_has_no_meaning() {
    let reversed = |mut list: serde_json::Value| {
        list.as_array_mut().unwrap().reverse();
        list
    };
    let with_colour = |mut list: serde_json::Value| {
        list[0]["colour"] = json!({ "z": 1, "a": [2, 1] });
        list
    };
    let of = |order: bool| {
        let mut builder = builder(Edition::Server)
            .result("GetUsers", with_colour)
            .result("GetStores", with_colour);
        if order {
            for function in [
                "GetUsers",
                "GetStores",
                "GetJobs",
                "GetProfiles",
                "GetChildFolders",
            ] {
                builder = builder.result(function, reversed);
            }
        }
        builder.start().unwrap()
    };
    let (one, other) = (export(&of(false)).await, export(&of(true)).await);
    assert_eq!(
        one.documents().collect::<Vec<_>>(),
        other.documents().collect::<Vec<_>>()
    );
    let user: serde_json::Value = serde_json::from_str(&document(&one, "server/users/admin.json")).unwrap();
    assert_eq!(user["colour"], json!({ "a": [1, 2], "z": 1 }));
    assert!(document(&one, "server/stores.json").contains("colour"));
}

#[tokio::test]
async fn what_cannot_be_read_is_noted_and_the_rest_is_exported() {
    let simulator = server();
    for function in ["GetJobs", "GetUserInfo"] {
        let fault = Fault::status(403).on(Phase::Start).of(function).times(1);
        simulator.inject(fault).unwrap();
    }
    let export = export(&simulator).await;
    assert!(export.manifest().is_partial());
    let missing = not_read(&export);
    assert_eq!(missing.len(), 2, "{missing:?}");
    assert_eq!(missing[0].0, "server/jobs.json");
    assert!(missing[1].0.starts_with("server/users/"), "{missing:?}");
    assert!(export.documents().any(|(path, _)| path == "server/profiles.json"));
}

#[tokio::test]
async fn the_reason_why_something_was_not_read_has_no_secrets() {
    let simulator = builder(Edition::Server)
        .result("GetUsers", |_| json!([{ "userName": "password=hunter2" }]))
        .start()
        .unwrap();
    let missing = not_read(&export(&simulator).await);
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert!(
        missing[0].1.contains("password=***") && !missing[0].1.contains("hunter2"),
        "{missing:?}"
    );
}

#[tokio::test]
async fn a_function_that_the_server_does_not_have_is_not_a_failure() {
    let dump = include_bytes!("../../../../metadata/mailstore/server-9.json");
    let dump = mailstore_sim::Dump::parse("server-9.json", dump).unwrap();
    let simulator = Simulator::builder(Edition::Server)
        .metadata(dump)
        .start()
        .unwrap();
    let export = export(&simulator).await;
    assert!(!export.manifest().is_partial(), "{:?}", not_read(&export));
    assert!(
        not_read(&export)
            .iter()
            .any(|(path, _)| path == "server/credentials.json")
    );
    assert_eq!(export.manifest().server_version(), Some("9.0.3.9857"));
}

#[tokio::test]
async fn an_instance_that_does_not_run_is_noted_and_its_configuration_is_exported() {
    let simulator = builder(Edition::Spe).start().unwrap();
    provider(&simulator)
        .stop_instances(InstanceFilter::One("acme".into()))
        .await
        .unwrap();
    let export = export(&simulator).await;
    let missing = not_read(&export);
    assert!(
        missing.iter().any(|(path, _)| path == "instances/acme/users"),
        "{missing:?}"
    );
    assert!(
        missing.iter().all(|(_, reason)| reason.contains("stopped")),
        "{missing:?}"
    );
    document(&export, "instances/acme/configuration.json");
    document(&export, "instances/demo/users/jane.doe.json");
}

#[tokio::test]
async fn instances_that_were_not_chosen_are_not_a_failure() {
    let simulator = builder(Edition::Spe).start().unwrap();
    let installation = installation(&simulator);
    let mut archives = installation.archives().await.unwrap();
    archives.retain(|archive| archive.id() == "demo");
    let now = "2026-05-02T07:41:02Z".parse().unwrap();
    let export = mailstore_operations::Export::read(&installation, &archives, 4, now, "x")
        .await
        .unwrap();
    assert!(!export.manifest().is_partial());
    let paths: Vec<String> = not_read(&export).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["instances/acme"]);
}

#[tokio::test]
async fn a_server_that_cannot_be_used_is_an_error() {
    let simulator = server();
    simulator
        .inject(Fault::status(401).on(Phase::Start).of("GetServerInfo"))
        .unwrap();
    let installation = installation(&simulator);
    let archives = installation.archives().await.unwrap();
    let now = "2026-05-02T07:41:02Z".parse().unwrap();
    let result = mailstore_operations::Export::read(&installation, &archives, 4, now, "x").await;
    assert!(result.unwrap_err().is_auth());
}

#[tokio::test]
async fn names_of_users_cannot_leave_the_folder() {
    let names = ["../../etc/x", "CON", "a/b", "Zoë", "jane", "JANE"];
    let simulator = builder(Edition::Server)
        .result("GetUsers", move |_| {
            names.iter().map(|name| json!({ "userName": name })).collect()
        })
        .start()
        .unwrap();
    let export = export(&simulator).await;
    let missing: Vec<String> = not_read(&export).into_iter().map(|(path, _)| path).collect();
    assert_eq!(
        missing,
        [
            "server/users/%2e.%2f..%2fetc%2fx.json",
            "server/users/%4a%41%4e%45.json",
            "server/users/%63on.json",
            "server/users/a%2fb.json",
            "server/users/jane.json",
            "server/users/zo%c3%ab.json",
        ]
    );
}
