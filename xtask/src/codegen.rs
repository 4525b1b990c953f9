//! `cargo xtask codegen`: the generated files of the workspace, or a client of a user's own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use mailstore_codegen::{Bindings, Difference, Generated, Generator, Overlay, Source, Tree};
use mailstore_reach::Edition as Served;
use miette::IntoDiagnostic;

use crate::{openapi, schemas, sidecar, workspace};

const COMMAND: &str = "cargo xtask codegen";

/// Where the generated clients are, below the root of the workspace.
pub(crate) const GENERATED: &str = "crates/mailstore-api/src/generated";

/// An edition of `mailstore-api`.
struct Edition {
    /// Name of the dump below `metadata/`.
    dump: &'static str,
    /// Names of the overlays below `metadata/overlay/`, beside the one for all.
    overlays: &'static [&'static str],
    /// Whether the simulator serves the dump out of the box.
    simulated: bool,
}

const EDITIONS: [Edition; 3] = [
    Edition {
        dump: "server-24.json",
        overlays: &["server.toml", "server-24.toml"],
        simulated: true,
    },
    Edition {
        dump: "spe-24.json",
        overlays: &["spe.toml"],
        simulated: true,
    },
    Edition {
        dump: "server-9.json",
        overlays: &["server.toml", "server-9.toml"],
        simulated: false,
    },
];

/// Generate the clients from the saved dumps.
///
/// Without arguments, writes the generated files of this workspace from `metadata/`: the clients in
/// `crates/mailstore-api/src/generated`, the calls that the tests make, how the probe reads results, the dumps that the
/// simulator serves, the schemas of documents that this workspace reads or writes, and the OpenAPI documents in
/// `metadata/openapi`.
///
/// With `--dump` and `--out`, writes a stand-alone module tree for any server's get-metadata answer. It needs the
/// crate `mailstore-transport`; declare it with `#[rustfmt::skip] mod NAME;`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; show what would change as a unified diff, and fail if anything would.
    #[arg(long)]
    check: bool,
    /// A saved get-metadata answer to generate a stand-alone client from.
    #[arg(long, value_name = "FILE", requires = "out")]
    dump: Option<PathBuf>,
    /// Folder for the stand-alone client. It must be empty, new, or written by this command before.
    #[arg(long, value_name = "DIR", requires = "dump")]
    out: Option<PathBuf>,
    /// An overlay that says more of the dump; may be given several times.
    #[arg(long, value_name = "FILE", requires = "dump")]
    overlay: Vec<PathBuf>,
    /// Use what is publicly known of this edition, as far as it fits the dump. The client then needs the crate
    /// `mailstore-types` too.
    #[arg(long, value_name = "EDITION", requires = "dump")]
    known: Option<Served>,
    /// Generate these functions only, by their wire names, separated by commas.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', requires = "dump")]
    only: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> miette::Result<()> {
    match (&arguments.dump, &arguments.out) {
        (Some(dump), Some(out)) => stand_alone(dump, out, arguments),
        _ => committed(arguments.check),
    }
}

/// Fails unless every generated file is up to date.
pub(crate) fn check() -> miette::Result<()> {
    committed(true)
}

/// A generated folder: what should be in it, and where it is.
struct Folder {
    path: PathBuf,
    tree: Tree,
}

fn committed(check: bool) -> miette::Result<()> {
    let generated = from_metadata()?;
    let mut folders = vec![
        Folder {
            path: workspace::path(GENERATED),
            tree: generated.tree.clone(),
        },
        Folder {
            path: workspace::path("tests/src/every_call"),
            tree: every_call(&generated),
        },
        Folder {
            path: workspace::path("probe/src/decoders"),
            tree: decoders(&generated),
        },
        Folder {
            path: workspace::path("crates/mailstore-sim/src/dumps"),
            tree: simulator_dumps()?,
        },
        Folder {
            path: workspace::path("crates/mailstore-codegen/src/known"),
            tree: known_overlays()?,
        },
        Folder {
            path: workspace::path("metadata/schema"),
            tree: schemas::tree(),
        },
        Folder {
            path: workspace::path("metadata/openapi"),
            tree: openapi::documents(&generated),
        },
    ];
    for edition in EDITIONS {
        report_notes(edition.dump, &generated);
    }
    check_saved(check)?;
    let fix = format!("Run `{COMMAND}` and commit what it changes.");
    bring_up_to_date(&mut folders, check, &fix)
}

/// Generates from the committed dumps and overlays.
pub(crate) fn from_metadata() -> miette::Result<Generated> {
    generate(&workspace::path("metadata"))
}

/// Generates the clients of `mailstore-api` from the dumps in a folder and the committed overlays.
pub(crate) fn generate(dumps: &Path) -> miette::Result<Generated> {
    let overlays = workspace::path("metadata/overlay");
    // Each is read once: an overlay that several editions have is shared between them.
    let mut read: BTreeMap<&str, Overlay> = BTreeMap::new();
    for name in EDITIONS
        .iter()
        .flat_map(|edition| edition.overlays)
        .chain(&["common.toml"])
    {
        if !read.contains_key(name) {
            read.insert(name, read_overlay(&overlays.join(name))?);
        }
    }
    let sources = EDITIONS
        .iter()
        .map(|Edition { dump, overlays, .. }| {
            let overlays = overlays.iter().chain(&["common.toml"]);
            Ok(Source {
                dump: workspace::read_dump(&dumps.join(dump))?,
                name: format!("metadata/{dump}"),
                overlays: overlays.filter_map(|name| read.get(name)).cloned().collect(),
            })
        })
        .collect::<miette::Result<Vec<_>>>()?;
    Ok(Generator::new(COMMAND)
        .with_examples("mailstore_api")
        .editions(&sources)?)
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

/// How the probe reads the results of the editions that it knows.
fn decoders(generated: &Generated) -> Tree {
    let generator = Generator::new(COMMAND);
    let probed = Served::ALL.map(Served::word);
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

/// What is known, for programs that generate a client of their own.
fn known_overlays() -> miette::Result<Tree> {
    ["common.toml", "server.toml", "server-24.toml", "spe.toml"]
        .into_iter()
        .map(|name| {
            Ok((
                name.to_owned(),
                workspace::read(&workspace::path("metadata/overlay").join(name))?,
            ))
        })
        .collect()
}

fn simulator_dumps() -> miette::Result<Tree> {
    EDITIONS
        .iter()
        .filter(|edition| edition.simulated)
        .map(|Edition { dump, .. }| {
            let saved = workspace::read_dump(&workspace::path("metadata").join(dump))?;
            Ok(((*dump).to_owned(), saved.canonical()))
        })
        .collect()
}

/// Saved dumps are in canonical form, so that their history can be read, and each has a record that fits.
fn check_saved(check: bool) -> miette::Result<()> {
    for entry in fs::read_dir(workspace::path("metadata")).into_diagnostic()? {
        let path = entry.into_diagnostic()?.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let dump = workspace::read_dump(&path)?;
        match sidecar::check(&path, &dump) {
            Err(error) if check => return Err(error),
            Err(error) => println!("note       {error}"),
            Ok(()) => {}
        }
        let canonical = dump.canonical();
        if workspace::read(&path)?.replace("\r\n", "\n") == canonical {
            continue;
        }
        if check {
            miette::bail!(
                help = format!("Run `{COMMAND}`."),
                "{} is not in canonical form",
                path.display()
            );
        }
        fs::write(&path, canonical).into_diagnostic()?;
        println!("canonical  {}", path.display());
    }
    Ok(())
}

fn stand_alone(dump: &Path, out: &Path, arguments: &Arguments) -> miette::Result<()> {
    let name = dump.file_name().unwrap_or(dump.as_os_str()).to_string_lossy();
    let mut bindings = Bindings::new(dump).command(&format!("{COMMAND} --dump {name}"));
    for path in &arguments.overlay {
        bindings = bindings.overlay(path);
    }
    if let Some(known) = arguments.known {
        bindings = bindings.known(known.known());
    }
    if !arguments.only.is_empty() {
        bindings = bindings.only(&arguments.only);
    }
    let generated = bindings.generate()?;
    report_notes(&name, &generated);
    if arguments.check {
        let fix = format!(
            "Run `{COMMAND} --dump {} --out {}`.",
            dump.display(),
            out.display()
        );
        let folder = Folder {
            path: out.to_owned(),
            tree: generated.tree,
        };
        return bring_up_to_date(&mut [folder], true, &fix);
    }
    let changed = bindings.write(out)?;
    changed.iter().for_each(|difference| show(difference, false));
    println!(
        "{} generated files, {} changed",
        generated.tree.files().count(),
        changed.len()
    );
    Ok(())
}

fn read_overlay(path: &Path) -> miette::Result<Overlay> {
    let name = path
        .strip_prefix(workspace::root())
        .unwrap_or(path)
        .display()
        .to_string();
    Ok(Overlay::parse(&name, &workspace::read(path)?)?)
}

fn report_notes(dump: &str, generated: &Generated) {
    for api in generated.apis.iter().filter(|api| api.source.ends_with(dump)) {
        for note in &api.notes {
            println!("note       {dump}: {note}");
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
        for difference in differences.into_diagnostic()? {
            count += 1;
            show(&difference, check);
        }
    }
    match (check, count) {
        (true, 0) => println!("{files} generated files are up to date"),
        (true, _) => miette::bail!(
            help = fix.to_owned(),
            "{count} of {files} generated files are not up to date"
        ),
        (false, _) => println!("{files} generated files, {count} changed"),
    }
    Ok(())
}

fn show(difference: &Difference, check: bool) {
    match difference {
        Difference::Changed { path, .. } if !check => println!("changed    {}", path.display()),
        Difference::Changed { diff, .. } => print!("{diff}"),
        Difference::Missing { path } if !check => println!("new        {}", path.display()),
        Difference::Missing { path } => println!("missing    {}", path.display()),
        Difference::Stale { path } if !check => println!("removed    {}", path.display()),
        Difference::Stale { path } => println!("stale      {} is not generated any more", path.display()),
    }
}
