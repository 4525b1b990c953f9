//! The whole surface of the saved dumps. They show every change of the generator.

use std::path::Path;

use crate::support::{editions, generate, saved_dump};

/// Compares a text with a file in the folder `golden`. If the environment has `UPDATE_GOLDEN=1`, writes the file first.
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
            "{} differs; if this is intended, run the test with UPDATE_GOLDEN=1:\n{diff}",
            path.display()
        );
    }
}

#[test]
fn surfaces_of_all_editions_and_their_shared_types() {
    let generated = editions();
    let names = ["server-24", "spe-24", "server-9-typed"];
    for (api, name) in generated.apis.iter().zip(names) {
        assert_golden(&format!("{name}.listing"), &api.listing());
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
fn client_of_an_old_server_without_overlays() {
    let generated = generate(saved_dump("server-9.json"), &[]);
    assert_golden("server-9.listing", &generated.listing());
    assert_golden(
        "server-9.functions.rs",
        generated.tree.get("functions.rs").unwrap(),
    );
}

/// Compares the committed client with the output of the generator.
#[test]
fn committed_client_is_up_to_date() {
    let folder = crate::support::workspace("crates/mailstore-api/src/generated");
    let differences = editions().tree.compare(&folder).unwrap();
    assert!(
        differences.is_empty(),
        "run `cargo xtask codegen`: {differences:#?}"
    );
}
