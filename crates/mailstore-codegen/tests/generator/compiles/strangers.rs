//! Generated code in the crates of other authors: other language editions, forbidden lints, macros and modules with the
//! names that generated code uses, and private modules that are documented.

use std::path::Path;

use mailstore_codegen::{Edition, Generated, Generator, known_overlays};

use super::{cargo, manifest_of, write_if_changed};
use crate::support::{generate, read, saved_dump};

/// The beginning of a binary, whose author forbids what the compiler can find unused.
const LINTS: &str = "//! A program with strict lints.\n\
                     #![forbid(unsafe_code, dead_code, unused)]\n\
                     #![deny(warnings, missing_docs, clippy::all, clippy::pedantic)]\n";

/// Macros of the program, by the names that generated code uses. `forbid(unused)` wants each of them used.
const MACROS: &str = r"
macro_rules! request { () => { 1 } }
macro_rules! record { () => { 2 } }
macro_rules! object { () => { 3 } }
macro_rules! words { () => { 4 } }
macro_rules! word_set { () => { 5 } }
macro_rules! number_id { () => { 6 } }
macro_rules! text_id { () => { 7 } }
";

const MODULES: &str = r#"
#[rustfmt::skip]
mod known;
#[rustfmt::skip]
mod plain;

/// Modules and types by the names of others.
mod core {
    pub(crate) struct Option;
}
mod std {
    pub(crate) struct String;
}

fn main() {
    let _ = (core::Option, std::String);
    let sum = request!() + record!() + object!() + words!() + word_set!() + number_id!() + text_id!();
    println!("{sum}");
    if let Ok(client) = plain::Client::builder("localhost").build() {
        drop(client.get_users());
    }
    if let Ok(client) = known::Client::builder("localhost").build() {
        drop(client.get_users());
    }
}
"#;

const LANGUAGE_EDITIONS: [&str; 3] = ["2018", "2021", "2024"];

#[test]
fn a_client_is_clean_in_crates_with_strict_lints_of_every_language_edition() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("strangers");
    let clients: [(&str, Generated); 2] = [
        (
            "known",
            Generator::new("")
                .single(
                    saved_dump("server-24.json"),
                    "dump.json",
                    &known_overlays(Edition::Server),
                )
                .expect("what is known fits"),
        ),
        ("plain", generate(saved_dump("server-9.json"), &[])),
    ];
    for edition in LANGUAGE_EDITIONS {
        let package = folder.join(format!("edition-{edition}"));
        for (name, generated) in &clients {
            generated
                .tree
                .write(&package.join("src").join(name))
                .expect("the folder can be written");
        }
        write_if_changed(&package.join("src/main.rs"), &format!("{LINTS}{MACROS}{MODULES}"));
        write_if_changed(
            &package.join("Cargo.toml"),
            &manifest_of(&format!("edition-{edition}"), edition),
        );
    }
    let members: Vec<String> = LANGUAGE_EDITIONS
        .iter()
        .map(|edition| format!("\"edition-{edition}\""))
        .collect();
    write_if_changed(
        &folder.join("Cargo.toml"),
        &format!(
            "[workspace]\nresolver = \"3\"\nmembers = [{}]\n[profile.dev]\ndebug = \"line-tables-only\"\n",
            members.join(", ")
        ),
    );
    write_if_changed(&folder.join("Cargo.lock"), &read("Cargo.lock"));
    cargo(&folder, &["clippy", "--workspace"]);
    cargo(&folder, &["doc", "--workspace", "--no-deps"]);
    cargo(
        &folder,
        &["doc", "--workspace", "--no-deps", "--document-private-items"],
    );
}
