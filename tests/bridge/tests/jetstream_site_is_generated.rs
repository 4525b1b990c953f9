//! The functions of an installed package are listed, and a client is generated from the list. The package is the stand-in
//! for that of JetStream 2.9. `jetstream_site` uses the client.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::{Path, PathBuf};

use bridge_codegen::{BridgeDump, Product};
use bridge_interop::Python;
use serde_json::{Value, json};

const COMMAND: &str = "UPDATE_GOLDEN=1 cargo test -p bridge-interop --test jetstream_site_is_generated";

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/jetstream_site")
}

fn is_update() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some()
}

/// The list that `bridge.py` prints, which is the only source of this test.
fn dumped() -> BridgeDump {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("bridge.py");
    python_bridge::write_bridge(&script).unwrap();
    let output = Python::required()
        .command()
        .env("JETSTREAM_VERSION", "2.9.0")
        .arg(&script)
        .args(["dump", "jetstream", "--objects", "server,send,recv", "--path"])
        .arg(Python::modules())
        .arg("--root")
        .arg(
            json!([{"get": ["JetStream", "Jetstream"]}, {"call": []}, {"get": ["api"]}, {"call": []}])
                .to_string(),
        )
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let mut list: Value = serde_json::from_slice(&output.stdout).unwrap();
    list["python"] = json!("3.11");
    let mut list = BridgeDump::parse("the list", list.to_string().as_bytes()).unwrap();
    // The comments of the stand-in are not part of this test.
    for function in &mut list.functions {
        function.doc_sha = None;
    }
    list
}

/// With `UPDATE_GOLDEN` set, writes the list and the client instead.
#[test]
fn the_client_is_generated_from_the_list_of_the_package() {
    let list = dumped();
    let saved = here().join("site.json");
    if is_update() {
        std::fs::write(&saved, list.canonical()).unwrap();
    }
    assert_eq!(list.canonical(), std::fs::read_to_string(&saved).unwrap());
    let generated = Product::Jetstream
        .generate_for_site("site.json", list, COMMAND)
        .unwrap();
    let folder = here().join("generated");
    if is_update() {
        generated.tree.write(&folder).unwrap();
    }
    let differences = generated.tree.compare(&folder).unwrap();
    assert!(
        differences.is_empty(),
        "{} files differ. Run `{COMMAND}`",
        differences.len()
    );
}

#[test]
fn the_list_of_the_package_turns_names_into_methods() {
    let (_, newest) = Product::Jetstream.lists().pop().unwrap();
    let list = dumped();
    for name in ["server.duAsync", "server.echo", "server.getEventLog"] {
        assert_eq!(newest.function(name).unwrap().signature(), None, "{name}");
        assert!(list.function(name).unwrap().signature().is_some(), "{name}");
    }
    assert!(newest.function("server.undocumented").is_none());
    let generated = Product::Jetstream
        .generate_for_site("site.json", list, COMMAND)
        .unwrap();
    let methods = generated.listing();
    for method in [
        "Client::server_du_async(&self, path: impl Serialize) -> ServerRequest",
        "Client::server_undocumented(&self, first: impl Serialize) .second(impl Serialize) -> Json",
        // A function that is also documented keeps its types.
        "Client::send_get_manifest(&self, manifest: &ManifestId) -> Manifest",
    ] {
        assert!(methods.contains(method), "{method}\n{methods}");
    }
    // Neither the package nor the documentation says what it takes.
    assert!(!methods.contains("Client::recv_remove_authorized_client_async"));
}
