//! Generates a client with two functions at every build.

use mailstore_codegen::{Bindings, BindingsError, Edition};

fn main() -> Result<(), BindingsError> {
    Bindings::new("metadata.json")
        .known(Edition::Server)
        .overlay("overlay.toml")
        .only(["GetServerInfo", "GetArchiveHealth"])
        .command("build.rs of own-client")
        .build("reports")
}
