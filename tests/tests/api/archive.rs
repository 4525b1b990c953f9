//! Tests of a function that works with an archive of either edition.

use std::collections::BTreeSet;
use std::time::Duration;

use heck::ToShoutySnakeCase;
use mailstore_api::server::{Privilege, StoreId};
use mailstore_api::{Archive, Error, Function, civil, server, spe};
use mailstore_sim::{Edition, Received, Simulator};

use crate::simulated::{self, admitted};

/// Uses required and optional arguments, results, and a long call.
async fn tool(archive: &impl Archive) -> Result<usize, Error> {
    archive
        .create_user("new.user", [Privilege::Login])
        .full_name("New User")
        .await?;
    let users = archive.get_users().await?;
    assert!(users.iter().any(|user| user.user_name == "new.user"));
    let range = civil::date(2026, 1, 1).at(0, 0, 0, 0)..civil::date(2026, 2, 1).at(0, 0, 0, 0);
    let zone = server::TimeZone::SERVER_LOCAL;
    archive.get_job_results(range.start, range.end, &zone).await?;
    let mut verify = archive.verify_store(StoreId(1), true).start().await?;
    while verify.next().await?.is_some() {}
    Ok(users.len())
}

/// Returns the received calls without the argument that addresses an instance.
fn calls(simulator: &Simulator) -> Vec<(String, Vec<(String, String)>)> {
    let call = |call: Received| {
        let mut arguments: Vec<_> = call.arguments.into_iter().collect();
        arguments.retain(|(name, _)| name != "instanceID");
        (call.function, arguments)
    };
    simulator.received().into_iter().map(call).collect()
}

#[tokio::test]
async fn one_tool_works_with_both_editions() {
    let server = simulated::quick(3);
    assert!(tool(&simulated::connect(&server)).await.unwrap() > 1);

    let spe = Simulator::builder(Edition::Spe).step(Duration::ZERO).steps(3);
    let spe = spe.start().unwrap();
    let client: spe::Client = admitted(spe::Client::builder(spe.url()), &spe).build().unwrap();
    let instance = client.instance("acme");
    assert!(tool(&instance).await.unwrap() > 1);
    for call in spe.received() {
        assert_eq!(call.argument("instanceID"), Some("acme"), "{call:?}");
    }
    assert_eq!(calls(&server), calls(&spe));
}

/// A program may move an archive to another task.
#[tokio::test]
async fn a_tool_can_be_spawned() {
    fn spawn<A: Archive>(archive: A) -> tokio::task::JoinHandle<Result<usize, Error>> {
        tokio::spawn(async move { tool(&archive).await })
    }
    let server = simulated::quick(3);
    assert!(spawn(simulated::connect(&server)).await.unwrap().unwrap() > 1);
}

/// The trait has every function that both editions have with the same name, arguments and result.
#[test]
fn the_trait_has_the_functions_of_both_editions() {
    let text = include_str!("../../../crates/mailstore-api/src/generated/archive.rs");
    let arguments = |function: &Function| -> BTreeSet<String> {
        let arguments = function
            .arguments
            .iter()
            .filter(|argument| argument.name != "instanceID");
        arguments.map(|argument| format!("{argument:?}")).collect()
    };
    let mut left_out = Vec::new();
    for function in server::catalog::SURFACE.functions {
        let Some(other) = spe::catalog::SURFACE.function(function.name) else {
            continue;
        };
        let is_shared = other.argument("instanceID").is_some() && arguments(function) == arguments(other);
        let constant = function.name.to_shouty_snake_case();
        let is_in_trait = [")", "\n"]
            .iter()
            .any(|end| text.contains(&format!("catalog::{constant}{end}")));
        assert!(is_shared || !is_in_trait, "{}", function.name);
        if is_shared && !is_in_trait {
            left_out.push(function.name);
        }
    }
    assert_eq!(left_out, Vec::<&str>::new());
}
