//! Cargo, started by a program that cargo started.

use std::env;
use std::process::Command;

/// `cargo` of the toolchain in use, as a terminal would start it.
///
/// Programs that cargo starts have variables such as `CARGO_MANIFEST_DIR`, which name their package. Build scripts ask
/// to run again if one of these differs from the last build (that of `ring` does), and everything that depends on them
/// would be compiled again. The variables are removed.
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
