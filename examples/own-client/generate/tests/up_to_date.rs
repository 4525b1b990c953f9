//! The client in `src/client` is what the generator makes of the dump today, and a reader can see what it offers.

use std::error::Error;

use own_client_generate::{bindings, client, package};

#[test]
fn the_client_is_up_to_date() -> Result<(), Box<dyn Error>> {
    let package = package()?;
    Ok(bindings(&package).check(client(&package))?)
}

/// One line for each function and type: what callers see, for reviews.
#[test]
fn the_surface_is_as_reviewed() -> Result<(), Box<dyn Error>> {
    let listing = bindings(&package()?).generate()?.listing();
    insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("surface", listing);
    });
    Ok(())
}
