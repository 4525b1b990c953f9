//! Asks the servers of a job what they have. Only reads are sent.

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, stream};
use mailstore_api::Error;
use mailstore_api::types::Store;
use mailstore_operations::{AnyArchive, Installation};

use super::listed::{Listed, ListedArchive, ListedServer, ListedStore};
use super::plan::{PlannedInstances, PlannedServer};

/// The number of servers that are asked at the same time.
const PARALLEL: usize = 16;

/// Lists the instances and stores that a job needs. A server that does not answer does not stop the others: the reason
/// takes the place of its instances. `connect` returns a client by the name of a profile.
pub async fn list<F>(servers: &[PlannedServer], connect: F) -> Listed
where
    F: AsyncFn(&str) -> miette::Result<Installation>,
{
    let asked = servers.iter().filter(|server| server.must_be_listed());
    let listed = stream::iter(asked)
        .map(|server| {
            let connect = &connect;
            async move {
                let listed = match connect(&server.profile).await {
                    Ok(installation) => of_server(server, &installation).await,
                    Err(report) => Err(format!("{report}")),
                };
                (server.profile.clone(), listed)
            }
        })
        .buffer_unordered(PARALLEL)
        .collect::<BTreeMap<String, ListedServer>>()
        .await;
    Listed(listed)
}

async fn of_server(server: &PlannedServer, installation: &Installation) -> ListedServer {
    let with_stores = server.store_argument.is_some();
    let mut listed = Vec::new();
    match (&server.instances, installation) {
        (PlannedInstances::One(instance), Installation::Provider(client)) => {
            let archive = AnyArchive::Instance(client.instance(instance.clone()));
            listed.push(ListedArchive {
                instance: Some(instance.clone()),
                not_running: None,
                stores: stores_if(with_stores, &archive).await,
            });
        }
        _ => {
            let archives = installation.archives().await.map_err(|error| reason(&error))?;
            for archive in archives {
                let is_running = archive.not_running().is_none();
                listed.push(ListedArchive {
                    instance: matches!(archive.archive(), AnyArchive::Instance(_))
                        .then(|| archive.id().to_owned()),
                    not_running: archive.not_running().map(str::to_owned),
                    stores: stores_if(with_stores && is_running, archive.archive()).await,
                });
            }
        }
    }
    Ok(listed)
}

async fn stores_if(is_needed: bool, archive: &AnyArchive) -> Result<Vec<ListedStore>, String> {
    if !is_needed {
        return Ok(Vec::new());
    }
    let stores = match archive {
        AnyArchive::Server(client) => client.get_stores().include_size(false).await,
        AnyArchive::Instance(instance) => instance.get_stores().include_size(false).await,
    };
    let stores = stores.map_err(|error| reason(&error))?;
    Ok(stores.iter().map(of_store).collect())
}

fn of_store(store: &Store) -> ListedStore {
    ListedStore {
        id: store.id.0,
        name: store.name.clone(),
        state: store.requested_state.as_str().to_owned(),
        needs_upgrade: store.needs_upgrade,
        needs_rebuild: store.search_indexes_need_rebuild,
    }
}

/// Returns an error with its causes, on one line.
fn reason(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text.replace('\n', " ")
}
