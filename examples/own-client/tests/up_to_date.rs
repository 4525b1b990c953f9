//! The client in `src/client` is what the generator makes of the dump today, and a reader can see what it offers.

use mailstore_codegen::{Bindings, BindingsError, Edition};

fn bindings() -> Bindings {
    Bindings::new("metadata.json")
        .known(Edition::Server)
        .overlay("overlay.toml")
        .command("UPDATE_CLIENT=1 cargo test -p own-client")
}

#[test]
fn the_client_is_up_to_date() -> Result<(), BindingsError> {
    if std::env::var_os("UPDATE_CLIENT").is_some() {
        bindings().write("src/client")?;
    }
    bindings().check("src/client")
}

/// One line for each function and type: what callers see, for reviews.
#[test]
fn the_surface_is_as_reviewed() -> Result<(), BindingsError> {
    let listing = bindings().generate()?.listing();
    insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("surface", listing);
    });
    Ok(())
}
