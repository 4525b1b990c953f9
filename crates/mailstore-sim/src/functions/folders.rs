//! Folders and messages.
//!
//! Except for the message id, the members of a folder of GetChildFolders and of a message of GetMessages are not
//! published.

use serde_json::{Value, json};

use super::call::{Call, Handler, Outcome, long, null, value};
use crate::envelope::Failure;
use crate::logs;
use crate::state::Archive;

pub(super) fn handler(function: &str) -> Option<Handler> {
    Some(match function {
        "GetChildFolders" => get_child_folders,
        "GetFolderStatistics" => get_folder_statistics,
        "GetMessages" => get_messages,
        "DeleteMessage" => delete_message,
        "DeleteEmptyFolders" => delete_empty_folders,
        "MoveFolder" => move_folder,
        _ => return None,
    })
}

pub(super) fn is_long(function: &str) -> bool {
    matches!(function, "DeleteEmptyFolders" | "MoveFolder")
}

/// Returns all folders below a folder, or only the given number of levels.
fn get_child_folders(call: &mut Call<'_>) -> Outcome {
    let (folder, levels) = (
        call.arguments.optional_text("folder"),
        call.arguments.optional_number("maxLevels"),
    );
    let deepest = levels.map_or(usize::MAX, |levels| usize::try_from(levels).unwrap_or(0));
    let below = call.archive()?.folders.below(folder)?;
    let row = |(path, _): (&str, usize)| {
        let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
        json!({ "folder": path, "name": name })
    };
    value(
        below
            .into_iter()
            .filter(|(_, level)| *level <= deepest)
            .map(row)
            .collect::<Vec<Value>>(),
    )
}

fn get_folder_statistics(call: &mut Call<'_>) -> Outcome {
    let statistics = call.archive()?.folders.statistics();
    let row = |(folder, count, size)| json!({ "folder": folder, "count": count, "size": size });
    value(statistics.into_iter().map(row).collect::<Vec<Value>>())
}

fn get_messages(call: &mut Call<'_>) -> Outcome {
    let folder = call.arguments.optional_text("folder");
    let messages = call.archive()?.folders.messages(folder)?;
    value(
        messages
            .into_iter()
            .map(|id| json!({ "id": id }))
            .collect::<Vec<Value>>(),
    )
}

/// A message is not deleted if its store does not exist or is under legal hold (inferred).
fn delete_message(call: &mut Call<'_>) -> Outcome {
    let id = call.arguments.text("id")?;
    if call.arguments.text("reason")?.trim().is_empty() {
        return Err(Failure::new("A reason for deleting the message must be given."));
    }
    let archive = call.archive()?;
    reject_under_legal_hold(archive)?;
    let bytes = archive.folders.delete_message(id)?;
    let store = id
        .split_once(':')
        .and_then(|(store, _)| store.parse().ok())
        .unwrap_or_default();
    if let Ok(store) = archive.stores.find_mut(store) {
        store.count = (store.count - 1).max(0);
        store.size = (store.size - bytes).max(0);
    }
    null()
}

/// Returns a failure under legal hold, which forbids all deletions.
pub(super) fn reject_under_legal_hold(archive: &Archive) -> Result<(), Failure> {
    match archive.configuration.get("compliance").get("legalHoldEnabled") {
        Some(Value::Bool(true)) => Err(Failure::new(
            "Nothing can be deleted while legal hold is enabled.",
        )),
        _ => Ok(()),
    }
}

fn delete_empty_folders(call: &mut Call<'_>) -> Outcome {
    let folder = call.arguments.owned_text("folder");
    let site = call.guarded_site()?;
    // A folder that does not exist is rejected immediately, not at the end of the call.
    call.state.archive(&site)?.folders.below(folder.as_deref())?;
    let log = logs::stages(&["Looking for empty folders...", "Deleting empty folders..."]);
    long(
        log,
        Box::new(move |state, _| {
            state.archive(&site)?.folders.delete_empty(folder.as_deref())?;
            Ok(Value::Null)
        }),
    )
}

fn move_folder(call: &mut Call<'_>) -> Outcome {
    let (from, to) = (
        call.arguments.text("fromFolder")?.to_owned(),
        call.arguments.text("toFolder")?.to_owned(),
    );
    let site = call.guarded_site()?;
    call.state.archive(&site)?.folders.exists(&from)?;
    let log = logs::stages(&[
        &format!("Moving folder {from} to {to}..."),
        "Updating search indexes...",
    ]);
    long(
        log,
        Box::new(move |state, _| {
            state.archive(&site)?.folders.move_to(&from, &to)?;
            Ok(Value::Null)
        }),
    )
}
