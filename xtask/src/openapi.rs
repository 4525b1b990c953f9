//! `cargo xtask openapi`: writes an edition as an OpenAPI document, for clients in other languages.

use std::path::PathBuf;

use clap::ValueEnum;
use mailstore_codegen::model::Api;
use mailstore_codegen::openapi::{Version, document};
use mailstore_codegen::{Generated, Tree, output};
use miette::{Context, IntoDiagnostic};

use crate::editions::Editions;

/// Write an edition as an OpenAPI document.
///
/// `metadata/mailstore/openapi` contains the documents of all editions, which `cargo xtask codegen` writes. This command writes
/// one document from the current dumps and overlays. The vendor publishes no OpenAPI document.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The edition, such as `server`, `spe` or `server-9`.
    #[arg(long, value_name = "NAME")]
    edition: String,
    /// Version of the OpenAPI Specification. 3.0 is less exact, for tools that do not support 3.1.
    #[arg(long, value_name = "VERSION", default_value = "3.1")]
    version: Specification,
    /// The file to write. The default is standard output.
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
            .wrap_err("cannot write to standard output"),
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

/// The name of an edition outside Rust code.
fn name(api: &Api) -> String {
    api.name.replace('_', "-")
}

/// The committed documents: for each edition, `NAME.json` in version 3.1 and `3.0/NAME.json` in version 3.0.
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
