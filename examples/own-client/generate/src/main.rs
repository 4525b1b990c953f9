//! Regenerates the client: `cargo run -p own-client-generate`.

use mailstore_codegen::BindingsError;

fn main() -> Result<(), BindingsError> {
    let changed = own_client_generate::bindings().write(own_client_generate::client())?;
    println!("{} files changed", changed.len());
    Ok(())
}
