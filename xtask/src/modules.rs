//! The function lists and overlays of Python modules in `metadata/`, and what is generated from them.

use std::fs;
use std::path::{Path, PathBuf};

use bridge_codegen::{BridgeDump, Generated, Overlay, Product, Tree, output};
use mailstore_reach::{CODEGEN, Folder, say};
use miette::{Context, IntoDiagnostic};

use crate::workspace;

/// The saved lists and overlays of a product.
pub(crate) struct Saved {
    pub(crate) product: Product,
    /// The lists, oldest first.
    pub(crate) lists: Vec<SavedList>,
    overlays: Vec<(PathBuf, String)>,
}

/// A saved list.
pub(crate) struct SavedList {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    pub(crate) list: BridgeDump,
}

impl Saved {
    /// Reads `metadata/<product>`.
    pub(crate) fn read(product: Product) -> miette::Result<Self> {
        let folder = workspace::path("metadata").join(product.as_str());
        let mut lists = Vec::new();
        for path in files(&folder, "json")? {
            let text = workspace::read(&path)?;
            let list = BridgeDump::parse(&path.display().to_string(), text.as_bytes())?;
            lists.push(SavedList { path, text, list });
        }
        lists.sort_by_key(|saved| numbers(&saved.path));
        let mut overlays = Vec::new();
        for path in files(&folder.join("overlay"), "toml")? {
            let text = workspace::read(&path)?;
            overlays.push((path, text));
        }
        Ok(Self {
            product,
            lists,
            overlays,
        })
    }

    /// Generates the client of the product from its newest list.
    pub(crate) fn generate(&self) -> miette::Result<Generated> {
        let Some(newest) = self.lists.last() else {
            miette::bail!("metadata/{} has no function list", self.product);
        };
        let overlays = self.overlays.iter().map(|(path, text)| {
            let target = self.product.target();
            Overlay::parse(target, &path.display().to_string(), text)
        });
        let overlays = overlays.collect::<Result<Vec<_>, _>>()?;
        let name = format!("metadata/{}/{}", self.product, file_name(&newest.path));
        Ok(self.product.generate(&name, &newest.list, &overlays, CODEGEN)?)
    }

    /// The generated folders: the client, and the copies in `bridge-codegen`.
    pub(crate) fn folders(&self) -> miette::Result<[Folder; 2]> {
        let product = self.product;
        let lists = self.lists.iter();
        let lists = lists.map(|saved| (file_name(&saved.path), saved.list.canonical()));
        let overlays = self.overlays.iter();
        let overlays = overlays.map(|(path, text)| (format!("overlay/{}", file_name(path)), text.clone()));
        Ok([
            Folder {
                path: workspace::path(&format!("crates/{product}-api/src/generated")),
                tree: self.generate()?.tree,
            },
            Folder {
                path: workspace::path(&format!("crates/bridge-codegen/src/known/{product}")),
                tree: lists.chain(overlays).collect::<Tree>(),
            },
        ])
    }

    /// Checks that every list is in canonical form, which makes its history readable. Without `check`, writes the
    /// canonical form.
    pub(crate) fn canonical(&self, check: bool) -> miette::Result<()> {
        for SavedList { path, text, list } in &self.lists {
            let canonical = list.canonical();
            if *text == canonical {
                continue;
            }
            if check {
                miette::bail!(
                    help = format!("Run `{CODEGEN}`."),
                    "{} is not in canonical form",
                    path.display()
                );
            }
            output::write(&[(path, canonical)])
                .into_diagnostic()
                .wrap_err("cannot write the list in canonical form")?;
            say!("canonical  {}", path.display());
        }
        Ok(())
    }
}

/// The generated folders of all products.
pub(crate) fn folders(check: bool) -> miette::Result<Vec<Folder>> {
    let mut folders = Vec::new();
    for product in Product::ALL {
        let saved = Saved::read(product)?;
        saved.canonical(check)?;
        folders.extend(saved.folders()?);
    }
    Ok(folders)
}

/// Reads a list of a user.
pub(crate) fn read_list(path: &Path) -> miette::Result<BridgeDump> {
    let text = workspace::read(path)?;
    Ok(BridgeDump::parse(&path.display().to_string(), text.as_bytes())?)
}

/// The files of a folder with this extension, sorted by name.
fn files(folder: &Path, extension: &str) -> miette::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot read {}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.into_diagnostic()?.path();
        if path.extension().is_some_and(|found| found == extension) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// The numbers of a version in a file name, so that `2.10.json` follows `2.9.json`.
fn numbers(path: &Path) -> Vec<u64> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    stem.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}
