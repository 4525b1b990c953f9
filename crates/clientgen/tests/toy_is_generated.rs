//! The client of the toy product is up to date, and the example of an overlay in the README is valid.

#[path = "toy/product.rs"]
mod product;

use std::path::Path;

use clientgen::listing::{Argument, ArgumentKind, Function, Listing};
use clientgen::{Bindings, BindingsError, Generator, Overlay};
use product::{TARGET, listing};

/// With `UPDATE_GOLDEN` set, writes the client instead.
#[test]
fn the_client_of_the_toy_product_is_up_to_date() -> Result<(), BindingsError<clientgen::OverlayError>> {
    let overlay = Overlay::parse(&TARGET, "overlay.toml", include_str!("toy/overlay.toml"))?;
    let bindings =
        Bindings::new(&TARGET).command("UPDATE_GOLDEN=1 cargo test -p clientgen --test toy_is_generated");
    let generated = bindings.generate(&listing(), &[overlay])?;
    assert_eq!(generated.apis[0].functions().len(), 22);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/toy/generated");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        bindings.write(&generated, &folder)?;
    }
    bindings.check(&generated, &folder)
}

/// The function list that the overlay in the README describes.
#[test]
fn the_overlay_in_the_readme_matches_its_function_list() -> Result<(), Box<dyn std::error::Error>> {
    let readme = include_str!("../README.md").replace("\r\n", "\n");
    let (_, example) = readme.split_once("```toml\n").ok_or("an example")?;
    let (example, _) = example.split_once("```").ok_or("its end")?;
    let argument = |name: &str, kind| Argument {
        name: name.to_owned(),
        kind,
        nullable: false,
        default: None,
        by_name: false,
    };
    let function = Function {
        name: "orders.list".to_owned(),
        arguments: vec![
            argument("branch", ArgumentKind::String),
            argument("all", ArgumentKind::Bool),
        ],
        path: String::new(),
        overload: None,
        since: None,
        by_name_only: false,
        out: Vec::new(),
    };
    let listing = Listing::new("functions.json", "", vec![function])?;
    let overlay = Overlay::parse(&TARGET, "README.md", example)?;
    let generated = Generator::new(&TARGET, "").single(&listing, &[overlay])?;
    let listing = generated.listing();
    assert!(
        listing.contains("Branch::orders_list(&self) -> Vec<Order>  // orders.list, read, long"),
        "{listing}"
    );
    Ok(())
}
