//! Reads the files of a crate: its root, and the files of its `mod` items.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use miette::{Context, IntoDiagnostic};
use syn::visit::Visit;
use syn::{Attribute, Expr, ItemMod};

use super::reader::{Reader, is_test};
use crate::workspace;

/// A module, as the segments of its path below the crate. The root is empty.
pub(super) type Module = Vec<String>;

pub(super) struct File {
    /// Path below the workspace.
    pub(super) path: PathBuf,
    /// Paths in the file, resolved from the root of the crate.
    pub(super) paths: BTreeSet<Vec<String>>,
    /// Names that the module brings into scope and may re-export, with their paths.
    pub(super) names: BTreeMap<String, Vec<String>>,
}

/// The root files of all crates of a package: library, programs, tests, examples and benchmarks.
pub(crate) fn roots(package: &Path) -> miette::Result<Vec<PathBuf>> {
    let mut roots = Vec::new();
    for name in ["src/lib.rs", "src/main.rs", "build.rs"] {
        roots.push(package.join(name));
    }
    for name in ["src/bin", "tests", "examples", "benches"] {
        let folder = package.join(name);
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(folder).into_diagnostic()? {
            let path = entry.into_diagnostic()?.path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                roots.push(path);
            } else {
                roots.push(path.join("main.rs"));
            }
        }
    }
    roots.retain(|root| root.is_file());
    Ok(roots)
}

/// The files of the crate with this root file, by their modules.
pub(super) fn files_of_crate(root: &Path) -> miette::Result<BTreeMap<Module, File>> {
    let mut files = BTreeMap::new();
    let folder = root.parent().unwrap_or(Path::new(""));
    read(root, folder, Vec::new(), &mut files)?;
    Ok(files)
}

/// Reads a file and the files of its modules, whose folder is `folder`.
fn read(
    path: &Path,
    folder: &Path,
    module: Module,
    files: &mut BTreeMap<Module, File>,
) -> miette::Result<()> {
    let text = workspace::read(path)?;
    let parsed = syn::parse_file(&text)
        .into_diagnostic()
        .wrap_err_with(|| format!("{} cannot be parsed", path.display()))?;
    let mut reader = Reader::new(&module);
    reader.visit_file(&parsed);
    let (paths, names) = (reader.paths, reader.names);
    for item in &parsed.items {
        // A module that a build script writes has no file in the package.
        if let syn::Item::Mod(item) = item
            && item.content.is_none()
            && !is_test(&item.attrs)
            && let Some((path, folder)) = place_of(item, path, folder)
        {
            let below = module.iter().cloned().chain([item.ident.to_string()]).collect();
            read(&path, &folder, below, files)?;
        }
    }
    let below_workspace = path.strip_prefix(workspace::root()).unwrap_or(path).to_owned();
    let file = File {
        path: below_workspace,
        paths,
        names,
    };
    files.insert(module, file);
    Ok(())
}

/// The file of a module and the folder of its own modules. `path` and `folder` are those of the file with the `mod`
/// item.
fn place_of(item: &ItemMod, path: &Path, folder: &Path) -> Option<(PathBuf, PathBuf)> {
    let name = item.ident.to_string();
    let inside = folder.join(&name);
    let candidates = match path_attribute(&item.attrs) {
        Some(given) => {
            let path = path.with_file_name("").join(given);
            // The modules of a file with a `path` attribute are in the folder of the file.
            let folder = path.with_file_name("");
            vec![(path, folder)]
        }
        None => vec![
            (folder.join(format!("{name}.rs")), inside.clone()),
            (inside.join("mod.rs"), inside),
        ],
    };
    candidates.into_iter().find(|(path, _)| path.is_file())
}

/// The value of `#[path = "..."]`.
fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        syn::Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    })
}
