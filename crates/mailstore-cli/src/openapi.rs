//! `mailstore openapi`: writes an edition as an OpenAPI document, for clients in other languages.

use std::path::PathBuf;

use clap::ValueEnum;
use mailstore_codegen::model::Api;
use mailstore_codegen::openapi::{Version, document};
use mailstore_codegen::{Generated, output};
use miette::{Context as _, IntoDiagnostic as _, miette};

use crate::exit::Failed;
use crate::output::print;
use crate::source::Source;

/// Write an edition as an OpenAPI document.
///
/// The document is made from the function lists of this program, or from a saved one. The vendor publishes no OpenAPI
/// document.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  mailstore openapi --edition spe
  mailstore openapi --edition server --version 3.0 --out server.json
  mailstore openapi --dump dump.json --known server")]
pub(crate) struct Arguments {
    /// The edition, such as `server`, `spe` or `server-9`.
    #[arg(
        long,
        value_name = "NAME",
        required_unless_present = "dump",
        conflicts_with = "dump"
    )]
    edition: Option<String>,
    #[command(flatten)]
    source: Source,
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

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let generated = arguments.source.generate()?;
    let api = match &arguments.edition {
        Some(name) => edition(&generated, name).map_err(Failed::usage)?,
        // A dump has one client.
        None => &generated.apis[0],
    };
    let version = match arguments.version {
        Specification::V3_0 => Version::V3_0,
        Specification::V3_1 => Version::V3_1,
    };
    let text = document(&generated, api, version);
    match &arguments.out {
        Some(path) => output::write(&[(path, text)])
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot write {}", path.display()))
            .map_err(Failed::work),
        None => print(&text),
    }
}

fn edition<'a>(generated: &'a Generated, name: &str) -> miette::Result<&'a Api> {
    let found = generated.apis.iter().find(|api| self::name(api) == name);
    found.ok_or_else(|| {
        let names: Vec<String> = generated.apis.iter().map(self::name).collect();
        miette!(
            help = format!("Choose from: {}.", names.join(", ")),
            "there is no edition {name}"
        )
    })
}

/// The name of an edition outside Rust code.
fn name(api: &Api) -> String {
    api.name.replace('_', "-")
}
