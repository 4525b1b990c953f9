//! Comparisons of exports of simulated servers.

use mailstore_api::server::{Authentication, Client, JobId, Privilege, ProfileId};
use mailstore_api::spe::InstanceFilter;
use mailstore_operations::{Comparison, Export, What};
use mailstore_sim::{Edition, Fault, Phase};
use serde_json::Value;

use crate::support::{builder, client, export, provider, server};

fn compared(old: &Export, new: &Export) -> Comparison {
    Comparison::between(old, new, ["old", "new"])
}

async fn change(client: &Client) {
    client.rename_user("frank.clark", "frank.miller").await.unwrap();
    client.delete_user("john.doe").await.unwrap();
    client.create_user("mia.wolf", [Privilege::Login]).await.unwrap();
    client
        .set_user_email_addresses("jane.doe")
        .email_addresses(vec![
            "jd@example.com".parse().unwrap(),
            "jane.doe@example.com".parse().unwrap(),
        ])
        .await
        .unwrap();
    client
        .set_user_full_name("jane.doe")
        .full_name("Jane Smith")
        .await
        .unwrap();
    client
        .set_user_authentication("admin", Authentication::DirectoryServices)
        .await
        .unwrap();
    client.rename_job(JobId(1), "Retention").await.unwrap();
    client.delete_profile(ProfileId(2)).await.unwrap();
}

#[tokio::test]
async fn a_comparison_lists_what_changed_and_nothing_else() {
    let simulator = server();
    let old = export(&simulator).await;
    assert!(compared(&old, &export(&simulator).await).is_empty());
    change(&client(&simulator)).await;
    let new = export(&simulator).await;
    let mut json = serde_json::to_value(compared(&old, &new)).unwrap();
    for side in ["old", "new"] {
        json[side]["server"] = Value::from("https://mailstore.example.com");
    }
    insta::assert_snapshot!("compared", format!("{json:#}"));
}

#[tokio::test]
async fn what_was_not_read_on_one_side_is_unknown() {
    let simulator = server();
    let whole = export(&simulator).await;
    for function in ["GetUsers", "GetJobs"] {
        let fault = Fault::status(403).on(Phase::Start).of(function).times(1);
        simulator.inject(fault).unwrap();
    }
    let partial = export(&simulator).await;
    for comparison in [
        compared(&whole, &partial),
        compared(&partial, &whole),
        compared(&partial, &partial),
    ] {
        assert!(comparison.is_empty(), "{comparison:?}");
        let paths: Vec<&str> = comparison
            .unknown
            .iter()
            .map(|unknown| unknown.path.as_str())
            .collect();
        assert_eq!(paths, ["server/jobs.json", "server/users"]);
    }
    let unknown = &compared(&whole, &partial).unknown[0];
    assert!(unknown.old.is_none());
    assert!(unknown.new.as_ref().unwrap().contains("403"));
}

#[tokio::test]
async fn a_user_who_was_not_read_on_one_side_is_unknown() {
    let simulator = server();
    let whole = export(&simulator).await;
    let fault = Fault::status(403).on(Phase::Start).of("GetUserInfo").times(1);
    simulator.inject(fault).unwrap();
    let comparison = compared(&whole, &export(&simulator).await);
    assert!(comparison.is_empty(), "{comparison:?}");
    assert_eq!(comparison.unknown.len(), 1);
    assert!(
        comparison.unknown[0].path.starts_with("server/users/"),
        "{comparison:?}"
    );
}

#[tokio::test]
async fn instances_are_added_and_removed_as_a_whole_and_a_stopped_one_is_unknown() {
    let simulator = builder(Edition::Spe).start().unwrap();
    let old = export(&simulator).await;
    let provider = provider(&simulator);
    provider
        .delete_instances(InstanceFilter::One("acme".into()))
        .await
        .unwrap();
    let without = export(&simulator).await;
    let removed = compared(&old, &without);
    assert_eq!(removed.changes.len(), 1, "{removed:?}");
    assert_eq!(removed.changes[0].archive, "instances/acme");
    assert!(matches!(removed.changes[0].what, What::Removed { .. }));
    let added = compared(&without, &old);
    assert!(matches!(
        added.changes[..],
        [mailstore_operations::Change {
            what: What::Added { .. },
            ..
        }]
    ));

    provider
        .stop_instances(InstanceFilter::One("demo".into()))
        .await
        .unwrap();
    let stopped = compared(&without, &export(&simulator).await);
    assert!(stopped.is_empty(), "{stopped:?}");
    assert!(
        stopped
            .unknown
            .iter()
            .any(|unknown| unknown.path == "instances/demo/users"),
        "{stopped:?}"
    );
    assert!(
        !stopped
            .unknown
            .iter()
            .any(|unknown| unknown.path.ends_with("configuration.json"))
    );
}
