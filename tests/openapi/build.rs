//! Generates clients from the 3.0 documents with `progenitor`, as a user of this generator does.

#![allow(clippy::print_stdout, reason = "cargo reads the whole output")]

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use openapiv3::OpenAPI;
use progenitor_impl::Generator;

fn main() -> Result<(), Box<dyn Error>> {
    let out = env::var("OUT_DIR")?;
    for edition in ["server", "spe", "server-9"] {
        let document = format!("../../metadata/mailstore/openapi/3.0/{edition}.json");
        println!("cargo::rerun-if-changed={document}");
        let client = client(&document)
            .map_err(|error| format!("cannot generate a client from {document}: {error}"))?;
        fs::write(Path::new(&out).join(format!("{edition}.rs")), client)?;
    }
    Ok(())
}

fn client(document: &str) -> Result<String, Box<dyn Error>> {
    let document: OpenAPI = serde_json::from_str(&fs::read_to_string(document)?)?;
    Ok(Generator::default().generate_tokens(&document)?.to_string())
}
