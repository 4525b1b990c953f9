//! The whole surface of the real dumps, so that a change of the generator shows in full.

use std::path::Path;

use mailstore_codegen::{Generated, Generator, Overlay, Source};

use crate::support::{generate, read, saved_dump};

/// What `cargo xtask codegen` generates.
fn editions() -> Generated {
    let overlay = |name: &str| {
        let path = format!("metadata/overlay/{name}.toml");
        Overlay::parse(&path, &read(&path)).unwrap_or_else(|error| panic!("{error}"))
    };
    let sources = ["server", "spe"].map(|name| Source {
        dump: saved_dump(&format!("{name}-24.json")),
        name: format!("metadata/{name}-24.json"),
        overlay: Some(overlay(name)),
    });
    let generated = Generator::new("cargo xtask codegen").editions(&sources, &[overlay("common")]);
    generated.unwrap_or_else(|error| panic!("{error}"))
}

/// Compares with a file of the folder `golden`; `UPDATE_GOLDEN=1` in the environment writes it instead.
fn assert_golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/generator/golden")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let saved = std::fs::read_to_string(&path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    if saved != text {
        let diff = similar::TextDiff::from_lines(saved.as_str(), text);
        let diff = diff.unified_diff().header("saved", "generated").to_string();
        panic!(
            "{} differs; if that is meant, set UPDATE_GOLDEN=1 and run again:\n{diff}",
            path.display()
        );
    }
}

#[test]
fn surfaces_of_both_editions_and_their_shared_types() {
    let generated = editions();
    for api in &generated.apis {
        assert_golden(&format!("{}-24.listing", api.name), &api.listing());
    }
    let listing = generated.listing();
    let shared = listing
        .split_once("\n\n")
        .unwrap()
        .1
        .split_once("\n\n")
        .unwrap()
        .0;
    assert_golden("shared-types.listing", &format!("{shared}\n"));
}

#[test]
fn plain_client_of_an_old_server() {
    let generated = generate(saved_dump("server-9.json"), &[]);
    assert_golden("server-9.listing", &generated.listing());
    assert_golden(
        "server-9.functions.rs",
        generated.tree.get("functions.rs").unwrap(),
    );
}

/// The committed client is what the generator writes today.
#[test]
fn committed_client_is_up_to_date() {
    let folder = crate::support::workspace("crates/mailstore-api/src/generated");
    let differences = editions().tree.compare(&folder).unwrap();
    assert!(
        differences.is_empty(),
        "run `cargo xtask codegen`: {differences:#?}"
    );
}
