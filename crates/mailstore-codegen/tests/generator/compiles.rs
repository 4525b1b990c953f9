//! Generated code, its docs and its examples compile without warnings.

#[allow(unreachable_pub, reason = "the file is part of a library")]
#[path = "../../../mailstore-reach/src/cargo.rs"]
mod cargo;
mod hostile;
mod strangers;
pub(crate) mod typed;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use mailstore_codegen::{Generated, Generator};

use crate::support::{generate, read, saved_dump, short, workspace};

/// One crate contains all clients, because building its dependencies takes most of the time.
#[test]
fn generated_code_and_its_docs_build_without_warnings() {
    let clients: [(&str, Generated); 10] = [
        ("editions", hostile::editions()),
        ("plain", generate(saved_dump("server-9.json"), &[])),
        ("empty", generate(short(&[]), &[])),
        ("hostile", generate(hostile::hostile_dump(), &[])),
        (
            "handle",
            generate(hostile::hostile_dump(), &[hostile::HOSTILE_HANDLE]),
        ),
        (
            "only_handle",
            generate(short(&["A(instanceID)"]), &[hostile::PLAIN_HANDLE]),
        ),
        (
            "texts",
            generate(short(hostile::TEXT_FUNCTIONS), &[&hostile::hostile_texts()]),
        ),
        ("typed", typed::editions()),
        ("type_names", typed::type_names()),
        ("thousand", generate(hostile::thousand_functions(), &[])),
    ];
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated-code");
    let mut root = String::from(ROOT);
    for (name, generated) in &clients {
        generated.tree.write(&folder.join("src").join(name)).unwrap();
        writeln!(root, "/// Generated.\n#[rustfmt::skip]\npub mod {name};").unwrap();
    }
    let mut others = vec![
        ("Cargo.toml".to_owned(), manifest()),
        ("Cargo.lock".to_owned(), read("Cargo.lock")),
        ("src/values.rs".to_owned(), VALUES.to_owned()),
        ("src/by_hand.rs".to_owned(), typed::BY_HAND.to_owned()),
        // The form that a build script writes.
        (
            "src/bin/one_file.rs".to_owned(),
            format!(
                "{ONE_FILE}{}",
                generate(hostile::hostile_dump(), &[]).tree.in_one_file("client")
            ),
        ),
        (
            "src/bin/program.rs".to_owned(),
            format!("{PROGRAM}\n#[path = \"../plain/mod.rs\"]\nmod plain;\n"),
        ),
    ];
    // For some of the clients, every function is called.
    for (name, generated) in &clients {
        let editions = match *name {
            "hostile" | "type_names" => vec![(format!("crate::{name}"), &generated.apis[0])],
            "typed" => generated
                .apis
                .iter()
                .map(|api| (format!("crate::typed::{}", api.name), api))
                .collect(),
            _ => continue,
        };
        for (client, api) in editions {
            let module = format!("calls_{name}_{}", api.name);
            writeln!(root, "/// Calls.\n#[rustfmt::skip]\npub mod {module};").unwrap();
            let calls = Generator::new("generate").exercise(api, &client, "crate::values");
            others.push((format!("src/{module}.rs"), calls));
        }
    }
    others.push(("src/lib.rs".to_owned(), root));
    fs::create_dir_all(folder.join("src/bin")).unwrap();
    for (path, text) in others {
        write_if_changed(&folder.join(path), &text);
    }
    cargo(&folder, &["check"]);
    cargo(&folder, &["doc", "--no-deps", "--lib"]);
}

/// The examples in the docs of generated clients compile.
///
/// The package contains only the client with examples, because doc tests need the whole package compiled.
#[test]
fn examples_in_generated_docs_compile() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("examples-in-docs");
    typed::editions().tree.write(&folder.join("src/typed")).unwrap();
    let root = "//! A generated client with examples.\npub mod by_hand;\n#[rustfmt::skip]\npub mod typed;\n";
    for (path, text) in [
        ("Cargo.toml", manifest().as_str()),
        ("Cargo.lock", &read("Cargo.lock")),
        ("src/by_hand.rs", typed::BY_HAND),
        ("src/lib.rs", root),
    ] {
        write_if_changed(&folder.join(path), text);
    }
    cargo(&folder, &["test", "--doc"]);
}

const ROOT: &str = "//! Generated clients.\n#![deny(warnings, missing_docs, unreachable_pub, rustdoc::all)]\n\
                    pub mod by_hand;\npub mod values;\n";

/// The module that creates the values for calls of every function.
const VALUES: &str = include_str!("compiles/values.rs");

const ONE_FILE: &str = "//! A program with a client in one file.\n#![deny(warnings)]\nfn main() {\n    \
     drop(client::Client::builder(\"localhost\").build());\n}\n";

/// A program that calls one function. The others must not cause warnings.
const PROGRAM: &str = "//! A program with a generated client of its own.\n#![deny(warnings)]\nfn main() {\n    \
     if let Ok(client) = plain::Client::builder(\"localhost\").build() {\n        drop(client.get_users());\n    }\n}\n";

fn manifest() -> String {
    let package = manifest_of("generated-code", "2024");
    format!(
        "{package}# The same as in the workspace, so that its build results are used.\n\
         [features]\ndefault = [\"api\", \"api-2\", \"server-9\", \"spe\"]\napi = []\napi-2 = []\nserver-9 = []\nspe = []\n[profile.dev]\ndebug = \"line-tables-only\"\n[workspace]\n"
    )
}

/// The start of a manifest with the dependencies of generated code.
fn manifest_of(name: &str, edition: &str) -> String {
    let path = |name: &str| workspace(&format!("crates/{name}")).canonicalize().unwrap();
    let [transport, types] = ["mailstore-transport", "mailstore-types"].map(path);
    format!(
        "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = {edition:?}\npublish = false\n\
         [dependencies]\nmailstore-transport = {{ path = {transport:?} }}\nmailstore-types = {{ path = {types:?} }}\n"
    )
}

fn write_if_changed(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::write(path, text).unwrap();
}

/// Runs cargo with the target folder of the workspace.
fn cargo(folder: &Path, arguments: &[&str]) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = cargo::cargo_outside()
        .args(arguments)
        .arg("--quiet")
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env("RUSTDOCFLAGS", "-D warnings")
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "cargo {arguments:?} in {}:\n{errors}",
        folder.display()
    );
}
