//! Archive stores: creating, attaching and renaming them, and their states. Long calls on stores are in `maintenance`.

use serde_json::{Value, json};

use super::call::{Call, Handler, Outcome, null, value};
use crate::Edition;
use crate::arguments::Arguments;
use crate::envelope::Failure;
use crate::state::stores::Store;

pub(super) fn handler(function: &str) -> Option<Handler> {
    Some(match function {
        "GetStores" => get_stores,
        "CreateStore" => |call| add(call, 0),
        // An attached store already contains messages.
        "AttachStore" => |call| add(call, 2_718),
        "DetachStore" => detach,
        "RenameStore" => rename,
        "SetStoreRequestedState" => set_requested_state,
        "SetStoreProperties" => set_properties,
        "SetStorePath" => set_path,
        "UnlockStore" => unlock,
        "RetryOpenStores" => retry_open,
        "GetStoreIndexes" => get_indexes,
        "SelectAllStoreIndexesForRebuild" => select_indexes,
        _ => return None,
    })
}

/// The result contains sizes unless `includeSize` is false. The default for a missing `includeSize` is inferred.
fn get_stores(call: &mut Call<'_>) -> Outcome {
    let include_size = call.arguments.optional_flag("includeSize").unwrap_or(true);
    let stores = call.open_archive()?.stores.all();
    value(
        stores
            .iter()
            .map(|store| store.row(include_size))
            .collect::<Vec<Value>>(),
    )
}

/// It is not published whether the real functions return the new id. This function returns null, like most setters.
fn add(call: &mut Call<'_>, count: i64) -> Outcome {
    let arguments = call.arguments;
    let mut store = Store {
        name: arguments.text("name")?.to_owned(),
        kind: kind(call.state.edition, arguments.optional_text("type"))?,
        count,
        size: count * 51_720,
        ..Store::default()
    };
    place(&mut store, arguments);
    call.open_archive()?
        .stores
        .add(store, arguments.optional_text("requestedState"))?;
    null()
}

/// The kinds of stores of Server. The Service Provider Edition has only one kind and does not name it (documented).
fn kind(edition: Edition, given: Option<&str>) -> Result<Option<String>, Failure> {
    const KINDS: [&str; 3] = ["FileSystemInternal", "SQLServer", "PostgreSQL"];
    if edition == Edition::Spe {
        return Ok(None);
    }
    let given = given.unwrap_or(KINDS[0]);
    match KINDS.into_iter().find(|kind| kind.eq_ignore_ascii_case(given)) {
        Some(kind) => Ok(Some(kind.to_owned())),
        None => Err(Failure::new(format!(
            "'{given}' is not a type of archive stores."
        ))),
    }
}

/// Stores the given paths, and whether a password is given.
fn place(store: &mut Store, arguments: &Arguments) {
    let take = |field: &mut Option<String>, argument: &str| {
        if let Some(text) = arguments.owned_text(argument) {
            *field = Some(text);
        }
    };
    take(&mut store.database_name, "databaseName");
    take(&mut store.database_path, "databasePath");
    take(&mut store.content_path, "contentPath");
    take(&mut store.index_path, "indexPath");
    take(&mut store.server_name, "serverName");
    take(&mut store.user_name, "userName");
    store.password_set |= arguments.optional_text("password").is_some();
}

fn detach(call: &mut Call<'_>) -> Outcome {
    let id = call.arguments.number("id")?;
    call.open_archive()?.stores.detach(id)?;
    null()
}

fn rename(call: &mut Call<'_>) -> Outcome {
    let (id, name) = (call.arguments.number("id")?, call.arguments.text("name")?);
    call.open_archive()?.stores.rename(id, name)?;
    null()
}

fn set_requested_state(call: &mut Call<'_>) -> Outcome {
    let (id, state) = (
        call.arguments.number("id")?,
        call.arguments.optional_text("requestedState"),
    );
    call.open_archive()?.stores.request(id, state)?;
    null()
}

fn set_properties(call: &mut Call<'_>) -> Outcome {
    let arguments = call.arguments;
    let kind = match arguments.optional_text("type") {
        Some(given) => kind(call.state.edition, Some(given))?,
        None => None,
    };
    let store = call.open_archive()?.stores.find_mut(arguments.number("id")?)?;
    if kind.is_some() {
        store.kind = kind;
    }
    place(store, arguments);
    null()
}

/// The content path and the index path are derived from the given path (inferred).
fn set_path(call: &mut Call<'_>) -> Outcome {
    let (id, path) = (call.arguments.number("id")?, call.arguments.text("path")?);
    let store = call.open_archive()?.stores.find_mut(id)?;
    store.database_path = Some(path.to_owned());
    store.content_path = Some(format!("{path}\\Content"));
    store.index_path = Some(format!("{path}\\Index"));
    null()
}

fn unlock(call: &mut Call<'_>) -> Outcome {
    let id = call.arguments.number("id")?;
    call.arguments.text("passphrase")?;
    call.open_archive()?.stores.find_mut(id)?.error = None;
    null()
}

fn retry_open(call: &mut Call<'_>) -> Outcome {
    for store in call.open_archive()?.stores.all_mut() {
        store.error = None;
    }
    null()
}

/// Returns one index for every top-level folder of every store. The members are not published.
fn get_indexes(call: &mut Call<'_>) -> Outcome {
    let id = call.arguments.optional_number("id");
    let archive = call.open_archive()?;
    if let Some(id) = id {
        archive.stores.find(id)?;
    }
    let folders = archive.folders.statistics();
    let stores = archive
        .stores
        .all()
        .iter()
        .filter(|store| id.is_none_or(|id| store.id == id));
    let rows = stores.flat_map(|store| {
        folders.iter().map(move |(folder, _, _)| {
            json!({ "storeId": store.id, "folder": folder, "needsRebuild": store.needs_rebuild })
        })
    });
    value(rows.collect::<Vec<Value>>())
}

fn select_indexes(call: &mut Call<'_>) -> Outcome {
    for store in call.open_archive()?.stores.all_mut() {
        store.needs_rebuild = true;
    }
    null()
}
