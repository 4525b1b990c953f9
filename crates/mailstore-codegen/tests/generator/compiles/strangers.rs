//! Generated code in crates of other authors: other language editions, forbidden lints, macros and modules with names
//! that generated code uses, and documented private modules.

use std::path::Path;

use mailstore_codegen::{Edition, Generated, Generator, known_overlays};

use super::{cargo, hostile, manifest_of, write_if_changed};
use crate::support::{generate, read, saved_dump, short};

/// Strict lints. Generated code cannot `allow` a lint that a crate forbids.
const LINTS: &str = "\
    #![forbid(unsafe_code, dead_code, unused, nonstandard_style, future_incompatible, let_underscore, rust_2018_idioms)]\n\
    #![forbid(keyword_idents, macro_use_extern_crate, meta_variable_misuse, missing_abi, non_ascii_idents)]\n\
    #![forbid(explicit_outlives_requirements, redundant_lifetimes, unused_lifetimes)]\n\
    #![forbid(missing_debug_implementations, trivial_casts, trivial_numeric_casts, unit_bindings)]\n\
    #![forbid(unused_import_braces, unused_macro_rules, unused_qualifications, unused_results)]\n\
    #![forbid(clippy::all)]\n\
    #![deny(warnings, missing_docs, unreachable_pub, clippy::pedantic, clippy::nursery)]\n";

/// Macros of the program with names that generated code uses. The program uses each of them because of
/// `forbid(unused)`.
const MACROS: &str = r"
macro_rules! request { () => { 1 } }
macro_rules! record { () => { 2 } }
macro_rules! object { () => { 3 } }
macro_rules! words { () => { 4 } }
macro_rules! word_set { () => { 5 } }
macro_rules! number_id { () => { 6 } }
macro_rules! text_id { () => { 7 } }
macro_rules! serialize { () => { 8 } }
macro_rules! equal { () => { 9 } }
macro_rules! vec { () => { 10 } }
macro_rules! matches { () => { 11 } }
macro_rules! format { () => { 12 } }
macro_rules! write { () => { 13 } }
macro_rules! stringify { () => { 14 } }
";

/// A program with private modules. It uses only a few functions.
const PROGRAM: &str = r#"
#[rustfmt::skip]
mod client;
#[rustfmt::skip]
mod plain;
#[rustfmt::skip]
mod texts;

/// Modules and types with the names of well-known ones.
#[allow(clippy::redundant_pub_crate)]
mod core {
    pub(super) struct Option;
}
#[allow(clippy::redundant_pub_crate)]
mod std {
    pub(super) struct String;
}
mod alloc {}
mod mailstore_transport {}
mod mailstore_types {}

fn main() {
    let _ = (core::Option, std::String);
    let sum = request!() + record!() + object!() + words!() + word_set!() + number_id!() + text_id!();
    let sum = sum + serialize!() + equal!() + vec![] + matches!() + format!() + write!() + stringify!();
    println!("{sum}");
    if let Ok(client) = plain::Client::builder("localhost").build() {
        drop(client.get_users());
    }
    if let Ok(client) = client::Client::builder("localhost").build() {
        drop(client.get_users());
    }
    drop(texts::Client::builder("localhost").build());
}
"#;

/// A library. One client is public, another is partly public, and the third is private.
const LIBRARY: &str = r#"
#[rustfmt::skip]
pub mod client;
#[rustfmt::skip]
mod plain;
#[rustfmt::skip]
mod texts;

pub use plain::{Client, functions::GetUsers};

/// Whether a client can be built.
#[must_use]
pub fn works() -> bool {
    texts::Client::builder("localhost").build().is_ok()
}
"#;

const LANGUAGE_EDITIONS: [&str; 3] = ["2018", "2021", "2024"];

#[test]
fn a_client_has_no_warnings_in_crates_with_strict_lints_of_every_language_edition() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("strangers");
    let known = Generator::new("").single(
        saved_dump("server-24.json"),
        "dump.json",
        &known_overlays(Edition::Server),
    );
    let texts = generate(short(hostile::TEXT_FUNCTIONS), &[&hostile::hostile_texts()]);
    let clients: [(&str, Generated); 3] = [
        ("client", known.expect("the known overlays match the dump")),
        ("plain", generate(saved_dump("server-9.json"), &[])),
        ("texts", texts),
    ];
    let program = format!("//! A program with strict lints.\n{LINTS}{MACROS}{PROGRAM}");
    let library = format!("//! A library with strict lints.\n{LINTS}{LIBRARY}");
    let mut packages: Vec<(String, &str, &str, &str)> = LANGUAGE_EDITIONS
        .iter()
        .map(|edition| (format!("edition-{edition}"), *edition, "src/main.rs", &*program))
        .collect();
    packages.push(("library".to_owned(), "2021", "src/lib.rs", &library));
    for (name, edition, root, text) in &packages {
        let package = folder.join(name);
        for (client, generated) in &clients {
            generated
                .tree
                .write(&package.join("src").join(client))
                .expect("the folder can be written");
        }
        write_if_changed(&package.join(root), text);
        write_if_changed(&package.join("Cargo.toml"), &manifest_of(name, edition));
    }
    let members: Vec<String> = packages.iter().map(|(name, ..)| format!("{name:?}")).collect();
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
    cargo(&folder, &["test", "--doc", "--package", "library"]);
}
