//! `cargo xtask codegen`: writes the generated files of the workspace, or a stand-alone client.

use std::fs;
use std::path::{Path, PathBuf};

use mailstore_codegen::input::is_standard_input;
use mailstore_codegen::{Bindings, Difference, Generated, Generator, Tree, output};
use mailstore_metadata::Dump;
use mailstore_reach::{Edition, arguments_of_this_run, command_line, edition_parser, say, warn};
use miette::{Context, IntoDiagnostic};

use crate::editions::{COMMAND, Editions};
use crate::{openapi, schemas, sidecar, workspace};

/// The folder of the generated clients, below the root of the workspace.
pub(crate) const GENERATED: &str = "crates/mailstore-api/src/generated";

/// Generate the clients from the saved dumps.
///
/// Without arguments, writes the generated files of this workspace from `metadata/mailstore/`: the clients in
/// `crates/mailstore-api/src/generated`, the calls of the tests, the decoders of the probe, the dumps of the simulator,
/// the copies of the overlays in `mailstore-codegen`, the JSON Schemas in `metadata/mailstore/schema`, and the OpenAPI documents
/// in `metadata/mailstore/openapi`.
///
/// With `--dump` and `--out`, writes a stand-alone client for the function list of any server. The client needs the
/// crate `mailstore-transport`. Declare it with `#[rustfmt::skip] mod NAME;`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing. Show the changes as a unified diff, and fail if there are any.
    #[arg(long)]
    check: bool,
    /// The saved function list for a stand-alone client.
    #[arg(long, value_name = "FILE", requires = "out")]
    dump: Option<PathBuf>,
    /// Folder for the stand-alone client. It must be new, empty, or contain only files of this command.
    #[arg(long, value_name = "DIR", requires = "dump")]
    out: Option<PathBuf>,
    /// An overlay for the dump. Repeat the option for several overlays.
    #[arg(long, value_name = "FILE", requires = "dump")]
    overlay: Vec<PathBuf>,
    /// Use the publicly known facts about this edition that match the dump. The client then also needs the crate
    /// `mailstore-types`.
    #[arg(long, value_name = "EDITION", value_parser = edition_parser(), requires = "dump")]
    known: Option<Edition>,
    /// Generate only these functions: wire names, separated by commas.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', requires = "dump")]
    only: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> miette::Result<()> {
    match (&arguments.dump, &arguments.out) {
        (Some(dump), Some(out)) => stand_alone(dump, out, arguments),
        _ => committed(arguments.check),
    }
}

/// Fails if a generated file is not up to date.
pub(crate) fn check() -> miette::Result<()> {
    committed(true)
}

/// A generated folder: its path and its generated files.
struct Folder {
    path: PathBuf,
    tree: Tree,
}

fn committed(check: bool) -> miette::Result<()> {
    let editions = Editions::read()?;
    let generated = editions.generate()?;
    let folder = |path: &str, tree: Tree| Folder {
        path: workspace::path(path),
        tree,
    };
    let mut folders = [
        folder(GENERATED, generated.tree.clone()),
        folder("tests/src/every_call", every_call(&generated)),
        folder("crates/mailstore-probe/src/decoders", decoders(&generated)),
        folder("crates/mailstore-sim/src/dumps", simulator_dumps(&editions)?),
        folder("crates/mailstore-codegen/src/known", copied_overlays()?),
        folder("metadata/mailstore/schema", schemas::tree()),
        folder("metadata/mailstore/openapi", openapi::documents(&generated)),
    ];
    report_notes(&generated);
    check_saved(check)?;
    let fix = format!("Run `{COMMAND}` and commit the changes.");
    bring_up_to_date(&mut folders, check, &fix)
}

fn every_call(generated: &Generated) -> Tree {
    let generator = Generator::new(COMMAND);
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
    let generator = Generator::new(COMMAND);
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
        match sidecar::check(&path, &dump) {
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
                help = format!("Run `{COMMAND}`."),
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

fn stand_alone(dump: &Path, out: &Path, arguments: &Arguments) -> miette::Result<()> {
    let mut bindings = Bindings::new(dump);
    for path in &arguments.overlay {
        bindings = bindings.overlay(path);
    }
    if let Some(known) = arguments.known {
        bindings = bindings.known(known);
    }
    if !arguments.only.is_empty() {
        bindings = bindings.only(&arguments.only);
    }
    // Generates only once, because a pipe cannot be read again.
    let generated = bindings.generate()?;
    report_notes(&generated);
    let folder = Folder {
        path: out.to_owned(),
        tree: generated.tree,
    };
    bring_up_to_date(&mut [folder], arguments.check, &repair(dump, arguments))
}

/// The command that repairs what `--check` reports: the same command without `--check`.
fn repair(dump: &Path, arguments: &Arguments) -> String {
    let command = command_line("cargo xtask", &arguments_of_this_run("--check", &[]));
    let is_file = |path: &Path| !is_standard_input(path) && path.is_file();
    if is_file(dump) && arguments.overlay.iter().all(|path| is_file(path)) {
        format!("Run `{command}` and commit the changes.")
    } else {
        format!("Run the same command without `--check`, with the same input: `{command}`")
    }
}

fn report_notes(generated: &Generated) {
    for sentence in &generated.gave_way {
        warn!("note       {sentence}");
    }
    for api in &generated.apis {
        for note in &api.notes {
            warn!("note       {}: {note}", api.source);
        }
    }
}

fn bring_up_to_date(folders: &mut [Folder], check: bool, fix: &str) -> miette::Result<()> {
    let mut count = 0;
    let mut files = 0;
    for Folder { path, tree } in folders {
        files += tree.files().count();
        let differences = if check {
            tree.compare(path)
        } else {
            tree.write(path)
        };
        for difference in differences? {
            count += 1;
            show(&difference, check);
        }
    }
    match (check, count) {
        (true, 0) => say!("{files} generated files are up to date"),
        (true, _) => miette::bail!(
            help = fix.to_owned(),
            "{count} of {files} generated files are not up to date"
        ),
        (false, _) => say!("{files} generated files, {count} changed"),
    }
    Ok(())
}

fn show(difference: &Difference, check: bool) {
    match difference {
        Difference::Changed { path, .. } if !check => say!("changed    {}", path.display()),
        Difference::Changed { diff, .. } => say!("{}", diff.trim_end()),
        Difference::Missing { path } if !check => say!("new        {}", path.display()),
        Difference::Missing { path } => say!("missing    {}", path.display()),
        Difference::Stale { path } if !check => say!("removed    {}", path.display()),
        Difference::Stale { path } => say!("stale      {} is no longer generated", path.display()),
    }
}
