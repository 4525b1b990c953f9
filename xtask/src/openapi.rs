//! `cargo xtask openapi`: an edition as an OpenAPI document, for clients in other languages.

use std::path::PathBuf;

use clap::ValueEnum;
use mailstore_codegen::model::Api;
use mailstore_codegen::openapi::{Version, document};
use mailstore_codegen::{Generated, Tree, output};
use miette::{Context, IntoDiagnostic};

use crate::editions::Editions;

/// Write an edition as an OpenAPI document.
///
/// The documents of all editions are in `metadata/openapi` already, kept up to date by `cargo xtask codegen`; this
/// command writes one from the dumps and overlays as they are now. The vendor publishes no such document.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The edition, such as `server`, `spe` or `server-9`.
    #[arg(long, value_name = "NAME")]
    edition: String,
    /// Version of the OpenAPI Specification. 3.0 says less, for tools that do not understand 3.1.
    #[arg(long, value_name = "VERSION", default_value = "3.1")]
    version: Specification,
    /// The file to write; standard output if it is left out.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Specification {
    #[value(name = "3.1")]
    V3_1,
    #[value(name = "3.0")]
    V3_0,
}

pub(crate) fn run(arguments: &Arguments) -> miette::Result<()> {
    let generated = Editions::read()?.generate()?;
    let api = edition(&generated, &arguments.edition)?;
    let version = match arguments.version {
        Specification::V3_0 => Version::V3_0,
        Specification::V3_1 => Version::V3_1,
    };
    let text = document(&generated, api, version);
    match &arguments.out {
        Some(path) => output::write(&[(path, text)])
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot write {}", path.display())),
        None => mailstore_reach::print(&text)
            .into_diagnostic()
            .wrap_err("cannot write to the standard output"),
    }
}

fn edition<'a>(generated: &'a Generated, name: &str) -> miette::Result<&'a Api> {
    let found = generated.apis.iter().find(|api| self::name(api) == name);
    found.ok_or_else(|| {
        let names: Vec<String> = generated.apis.iter().map(self::name).collect();
        miette::miette!(
            help = format!("Choose from: {}.", names.join(", ")),
            "there is no edition {name}"
        )
    })
}

/// The name of an edition outside of Rust.
fn name(api: &Api) -> String {
    api.name.replace('_', "-")
}

/// The documents that are committed: `NAME.json` of version 3.1 and `3.0/NAME.json` for each edition.
pub(crate) fn documents(generated: &Generated) -> Tree {
    let versions = [("", Version::V3_1), ("3.0/", Version::V3_0)];
    let file = |api: &Api, (folder, version)| {
        (
            format!("{folder}{}.json", name(api)),
            document(generated, api, version),
        )
    };
    generated
        .apis
        .iter()
        .flat_map(|api| versions.map(|version| file(api, version)))
        .collect()
}
