//! `cargo xtask codegen`: writes the generated files of the workspace.

use std::fs;
use std::path::{Path, PathBuf};

use bridge_codegen::Product;
use mailstore_codegen::{Generated, Generator, Tree, output};
use mailstore_metadata::Dump;
use mailstore_reach::{
    CODEGEN, Edition, Editions, Folder, bring_up_to_date, check_record, report_notes, say, warn,
};
use miette::{Context, IntoDiagnostic};

use crate::{built_in, modules, openapi, schemas, workspace};

/// The folder of the generated clients, below the root of the workspace.
pub(crate) const GENERATED: &str = "crates/mailstore-api/src/generated";

/// Generate the clients from the saved dumps.
///
/// Writes the generated files of this workspace from `metadata/mailstore/`: the clients in
/// `crates/mailstore-api/src/generated`, the calls of the tests, the decoders of the probe, the dumps of the simulator,
/// the copies of the overlays in `mailstore-codegen`, the function lists of `mailstore-cli`, the JSON Schemas in
/// `metadata/mailstore/schema`, and the OpenAPI documents in `metadata/mailstore/openapi`. `mailstore generate` writes
/// a separate client.
///
/// Also writes the clients of Python modules from `metadata/jetstream` and `metadata/muster`, and the copies of these
/// folders in `bridge-codegen`. With `--list`, writes only a separate client for the function list of an installed
/// module.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing. Show the changes as a unified diff, and fail if there are any.
    #[arg(long)]
    check: bool,
    /// The function list of an installed Python module, from `python bridge.py dump MODULE`.
    #[arg(long, value_name = "FILE", requires_all = ["product", "out"])]
    list: Option<PathBuf>,
    /// The product of the list: `jetstream` or `muster`.
    #[arg(long, requires = "list")]
    product: Option<Product>,
    /// The folder of the separate client.
    #[arg(long, value_name = "FOLDER", requires = "list")]
    out: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> miette::Result<()> {
    match (&arguments.list, arguments.product, &arguments.out) {
        (Some(list), Some(product), Some(out)) => separate(list, product, out, arguments.check),
        _ => committed(arguments.check),
    }
}

/// Writes a client for the list of an installed module.
fn separate(list: &Path, product: Product, out: &Path, check: bool) -> miette::Result<()> {
    let name = list.file_name().unwrap_or(list.as_os_str()).to_string_lossy();
    let generated = product.generate_for_site(&name, modules::read_list(list)?, "")?;
    report_notes(&generated);
    let folder = Folder {
        path: out.to_owned(),
        tree: generated.tree,
    };
    bring_up_to_date(&[folder], check, "Run the command without `--check`.")
}

/// Fails if a generated file is not up to date.
pub(crate) fn check() -> miette::Result<()> {
    committed(true)
}

fn committed(check: bool) -> miette::Result<()> {
    let editions = Editions::read(&workspace::metadata)?;
    let generated = editions.generate()?;
    let folder = |path: &str, tree: Tree| Folder {
        path: workspace::path(path),
        tree,
    };
    let mut folders = vec![
        folder(GENERATED, generated.tree.clone()),
        folder("tests/src/every_call", every_call(&generated)),
        folder("crates/mailstore-probe/src/decoders", decoders(&generated)),
        folder("crates/mailstore-sim/src/dumps", simulator_dumps(&editions)?),
        folder("crates/mailstore-codegen/src/known", copied_overlays()?),
        folder("crates/mailstore-cli/src/built_in", built_in::tree()?),
        folder("metadata/mailstore/schema", schemas::tree()),
        folder("metadata/mailstore/openapi", openapi::documents(&generated)),
    ];
    folders.extend(modules::folders(check)?);
    report_notes(&generated);
    check_saved(check)?;
    let fix = format!("Run `{CODEGEN}` and commit the changes.");
    bring_up_to_date(&folders, check, &fix)
}

fn every_call(generated: &Generated) -> Tree {
    let generator = Generator::new(CODEGEN);
    let file = |api: &mailstore_codegen::model::Api| {
        let client = format!("mailstore_api::{}", api.name);
        (
            format!("{}.rs", api.name),
            generator.exercise(api, &client, "crate::values"),
        )
    };
    generated.apis.iter().map(file).collect()
}

/// The files with which the probe decodes the results of its editions.
fn decoders(generated: &Generated) -> Tree {
    let generator = Generator::new(CODEGEN);
    let probed = Edition::ALL.map(Edition::as_str);
    let apis = generated
        .apis
        .iter()
        .filter(|api| probed.contains(&api.name.as_str()));
    let file = |api: &mailstore_codegen::model::Api| {
        let client = format!("mailstore_api::{}", api.name);
        (format!("{}.rs", api.name), generator.decoders(api, &client))
    };
    apis.map(file).collect()
}

/// The overlays built into the generator, for programs that generate a separate client.
fn copied_overlays() -> miette::Result<Tree> {
    ["common.toml", "server.toml", "server-24.toml", "spe.toml"]
        .into_iter()
        .map(|name| {
            Ok((
                name.to_owned(),
                workspace::read(&workspace::path("metadata/mailstore/overlay").join(name))?,
            ))
        })
        .collect()
}

/// The dumps of the simulator. Their names contain the edition and no version, so the simulator need not change.
fn simulator_dumps(editions: &Editions) -> miette::Result<Tree> {
    let mut files = Vec::new();
    for edition in &editions.editions {
        if let Some(simulated) = edition.simulator {
            let dump = editions.dump(&edition.dump)?;
            files.push((format!("{}.json", simulated.as_str()), dump.canonical()));
        }
    }
    Ok(files.into_iter().collect())
}

/// Checks that every saved dump has a matching record and is in canonical form, which makes its history readable.
/// Without `check`, writes the canonical form.
fn check_saved(check: bool) -> miette::Result<()> {
    for entry in fs::read_dir(workspace::path("metadata/mailstore")).into_diagnostic()? {
        let path = entry.into_diagnostic()?.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = workspace::read(&path)?;
        let dump = Dump::parse(&path.display().to_string(), text.as_bytes())?;
        match check_record(&path, &dump) {
            Err(error) if check => return Err(error),
            Err(error) => warn!("note       {error}"),
            Ok(()) => {}
        }
        let canonical = dump.canonical();
        if text == canonical {
            continue;
        }
        if check {
            miette::bail!(
                help = format!("Run `{CODEGEN}`."),
                "{} is not in canonical form",
                path.display()
            );
        }
        output::write(&[(&path, canonical)])
            .into_diagnostic()
            .wrap_err("cannot write the dump in canonical form")?;
        say!("canonical  {}", path.display());
    }
    Ok(())
}
