//! A simulated server, and exports of it.

use std::path::Path;
use std::time::Duration;

use mailstore_api::{Timestamp, server, spe};
use mailstore_operations::{Export, Installation};
use mailstore_sim::{Builder, Edition, Simulator};

/// Starts the settings of a simulator whose long calls need no time, and whose jobs have a fixed date.
pub(crate) fn builder(edition: Edition) -> Builder {
    let builder = Simulator::builder(edition).step(Duration::ZERO);
    builder.result("GetJobs", |mut jobs| {
        for job in jobs.as_array_mut().unwrap() {
            job["creationDateTimeUtc"] = "2025-01-02T10:42:00".into();
        }
        jobs
    })
}

pub(crate) fn server() -> Simulator {
    builder(Edition::Server).start().unwrap()
}

pub(crate) fn client(simulator: &Simulator) -> server::Client {
    server::Client::builder(simulator.url())
        .credentials(simulator.user(), simulator.password())
        .pin(simulator.fingerprint().parse().unwrap())
        .build()
        .unwrap()
}

pub(crate) fn provider(simulator: &Simulator) -> spe::Client {
    spe::Client::builder(simulator.url())
        .credentials(simulator.user(), simulator.password())
        .pin(simulator.fingerprint().parse().unwrap())
        .build()
        .unwrap()
}

pub(crate) fn installation(simulator: &Simulator) -> Installation {
    match simulator.edition() {
        Edition::Server => Installation::Server(client(simulator)),
        Edition::Spe => Installation::Provider(provider(simulator)),
    }
}

/// Exports everything at a fixed time.
pub(crate) async fn export(simulator: &Simulator) -> Export {
    export_at(simulator, "2026-05-02T07:41:02Z").await
}

pub(crate) async fn export_at(simulator: &Simulator, time: &str) -> Export {
    let installation = installation(simulator);
    let archives = installation.archives().await.unwrap();
    let now: Timestamp = time.parse().unwrap();
    Export::read(&installation, &archives, 4, now, "mailstore 0.1.0")
        .await
        .unwrap()
}

/// Returns the files in a folder with their contents, sorted by path.
pub(crate) fn files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in next.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path
                    .strip_prefix(folder)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// Returns the names of the files in a folder.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    files(folder).into_iter().map(|(name, _)| name).collect()
}

/// Returns the text of a document.
pub(crate) fn document(export: &Export, path: &str) -> String {
    let found = export.documents().find(|(own, _)| own == path);
    found.unwrap_or_else(|| panic!("{path}")).1.to_owned()
}

/// Returns what the export does not contain, as paths and reasons.
pub(crate) fn not_read(export: &Export) -> Vec<(String, String)> {
    let missing = export.manifest().not_read().iter();
    missing
        .map(|missing| (missing.path(), missing.reason().to_owned()))
        .collect()
}
