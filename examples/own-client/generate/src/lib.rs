//! The input and output of the generator for the checked-in client.
//!
//! This is a separate package, so that it can regenerate a client that does not compile.

use std::env;
use std::path::{Path, PathBuf};

use mailstore_codegen::{Bindings, Edition};

/// The dump, the publicly known facts, and the overlay of this program. `package` is the folder of `own-client`.
pub fn bindings(package: &Path) -> Bindings {
    Bindings::new(package.join("metadata.json"))
        .known(Edition::Server)
        .overlay(package.join("overlay.toml"))
        .command("cargo run -p own-client-generate")
}

/// The folder of the client.
pub fn client(package: &Path) -> PathBuf {
    package.join("src/client")
}

/// Finds the folder of `own-client` at run time. The program may have been compiled in another clone, for example if
/// clones share a target folder.
///
/// # Errors
/// The program was not started by `cargo run`, and the current folder is not in the workspace.
pub fn package() -> Result<PathBuf, String> {
    by_cargo().or_else(by_current_folder).ok_or_else(|| {
        "there is no examples/own-client in this folder or above it: \
         run `cargo run -p own-client-generate` in a clone of the workspace"
            .to_owned()
    })
}

/// Finds the folder by the variables that `cargo run` and `cargo test` set. Other programs that they start inherit
/// these variables, so the name of the package is compared.
fn by_cargo() -> Option<PathBuf> {
    let name = env::var("CARGO_PKG_NAME").ok()?;
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?);
    (name == env!("CARGO_PKG_NAME")).then(|| folder.parent().map(Path::to_owned))?
}

fn by_current_folder() -> Option<PathBuf> {
    let current = env::current_dir().ok()?;
    let mut folders = current
        .ancestors()
        .map(|folder| folder.join("examples/own-client"));
    folders.find(|folder| folder.join("metadata.json").is_file())
}
