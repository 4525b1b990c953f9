//! The client of the toy product is up to date.

#[path = "toy/product.rs"]
mod product;

use std::path::Path;

use clientgen::{Bindings, BindingsError, Overlay};
use product::{TARGET, listing};

/// With `UPDATE_GOLDEN` set, writes the client instead.
#[test]
fn the_client_of_the_toy_product_is_up_to_date() -> Result<(), BindingsError<clientgen::OverlayError>> {
    let overlay = Overlay::parse(&TARGET, "overlay.toml", include_str!("toy/overlay.toml"))?;
    let bindings =
        Bindings::new(&TARGET).command("UPDATE_GOLDEN=1 cargo test -p clientgen --test toy_is_generated");
    let generated = bindings.generate(&listing(), &[overlay])?;
    assert_eq!(generated.apis[0].functions().len(), 20);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/toy/client");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        bindings.write(&generated, &folder)?;
    }
    bindings.check(&generated, &folder)
}
