//! Overlays.

use std::sync::LazyLock;

use mailstore_codegen::{Generator, Overlay, Source};
use mailstore_metadata::Dump;

use crate::shown::assert_shown;

/// A short function list, so that the target is fast.
static FUNCTIONS: LazyLock<Dump> = LazyLock::new(|| {
    let server = include_bytes!("../../../metadata/mailstore/server-9.json");
    let server = Dump::parse("server-9.json", server).expect("a saved function list");
    server.filter(|name| ["CreateUser", "GetUsers", "VerifyStore"].contains(&name))
});

/// Parses an overlay, and generates a client with it. A client that is generated twice is the same. Returns whether the input is valid.
///
/// # Panics
/// If that does not hold, or if the generated client is not valid Rust.
pub fn overlay(bytes: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(bytes) else {
        return false;
    };
    let overlay = match Overlay::parse("fuzz.toml", text) {
        Ok(overlay) => overlay,
        Err(error) => {
            assert_shown(&error);
            return false;
        }
    };
    let generate = || {
        let source = Source {
            dump: FUNCTIONS.clone(),
            name: "server-9.json".to_owned(),
            overlays: vec![overlay.clone()],
        };
        Generator::new("").editions(&[source])
    };
    match (generate(), generate()) {
        (Ok(first), Ok(second)) => {
            assert!(first.tree.files().eq(second.tree.files()));
            true
        }
        (Err(error), Err(_)) => {
            assert_shown(&error);
            false
        }
        _ => panic!("the same overlay has two outcomes"),
    }
}
