//! What the checked-in client is generated from.
//!
//! A separate package, so that it can regenerate a client that does not compile.

use std::path::{Path, PathBuf};

use mailstore_codegen::{Bindings, Edition};

/// The dump, what is publicly known, and what only we know.
pub fn bindings() -> Bindings {
    Bindings::new(package().join("metadata.json"))
        .known(Edition::Server)
        .overlay(package().join("overlay.toml"))
        .command("cargo run -p own-client-generate")
}

/// Where the client is.
pub fn client() -> PathBuf {
    package().join("src/client")
}

fn package() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
