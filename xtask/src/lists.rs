//! `cargo xtask lists`: compares and checks the function lists of Python modules.

use std::path::PathBuf;

use bridge_codegen::{Diff, Product};
use mailstore_reach::say;
use miette::IntoDiagnostic;

use crate::modules::{Saved, SavedList, read_list};

/// Compare and check the function lists of Python modules.
///
/// The saved lists are in `metadata/jetstream` and `metadata/muster`. `python bridge.py dump MODULE` prints the list of
/// an installed module.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Show what changed from one list to another, and whether it breaks calls.
    Diff {
        /// The older list.
        old: PathBuf,
        /// The newer list.
        new: PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show what changed between the saved lists of a product.
    History {
        /// `jetstream` or `muster`.
        product: Product,
    },
    /// Check that the saved lists are valid and canonical and that the overlays match them.
    Check,
}

pub(crate) fn run(arguments: &Arguments) -> miette::Result<()> {
    match &arguments.command {
        Command::Diff { old, new, json } => {
            let (older, newer) = (read_list(old)?, read_list(new)?);
            if !older.module.eq_ignore_ascii_case(&newer.module) {
                miette::bail!(
                    "{} is the list of the module `{}`, and {} is that of `{}`: pass two lists of the same module",
                    old.display(),
                    older.module,
                    new.display(),
                    newer.module
                );
            }
            let diff = older.diff(&newer);
            if *json {
                say!("{}", serde_json::to_string_pretty(&diff).into_diagnostic()?);
            } else {
                say!("{diff}");
            }
            Ok(())
        }
        Command::History { product } => history(*product),
        Command::Check => Product::ALL.into_iter().try_for_each(check),
    }
}

fn history(product: Product) -> miette::Result<()> {
    let saved = Saved::read(product)?;
    for (place, SavedList { path, list, .. }) in saved.lists.iter().enumerate() {
        let earlier = place.checked_sub(1).and_then(|place| saved.lists.get(place));
        let diff: Option<Diff> = earlier.map(|earlier| earlier.list.diff(list));
        let version = list.version.as_deref().unwrap_or("unknown version");
        let functions = list.functions.len();
        say!("{version}: {functions} functions, {}", path.display());
        if let Some(diff) = diff {
            say!("{diff}");
        }
    }
    Ok(())
}

fn check(product: Product) -> miette::Result<()> {
    let saved = Saved::read(product)?;
    saved.canonical(true)?;
    let generated = saved.generate()?;
    let api = &generated.apis[0];
    let (methods, all) = (api.functions().len(), api.catalog().len());
    say!(
        "{product}: {} saved, all valid; {all} functions in the newest, {methods} with known parameters",
        saved.lists.len()
    );
    Ok(())
}
