//! Secrets in any result of a server do not appear in exports and comparisons.

use mailstore_operations::Comparison;
use mailstore_sim::{Edition, Simulator};
use serde_json::{Value, json};

use crate::support::{builder, export, files};

const CANARY: &str = "canary-7f3a";

/// The functions whose results are exported.
fn functions(edition: Edition) -> Vec<&'static str> {
    let of_both = [
        "GetChildFolders",
        "GetComplianceConfiguration",
        "GetCredentials",
        "GetDirectoryServicesConfiguration",
        "GetJobs",
        "GetProfiles",
        "GetRetentionPolicies",
        "GetSmtpSettings",
        "GetStoreAutoCreateConfiguration",
        "GetStores",
        "GetUserInfo",
        "GetUsers",
    ];
    let own: &[&str] = match edition {
        Edition::Server => &[
            "GetLicenseInformation",
            "GetServerInfo",
            "GetServiceConfiguration",
        ],
        Edition::Spe => &[
            "GetClientAccessServers",
            "GetEnvironmentInfo",
            "GetIndexConfiguration",
            "GetInstanceConfiguration",
            "GetInstanceHosts",
            "GetInstances",
            "GetSystemAdministrators",
            "GetSystemSmtpConfiguration",
        ],
    };
    of_both.into_iter().chain(own.iter().copied()).collect()
}

/// Adds secrets to every object in a result. `mark` makes two results different.
fn with_canaries(value: &mut Value, mark: i32) {
    match value {
        Value::Array(elements) => elements
            .iter_mut()
            .for_each(|element| with_canaries(element, mark)),
        Value::Object(members) => {
            members
                .values_mut()
                .for_each(|member| with_canaries(member, mark));
            let added = json!({
                "mark": mark,
                "password": format!("{CANARY}{mark}"),
                "ApiToken": { "value": CANARY },
                "encryptionKeys": [CANARY, mark],
                "passphraseHint": CANARY,
                "settings": [{ "name": "clientSecret", "value": CANARY }],
                "json": format!("{{\"inner\": {{\"smtpPassword\": \"{CANARY}{mark}\"}}}}"),
                "command": format!("Sync --password={CANARY}{mark} --token \"{CANARY} {mark}\" --mark={mark}"),
                "connection": format!("Server=db;Password={CANARY} {mark};User=a"),
                "url": format!("https://jane:{CANARY}@example.com/?apikey={CANARY}&mark={mark}"),
                "pem": format!("-----BEGIN PRIVATE KEY-----\n{CANARY}"),
            });
            let Value::Object(added) = added else { return };
            members.extend(added);
        }
        _ => {}
    }
}

fn simulator(edition: Edition, mark: i32) -> Simulator {
    let mut builder = builder(edition);
    for function in functions(edition) {
        builder = builder.result(function, move |mut value| {
            with_canaries(&mut value, mark);
            value
        });
    }
    builder.start().unwrap()
}

#[tokio::test]
async fn no_secret_is_in_an_export_or_in_a_comparison() {
    for edition in [Edition::Server, Edition::Spe] {
        let mut exports = Vec::new();
        for mark in [1, 2] {
            let folder = tempfile::tempdir().unwrap();
            let mut export = export(&simulator(edition, mark)).await;
            assert!(
                !export.manifest().is_partial(),
                "{:?}",
                export.manifest().not_read()
            );
            export.write(folder.path(), false).unwrap();
            for (name, text) in files(folder.path()) {
                assert!(!text.contains("canary"), "{name}: {text}");
                let has_object = text.contains('}') && name != "manifest.json";
                assert!(
                    !has_object || text.contains("\"secret\": \"set\""),
                    "{name}: {text}"
                );
            }
            exports.push(export);
        }
        let comparison = Comparison::between(&exports[0], &exports[1], ["old", "new"]);
        let json = serde_json::to_string(&comparison).unwrap();
        assert!(!json.contains("canary"), "{json}");
        assert!(
            json.contains("mark=2"),
            "the other parts of texts are compared: {json}"
        );
        assert!(!format!("{exports:?}{comparison:?}").contains("canary"));
    }
}
