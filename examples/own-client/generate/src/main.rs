//! Regenerates the client: `cargo run -p own-client-generate`.

use std::error::Error;
use std::io::{self, Write as _};

use own_client_generate::{bindings, client, package};

fn main() -> Result<(), Box<dyn Error>> {
    let package = package()?;
    let changed = bindings(&package).write(client(&package))?;
    // The files are written, so it is not an error if this line cannot be printed.
    let _ = writeln!(io::stdout(), "{} files changed", changed.len());
    Ok(())
}
