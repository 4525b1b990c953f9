//! Writes generated folders, or checks that they are up to date.

use std::path::PathBuf;

use mailstore_codegen::{Difference, Generated, Tree};

use crate::{say, warn};

/// A generated folder.
pub struct Folder {
    /// The path of the folder.
    pub path: PathBuf,
    /// Its generated files.
    pub tree: Tree,
}

/// Prints where the function lists override overlays, and the notes of the generator.
pub fn report_notes(generated: &Generated) {
    for sentence in &generated.gave_way {
        warn!("note       {sentence}");
    }
    for api in &generated.apis {
        for note in &api.notes {
            warn!("note       {}: {note}", api.source);
        }
    }
}

/// Writes the folders. With `check`, writes nothing and shows the differences. `fix` is the advice if there are any.
///
/// # Errors
/// A folder cannot be read or written, or contains a file that was not generated. With `check`, a file is not up to date.
pub fn bring_up_to_date(folders: &[Folder], check: bool, fix: &str) -> miette::Result<()> {
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
