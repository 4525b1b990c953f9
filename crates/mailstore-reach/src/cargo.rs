//! Starts cargo from a program that cargo started.

use std::env;
use std::process::Command;

/// Returns a command for `cargo` of the current toolchain, as a terminal would start it.
///
/// Programs that cargo starts have environment variables for their package, such as `CARGO_MANIFEST_DIR`. Some build
/// scripts, such as the build script of `ring`, run again if one of these variables changes, and all dependent crates
/// are then compiled again. This function therefore removes the variables.
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    command
}

/// Returns a command like [`cargo`], for a package outside this workspace. The package is not compiled with the wrapper
/// that checks this workspace.
pub fn cargo_outside() -> Command {
    let mut command = cargo();
    command.env_remove("CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER");
    command
}
