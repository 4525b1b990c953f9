//! Long calls that maintain stores and databases.

use serde_json::Value;

use super::call::{Call, Handler, Outcome, long, no_change};
use super::folders;
use crate::envelope::Failure;
use crate::logs;
use crate::state::stores::Store;
use crate::state::{Archive, Site};

pub(super) fn handler(function: &str) -> Option<Handler> {
    Some(match function {
        "VerifyStore" => verify_store,
        "VerifyStores" => verify_stores,
        "CompactStore" => |call| {
            on_store(call, open, "Compacting", "compacted", |store| {
                store.size -= store.size / 20;
            })
        },
        "RepairStoreDatabase" => {
            |call| on_store(call, any, "Repairing", "checked", |store| store.error = None)
        }
        "RecreateRecoveryRecords" => {
            |call| on_store(call, open, "Recreating recovery records of", "recorded", |_| {})
        }
        "UpgradeStore" => |call| {
            on_store(call, any, "Upgrading", "upgraded", |store| {
                store.needs_upgrade = false
            })
        },
        "RebuildStoreIndex" => |call| {
            on_store(call, open, "Rebuilding search indexes of", "indexed", |store| {
                store.needs_rebuild = false;
            })
        },
        "RecoverStore" => |call| {
            on_store(call, closed, "Recovering", "recovered", |store| {
                store.error = None;
                store.needs_rebuild = true;
            })
        },
        "MergeStore" => merge_store,
        "UpgradeStores" => |call| on_stores(call, "Upgrading", |store| store.needs_upgrade = false),
        "RebuildSelectedStoreIndexes" => |call| {
            on_stores(call, "Rebuilding search indexes of", |store| {
                store.needs_rebuild = false
            })
        },
        "RefreshAllStoreStatistics" => |call| on_stores(call, "Counting messages of", |_| {}),
        "MaintainFileSystemDatabases" => |call| on_stores(call, "Maintaining databases of", |_| {}),
        "TransferStores" => |call| on_stores(call, "Transferring", |_| {}),
        "CompactMasterDatabase" => |call| without_store(call, &["Compacting master database..."]),
        "RenewMasterKey" => {
            |call| without_store(call, &["Renewing master key...", "Encrypting keys again..."])
        }
        "CreateBackup" => create_backup,
        "ProcessRetentionPolicies" => process_retention_policies,
        _ => return None,
    })
}

/// Returns the store that `id` names and its archive.
fn store(call: &mut Call<'_>) -> Result<(Site, Store), Failure> {
    let id = call.arguments.number("id")?;
    let site = call.site()?;
    let store = call.state.archive(&site)?.stores.find(id)?.clone();
    Ok((site, store))
}

fn verify_store(call: &mut Call<'_>) -> Outcome {
    let (_, store) = store(call)?;
    long(logs::verify(store.open()?), no_change())
}

fn verify_stores(call: &mut Call<'_>) -> Outcome {
    let stores = &call.open_archive()?.stores;
    let open = stores.all().iter().filter(|store| store.open().is_ok());
    let log: Vec<String> = open.flat_map(logs::verify).collect();
    let log = if log.is_empty() {
        logs::stages(&["No archive store is open."])
    } else {
        log
    };
    long(log, no_change())
}

/// The condition that a store must satisfy.
type Condition = fn(&Store) -> Result<(), Failure>;

fn any(_: &Store) -> Result<(), Failure> {
    Ok(())
}

fn open(store: &Store) -> Result<(), Failure> {
    store.open().map(|_| ())
}

/// RecoverStore requires a store that is disabled or has an error (documented).
fn closed(store: &Store) -> Result<(), Failure> {
    match store.open() {
        Ok(_) => {
            let message = format!(
                "The archive store {} is open; disable it before recovering it.",
                store.name
            );
            Err(Failure::new(message))
        }
        Err(_) => Ok(()),
    }
}

/// Works on the store that `id` names.
fn on_store(
    call: &mut Call<'_>,
    condition: Condition,
    doing: &str,
    done: &str,
    change: fn(&mut Store),
) -> Outcome {
    let (site, store) = store(call)?;
    condition(&store)?;
    let log = logs::work(
        &format!("{doing} archive store {}", store.name),
        "Processing",
        done,
        store.count,
    );
    long(
        log,
        Box::new(move |state, _| {
            change(state.archive(&site)?.stores.find_mut(store.id)?);
            Ok(Value::Null)
        }),
    )
}

/// Works on all stores of the archive, one step for each.
fn on_stores(call: &mut Call<'_>, doing: &str, change: fn(&mut Store)) -> Outcome {
    let site = call.site()?;
    let stores = call.state.archive(&site)?.stores.all();
    let names: Vec<String> = stores
        .iter()
        .map(|store| format!("{doing} {}...", store.name))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    long(
        logs::stages(&names),
        Box::new(move |state, _| {
            state.archive(&site)?.stores.all_mut().iter_mut().for_each(change);
            Ok(Value::Null)
        }),
    )
}

fn without_store(call: &mut Call<'_>, stages: &[&str]) -> Outcome {
    call.site()?;
    long(logs::stages(stages), no_change())
}

/// The source stays attached and is empty afterwards (inferred).
fn merge_store(call: &mut Call<'_>) -> Outcome {
    let source = call.arguments.number("sourceId")?;
    let (site, into) = store(call)?;
    let from = call.state.archive(&site)?.stores.find(source)?.clone();
    if from.id == into.id {
        return Err(Failure::new("An archive store cannot be merged into itself."));
    }
    into.open()?;
    from.open()?;
    let opening = format!("Merging archive store {} into {}", from.name, into.name);
    long(
        logs::work(&opening, "Copying messages", "copied", from.count),
        Box::new(move |state, _| {
            state.archive(&site)?.stores.merge(into.id, from.id)?;
            Ok(Value::Null)
        }),
    )
}

fn create_backup(call: &mut Call<'_>) -> Outcome {
    let path = call.arguments.text("path")?;
    if path.trim().is_empty() {
        return Err(Failure::new("The path of a backup must not be empty."));
    }
    let without_indexes = call
        .arguments
        .optional_flag("excludeSearchIndexes")
        .unwrap_or(false);
    let opening = format!("Creating backup in {path}...");
    let stores = call.open_archive()?.stores.all();
    let copying: Vec<String> = stores
        .iter()
        .map(|store| format!("Copying {}...", store.name))
        .collect();
    let mut stages = vec![opening.as_str(), "Copying master database..."];
    stages.extend(copying.iter().map(String::as_str));
    if !without_indexes {
        stages.push("Copying search indexes...");
    }
    long(logs::stages(&stages), no_change())
}

/// Applies no policy: the simulator does not select messages. Fails under legal hold (inferred).
fn process_retention_policies(call: &mut Call<'_>) -> Outcome {
    let archive: &mut Archive = call.archive()?;
    folders::reject_under_legal_hold(archive)?;
    long(
        logs::stages(&["Reading retention policies...", "No messages have to be deleted."]),
        no_change(),
    )
}
