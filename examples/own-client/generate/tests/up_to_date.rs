//! Checks that the client in `src/client` is up to date, and keeps a listing of it for reviews.

use std::error::Error;

use own_client_generate::{bindings, client, package};

#[test]
fn the_client_is_up_to_date() -> Result<(), Box<dyn Error>> {
    let package = package()?;
    Ok(bindings(&package).check(client(&package))?)
}

/// The listing has one line for each function and type.
#[test]
fn the_surface_is_as_reviewed() -> Result<(), Box<dyn Error>> {
    let listing = bindings(&package()?).generate()?.listing();
    insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("surface", listing);
    });
    Ok(())
}
