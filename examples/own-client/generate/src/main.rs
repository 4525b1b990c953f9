//! Regenerates the client: `cargo run -p own-client-generate`.

use std::io::{self, Write as _};

use mailstore_codegen::BindingsError;

fn main() -> Result<(), BindingsError> {
    let changed = own_client_generate::bindings().write(own_client_generate::client())?;
    // The files are written, whether this can be said or not.
    let _ = writeln!(io::stdout(), "{} files changed", changed.len());
    Ok(())
}
