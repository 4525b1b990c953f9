//! `cargo xtask codegen`: the generated files of the workspace, or a client of a user's own.

use std::fs;
use std::path::{Path, PathBuf};

use mailstore_codegen::{Difference, Generated, Generator, Overlay, Source, Tree};
use miette::{Context, IntoDiagnostic};

use crate::{schemas, workspace};

const COMMAND: &str = "cargo xtask codegen";

/// Where the generated clients are, below the root of the workspace.
pub(crate) const GENERATED: &str = "crates/mailstore-api/src/generated";

/// The editions of `mailstore-api`: name of the dump and of the overlay below `metadata/`.
const EDITIONS: [(&str, &str); 2] = [("server-24.json", "server.toml"), ("spe-24.json", "spe.toml")];

/// Generate the clients from the saved dumps.
///
/// Without arguments, writes the generated files of this workspace from `metadata/`: the clients in
/// `crates/mailstore-api/src/generated`, the calls that the tests make, the dumps that the simulator serves, and the
/// schemas of documents that this workspace reads or writes.
///
/// With `--dump` and `--out`, writes a stand-alone module tree for any server's get-metadata answer. It needs the
/// crate `mailstore-transport` and nothing else; declare it with `#[rustfmt::skip] mod NAME;`.
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
}

pub(crate) fn run(arguments: &Arguments) -> miette::Result<()> {
    match (&arguments.dump, &arguments.out) {
        (Some(dump), Some(out)) => stand_alone(dump, out, &arguments.overlay, arguments.check),
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
    let generated = generate(&workspace::path("metadata"), &workspace::path("metadata/overlay"))?;
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
            path: workspace::path("crates/mailstore-sim/src/dumps"),
            tree: simulator_dumps()?,
        },
        Folder {
            path: workspace::path("metadata/schema"),
            tree: schemas::tree(),
        },
    ];
    for (dump, _) in EDITIONS {
        report_notes(dump, &generated);
    }
    check_canonical(check)?;
    let fix = format!("Run `{COMMAND}` and commit what it changes.");
    bring_up_to_date(&mut folders, check, &fix)
}

/// Generates the clients of `mailstore-api` from the dumps in one folder and the overlays in another.
pub(crate) fn generate(dumps: &Path, overlays: &Path) -> miette::Result<Generated> {
    let sources = EDITIONS
        .iter()
        .map(|(dump, overlay)| {
            Ok(Source {
                dump: workspace::read_dump(&dumps.join(dump))?,
                name: format!("metadata/{dump}"),
                overlay: Some(read_overlay(&overlays.join(overlay))?),
            })
        })
        .collect::<miette::Result<Vec<_>>>()?;
    let common = read_overlay(&overlays.join("common.toml"))?;
    Ok(Generator::new(COMMAND).editions(&sources, &[common])?)
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

fn simulator_dumps() -> miette::Result<Tree> {
    EDITIONS
        .iter()
        .map(|(dump, _)| {
            let saved = workspace::read_dump(&workspace::path("metadata").join(dump))?;
            Ok(((*dump).to_owned(), saved.canonical()))
        })
        .collect()
}

/// Saved dumps are in canonical form, so that their history can be read.
fn check_canonical(check: bool) -> miette::Result<()> {
    for entry in fs::read_dir(workspace::path("metadata")).into_diagnostic()? {
        let path = entry.into_diagnostic()?.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let canonical = workspace::read_dump(&path)?.canonical();
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

fn stand_alone(dump: &Path, out: &Path, overlays: &[PathBuf], check: bool) -> miette::Result<()> {
    let overlays = overlays
        .iter()
        .map(|path| read_overlay(path))
        .collect::<miette::Result<Vec<_>>>()?;
    let name = dump.file_name().unwrap_or(dump.as_os_str()).to_string_lossy();
    let command = format!("{COMMAND} --dump {name}");
    let generated = Generator::new(&command).single(workspace::read_dump(dump)?, &name, &overlays)?;
    report_notes(&name, &generated);
    refuse_foreign_folder(out)?;
    let fix = format!(
        "Run `{COMMAND} --dump {} --out {}`.",
        dump.display(),
        out.display()
    );
    bring_up_to_date(
        &mut [Folder {
            path: out.to_owned(),
            tree: generated.tree,
        }],
        check,
        &fix,
    )
}

/// Files that are not generated any more are removed, so the folder must hold nothing else.
fn refuse_foreign_folder(out: &Path) -> miette::Result<()> {
    let mut folders = vec![out.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.exists() {
            continue;
        }
        for entry in fs::read_dir(&folder)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot read {}", folder.display()))?
        {
            let path = entry.into_diagnostic()?.path();
            if path.is_dir() {
                folders.push(path);
            } else if !fs::read_to_string(&path).is_ok_and(|text| text.starts_with("// @generated by ")) {
                miette::bail!(
                    help = "Give a new folder: the generated files replace whatever is in it.",
                    "{} was not generated",
                    path.display()
                );
            }
        }
    }
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
