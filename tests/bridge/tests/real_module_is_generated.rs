//! The functions of the published Python client of oaio are listed, and a client is generated from the list.
//! `real_module` uses the client.
#![allow(clippy::unwrap_used)]

#[path = "real_module/product.rs"]
mod product;

use std::path::{Path, PathBuf};
use std::process::Command;

use bridge_codegen::BridgeDump;
use clientgen::{Bindings, BindingsError, Overlay, OverlayError};
use oaio_interop::{Environment, password};
use serde_json::{Value, json};

use crate::product::TARGET;

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real_module")
}

/// How the object with the functions is made from the module.
fn root(host: &str, folder: &Path) -> Value {
    let credentials = json!({"username": "alice", "password": password("alice")});
    json!([{"get": ["OaioClient"]}, {"call": [host, credentials, "demo", "bridge", "Digi", folder]}])
}

/// With `UPDATE_GOLDEN` set, writes the list instead.
#[test]
fn the_functions_of_the_module_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("bridge.py");
    python_bridge::write_bridge(&script).unwrap();
    let output = Command::new(Environment::oldest().python())
        .arg(&script)
        .args(["dump", "ae.oaio_client", "--root"])
        .arg(root("127.0.0.1:1", &folder.path().join("root")).to_string())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(!String::from_utf8_lossy(&output.stdout).contains(&password("alice")));
    let mut list: Value = serde_json::from_slice(&output.stdout).unwrap();
    // The constants of this module depend on the machine.
    list["constants"] = json!({});
    list["python"] = json!("3.11");
    let list = BridgeDump::parse("the list", list.to_string().as_bytes()).unwrap();
    let saved = here().join("oaio_client.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&saved, list.canonical()).unwrap();
    }
    assert_eq!(list.canonical(), std::fs::read_to_string(&saved).unwrap());
    let signature = list.function("register_object").unwrap().signature().unwrap();
    let names: Vec<&str> = signature
        .iter()
        .map(|parameter| parameter.name.as_str())
        .collect();
    assert_eq!(names, ["values", "stamp", "oaio_id", "csh_id"]);
}

/// With `UPDATE_GOLDEN` set, writes the client instead.
#[test]
fn the_client_is_generated_from_the_list() -> Result<(), BindingsError<OverlayError>> {
    let list = BridgeDump::parse(
        "oaio_client.json",
        &std::fs::read(here().join("oaio_client.json")).expect("it is there"),
    )
    .expect("a valid list");
    let overlay = Overlay::parse(&TARGET, "overlay.toml", include_str!("real_module/overlay.toml"))?;
    let bindings = Bindings::new(&TARGET)
        .command("UPDATE_GOLDEN=1 cargo test -p bridge-interop --test real_module_is_generated");
    let generated = bindings.generate(&list.listing("oaio_client.json"), &[overlay])?;
    let folder = here().join("generated");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        bindings.write(&generated, &folder)?;
    }
    bindings.check(&generated, &folder)
}
