//! Tests that the patch contains what the overlays lack: applying it resolves the differences.

#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test shows the place of the failure"
)]

use std::fs;
use std::path::Path;
use std::time::Duration;

use mailstore_codegen::Overlay;
use mailstore_probe::{Extent, Outcome, Probe, patch, probe};
use mailstore_reach::{Edition, Options, connect};
use mailstore_sim::Simulator;
use serde_json::{Value, json};
use toml::Table;

const USER: &str = "admin";

fn ask(simulator: &Simulator, overlays: &[Overlay]) -> Probe {
    let options = Options {
        edition: Some(Edition::Server),
        user: Some(USER.to_owned()),
        insecure: true,
        password: Some(simulator.password().into()),
        ..Options::default()
    };
    let surface = &mailstore_api::server::catalog::SURFACE;
    let connection = connect(simulator.url(), surface, &options).unwrap();
    let extent = Extent {
        instance: None,
        days: 7,
        limit: Duration::from_secs(60),
        slow: true,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime
        .block_on(probe(
            &connection,
            Edition::Server,
            overlays,
            USER,
            &extent,
            |_| {},
        ))
        .unwrap()
}

/// Returns the differences as `function place`.
fn differences(probe: &Probe) -> Vec<String> {
    let mut all = Vec::new();
    for probed in &probe.functions {
        if let Outcome::Answered(answer) = &probed.outcome {
            let found = answer.findings.iter().filter(|finding| finding.differs());
            all.extend(found.map(|finding| format!("{} {}", probed.function, finding.place())));
        }
    }
    all
}

/// Merges `from` into `into`, table by table.
fn merge(into: &mut Table, from: &Table) {
    for (key, value) in from {
        match (into.get_mut(key), value) {
            (Some(toml::Value::Table(into)), toml::Value::Table(from)) => merge(into, from),
            _ => _ = into.insert(key.clone(), value.clone()),
        }
    }
}

/// Returns the overlays of the edition with the patch merged into the overlay that has the same entries, or into the
/// first.
fn overlays(patch: &Table) -> Vec<Overlay> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../metadata/mailstore/overlay");
    let mut rest = patch.clone();
    let files: Vec<(&str, Table)> = ["server-24.toml", "server.toml", "common.toml"]
        .into_iter()
        .rev()
        .map(|name| {
            let mut file: Table = fs::read_to_string(folder.join(name)).unwrap().parse().unwrap();
            for (kind, entries) in patch {
                for (entry, said) in entries.as_table().unwrap() {
                    let there = file.get(kind).and_then(|known| known.get(entry)).is_some();
                    if there {
                        let said = Table::from_iter([(entry.clone(), said.clone())]);
                        merge(&mut file, &Table::from_iter([(kind.clone(), said.into())]));
                        rest[kind].as_table_mut().unwrap().remove(entry);
                    }
                }
            }
            (name, file)
        })
        .collect();
    files
        .into_iter()
        .map(|(name, mut file)| {
            if name == "server-24.toml" {
                merge(&mut file, &rest);
            }
            Overlay::parse(name, &toml::to_string(&file).unwrap())
                .unwrap()
                .giving_way()
        })
        .collect()
}

#[test]
fn the_patch_resolves_the_differences() {
    let stores = |mut stores: Value| {
        stores[0]["quota"] = json!({ "bytes": 5, "warnings": [{ "at": "2026-05-02T10:30:04" }] });
        stores[1]["requestedState"] = json!("melting");
        stores[2].as_object_mut().unwrap().remove("name");
        stores
    };
    let simulator = Simulator::builder(Edition::Server)
        .result("GetStores", stores)
        .start()
        .unwrap();
    let known = mailstore_codegen::known_overlays(Edition::Server);
    let before = ask(&simulator, &known);
    let found = differences(&before);
    for place in [
        "GetStores [].quota",
        "GetStores [].requestedState",
        "GetStores [].name",
        "GetActiveSessions []",
    ] {
        assert!(
            found.iter().any(|other| other == place),
            "{place} is missing in {found:?}"
        );
    }

    let text = patch(&before);
    let patch: Table = text.parse().unwrap();
    assert_eq!(
        patch["types"]["StoreQuota"]["fields"]["warnings"]["type"].as_str(),
        Some("[StoreQuotaWarning]")
    );
    assert_eq!(
        patch["types"]["Store"]["fields"]["name"]["always"].as_bool(),
        Some(false)
    );
    assert!(
        text.contains("# * GetProfiles, [].details (Profile.details): "),
        "{text}"
    );

    let after = ask(&simulator, &overlays(&patch));
    assert_eq!(
        differences(&after),
        // The first has a member named `count`, which is hidden because another response has the value `count`. The
        // second needs a decision.
        ["GetFolderStatistics []", "GetProfiles [].details"],
        "{text}"
    );
}
