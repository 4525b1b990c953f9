//! Finds import cycles between the files of a crate.
//!
//! A parent module and its child are two files like any others: `mod child;` is not an import, but a path into the
//! child is one. An `impl` block in a child therefore imports its type, and the parent may call the methods without an
//! import.
//!
//! The check starts at the root file of the crate and follows its `mod` items. It reads `use` items and paths that
//! begin with `crate`, `self`, `super` or the name of a child. A name that a module re-exports counts as an import of
//! the file that defines it. Code under `#[cfg(test)]` is ignored, and so are macros whose arguments are not
//! expressions.

mod files;
mod reader;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub(crate) use files::roots;
use files::{File, Module, files_of_crate};

/// Returns one message for each group of files that import each other. `root` is the root file of the crate.
pub(crate) fn find(root: &Path) -> miette::Result<Vec<String>> {
    let files = files_of_crate(root)?;
    let imports: BTreeMap<&Module, BTreeSet<&Module>> = files
        .iter()
        .map(|(module, file)| (module, file.imports(module, &files)))
        .collect();
    let name = |module: &Module| files[module].path.display().to_string();
    let cycles = cycles(&imports).into_iter().map(|cycle| {
        let arrows = cycle.iter().map(|module| {
            let inside = imports[module].iter().filter(|other| cycle.contains(*other));
            let others: Vec<String> = inside.map(|other| name(other)).collect();
            format!("  {} imports {}", name(module), others.join(", "))
        });
        let arrows: Vec<String> = arrows.collect();
        format!("these files import each other:\n{}", arrows.join("\n"))
    });
    Ok(cycles.collect())
}

impl File {
    fn imports<'a>(&self, module: &Module, files: &'a BTreeMap<Module, File>) -> BTreeSet<&'a Module> {
        let defining = |path: &Vec<String>| defining_module(path.clone(), files);
        let imported: BTreeSet<&Module> = self.paths.iter().filter_map(defining).collect();
        imported.into_iter().filter(|other| *other != module).collect()
    }
}

/// The module that defines the item of a path, after re-exports are followed. `None` if it is outside the package.
fn defining_module(mut path: Vec<String>, files: &BTreeMap<Module, File>) -> Option<&Module> {
    // Two modules can re-export from each other, so the number of steps is limited.
    for _ in 0..16 {
        let length = (0..=path.len())
            .rev()
            .find(|length| files.contains_key(&path[..*length]))?;
        let (module, file) = files.get_key_value(&path[..length])?;
        match path.get(length).and_then(|name| file.names.get(name)) {
            Some(target) => path = target.iter().chain(&path[length + 1..]).cloned().collect(),
            None => return Some(module),
        }
    }
    None
}

/// The groups of modules that reach each other through imports.
fn cycles<'a>(imports: &BTreeMap<&'a Module, BTreeSet<&'a Module>>) -> BTreeSet<BTreeSet<&'a Module>> {
    let reached: BTreeMap<&Module, BTreeSet<&Module>> = imports
        .keys()
        .map(|module| (*module, reachable(module, imports)))
        .collect();
    let cycle = |module: &&'a Module| -> BTreeSet<&'a Module> {
        imports
            .keys()
            .filter(|other| reached[*module].contains(**other) && reached[**other].contains(*module))
            .copied()
            .collect()
    };
    imports
        .keys()
        .map(cycle)
        .filter(|cycle| cycle.len() > 1)
        .collect()
}

fn reachable<'a>(
    start: &'a Module,
    imports: &BTreeMap<&'a Module, BTreeSet<&'a Module>>,
) -> BTreeSet<&'a Module> {
    let mut reached = BTreeSet::new();
    let mut open = vec![start];
    while let Some(module) = open.pop() {
        for next in &imports[module] {
            if reached.insert(*next) {
                open.push(next);
            }
        }
    }
    reached
}
