//! Import cycles between the files of one package.
//!
//! The check reads `use` items and paths that begin with `crate`, `self` or `super`. A name that a module re-exports
//! counts as an import of the file that defines it. Code under `#[cfg(test)]` is left out, and so are macros whose
//! arguments are not expressions.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use miette::{Context, IntoDiagnostic};
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ItemMod, ItemUse, Token, UseTree};

use crate::workspace;

/// A module as the segments of its path below the crate: empty for `lib.rs`.
type Module = Vec<String>;

/// One message for each group of files that import each other in a circle.
pub(crate) fn find(source_folder: &Path) -> miette::Result<Vec<String>> {
    let mut files = BTreeMap::new();
    read(source_folder, source_folder, &mut files)?;
    let imports: BTreeMap<&Module, BTreeSet<&Module>> = files
        .iter()
        .map(|(module, file)| (module, file.imports(module, &files)))
        .collect();
    let name = |module: &Module| files[module].path.display().to_string();
    let circles = circles(&imports).into_iter().map(|circle| {
        let arrows = circle.iter().map(|module| {
            let inside = imports[module].iter().filter(|other| circle.contains(*other));
            let others: Vec<String> = inside.map(|other| name(other)).collect();
            format!("  {} imports {}", name(module), others.join(", "))
        });
        let arrows: Vec<String> = arrows.collect();
        format!(
            "these files import each other in a circle:\n{}",
            arrows.join("\n")
        )
    });
    Ok(circles.collect())
}

struct File {
    /// Path below the workspace.
    path: PathBuf,
    /// Paths that the file names, from the crate's root.
    paths: BTreeSet<Vec<String>>,
    /// Names that the module brings into scope and may re-export, with the path that each stands for.
    names: BTreeMap<String, Vec<String>>,
}

impl File {
    fn imports<'a>(&self, module: &Module, files: &'a BTreeMap<Module, File>) -> BTreeSet<&'a Module> {
        let defining = |path: &Vec<String>| defining_module(path.clone(), files);
        let imported: BTreeSet<&Module> = self.paths.iter().filter_map(defining).collect();
        imported.into_iter().filter(|other| *other != module).collect()
    }
}

/// The module that defines what a path names, after re-exports are followed; `None` outside of the package.
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

fn read(folder: &Path, root: &Path, files: &mut BTreeMap<Module, File>) -> miette::Result<()> {
    for entry in fs::read_dir(folder).into_diagnostic()? {
        let path = entry.into_diagnostic()?.path();
        if path.is_dir() {
            if !path.ends_with("tests") {
                read(&path, root, files)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            let text = workspace::read(&path)?;
            let parsed = syn::parse_file(&text)
                .into_diagnostic()
                .wrap_err_with(|| format!("{} cannot be parsed", path.display()))?;
            let module = module_of(&path, root);
            let mut reader = Reader::new(&module);
            reader.visit_file(&parsed);
            let below_workspace = path.strip_prefix(workspace::root()).unwrap_or(&path).to_owned();
            let file = File {
                path: below_workspace,
                paths: reader.paths,
                names: reader.names,
            };
            files.insert(module, file);
        }
    }
    Ok(())
}

/// `emit/docs.rs` is `emit::docs`; `lib.rs`, `main.rs` and `mod.rs` stand for their folder.
fn module_of(path: &Path, root: &Path) -> Module {
    let below = path.strip_prefix(root).unwrap_or(path).with_extension("");
    let mut module: Module = below
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    if module
        .last()
        .is_some_and(|last| ["lib", "main", "mod"].contains(&last.as_str()))
    {
        module.pop();
    }
    module
}

/// Collects the paths that a file names.
struct Reader<'a> {
    module: &'a Module,
    paths: BTreeSet<Vec<String>>,
    names: BTreeMap<String, Vec<String>>,
    /// First segments of all paths outside of `use` items.
    mentioned: BTreeSet<String>,
    children: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    fn new(module: &'a Module) -> Self {
        Self {
            module,
            paths: BTreeSet::new(),
            names: BTreeMap::new(),
            mentioned: BTreeSet::new(),
            children: BTreeSet::new(),
        }
    }

    /// A path as it is written, from the crate's root; `None` if it leaves the package.
    fn resolve(&self, written: &[String]) -> Option<Vec<String>> {
        let mut base = self.module.clone();
        let mut rest = written;
        match rest.first()?.as_str() {
            "crate" => {
                base.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {}
            child if self.children.contains(child) => {}
            _ => return None,
        }
        while rest.first().is_some_and(|segment| segment == "super") {
            base.pop();
            rest = &rest[1..];
        }
        Some(base.into_iter().chain(rest.iter().cloned()).collect())
    }

    /// Reads a `use` item. A public one re-exports names; it is an import only if the file mentions the name elsewhere.
    fn read_use(&mut self, tree: &UseTree, prefix: &[String], re_exports: bool) {
        let joined = |segment: &syn::Ident| [prefix, &[segment.to_string()]].concat();
        let (written, name) = match tree {
            UseTree::Path(path) => return self.read_use(&path.tree, &joined(&path.ident), re_exports),
            UseTree::Group(group) => {
                for item in &group.items {
                    self.read_use(item, prefix, re_exports);
                }
                return;
            }
            UseTree::Name(name) if name.ident == "self" => (prefix.to_vec(), prefix.last().cloned()),
            UseTree::Name(name) => (joined(&name.ident), Some(name.ident.to_string())),
            UseTree::Rename(rename) => (joined(&rename.ident), Some(rename.rename.to_string())),
            UseTree::Glob(_) => (prefix.to_vec(), None),
        };
        if let Some(path) = self.resolve(&written) {
            if let Some(name) = name {
                self.names.insert(name, path.clone());
            }
            if !re_exports {
                self.paths.insert(path);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_file(&mut self, file: &'ast syn::File) {
        for item in &file.items {
            if let syn::Item::Mod(module) = item {
                self.children.insert(module.ident.to_string());
            }
        }
        visit::visit_file(self, file);
        let used = self
            .names
            .iter()
            .filter(|(name, _)| self.mentioned.contains(*name));
        self.paths.extend(used.map(|(_, path)| path.clone()));
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if !is_test(&item.attrs) {
            let re_exports = !matches!(item.vis, syn::Visibility::Inherited);
            self.read_use(&item.tree, &[], re_exports);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        // A module inside a file is part of that file, and its `super` is not that of the file.
        if module.content.is_none() && !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        if !is_test(&function.attrs) {
            visit::visit_item_fn(self, function);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !is_test(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        // The path is not read: an exported macro has the path of the crate's root, wherever it is defined. Neither
        // are the tokens of `quote!`: they are code of another crate.
        let arguments = Punctuated::<Expr, Token![,]>::parse_terminated;
        if !item.path.is_ident("quote")
            && let Ok(arguments) = item.parse_body_with(arguments)
        {
            let mut inside = Reader::new(self.module);
            inside.children.clone_from(&self.children);
            arguments.iter().for_each(|argument| inside.visit_expr(argument));
            self.paths.extend(inside.paths);
            self.mentioned.extend(inside.mentioned);
        }
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {
        // `pub(in crate::path)` imports nothing.
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let written: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        self.mentioned.extend(written.first().cloned());
        if written.len() > 1
            && let Some(path) = self.resolve(&written)
        {
            self.paths.insert(path);
        }
        visit::visit_path(self, path);
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Path>()
                .is_ok_and(|condition| condition.is_ident("test"))
    })
}

/// Groups of modules that reach each other, each sorted.
fn circles<'a>(imports: &BTreeMap<&'a Module, BTreeSet<&'a Module>>) -> BTreeSet<BTreeSet<&'a Module>> {
    let reached: BTreeMap<&Module, BTreeSet<&Module>> = imports
        .keys()
        .map(|module| (*module, reachable(module, imports)))
        .collect();
    let circle = |module: &&'a Module| -> BTreeSet<&'a Module> {
        imports
            .keys()
            .filter(|other| reached[*module].contains(**other) && reached[**other].contains(*module))
            .copied()
            .collect()
    };
    imports
        .keys()
        .map(circle)
        .filter(|circle| circle.len() > 1)
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
#[cfg(test)]
mod tests {
    use super::*;

    fn circles_of(files: &[(&str, &str)]) -> Vec<String> {
        let folder = tempfile::tempdir().expect("the system gives temporary folders");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        find(folder.path()).expect("the files can be parsed")
    }

    #[test]
    fn files_that_import_each_other_are_reported() {
        let circles = circles_of(&[
            ("lib.rs", "mod a;\nmod b;\npub use a::A;"),
            ("a.rs", "use crate::b::B;\npub struct A(B);"),
            ("b.rs", "pub struct B(Option<Box<super::a::A>>);"),
        ]);
        assert_eq!(circles.len(), 1, "{circles:?}");
        assert!(
            circles[0].contains("a.rs imports") && circles[0].contains("b.rs imports"),
            "{circles:?}"
        );
    }

    #[test]
    fn imports_in_one_direction_are_accepted() {
        let files = [
            ("lib.rs", "mod a;\nmod b;\npub use a::A;\npub use b::B;"),
            ("a.rs", "use crate::B;\npub struct A(B);"),
            ("b.rs", "pub struct B;"),
        ];
        assert!(circles_of(&files).is_empty());
    }

    #[test]
    fn a_re_exported_name_counts_for_the_file_that_defines_it() {
        let circles = circles_of(&[
            ("lib.rs", "mod outer;"),
            ("outer.rs", "mod a;\nmod b;\npub use a::A;\npub use b::B;"),
            ("outer/a.rs", "use crate::outer::B;\npub struct A(B);"),
            (
                "outer/b.rs",
                "pub fn b() -> Option<super::A> { None }\npub struct B;",
            ),
        ]);
        assert_eq!(circles.len(), 1, "{circles:?}");
        assert!(!circles[0].contains("outer.rs imports"), "{circles:?}");
    }

    #[test]
    fn a_name_that_a_file_re_exports_and_uses_itself_counts_as_an_import() {
        let circles = circles_of(&[
            ("lib.rs", "mod outer;"),
            (
                "outer.rs",
                "mod a;\npub use a::A;\npub type Key = u8;\npub struct Outer(A);",
            ),
            ("outer/a.rs", "use super::Key;\npub struct A(Key);"),
        ]);
        assert_eq!(circles.len(), 1, "{circles:?}");
    }

    #[test]
    fn paths_in_the_arguments_of_a_macro_count_as_imports() {
        let circles = circles_of(&[
            ("lib.rs", "mod a;\nmod b;"),
            ("a.rs", "pub fn a() -> String { format!(\"{}\", crate::b::B) }"),
            ("b.rs", "pub const B: u8 = 1;\npub fn b() { super::a::a(); }"),
        ]);
        assert_eq!(circles.len(), 1, "{circles:?}");
    }

    #[test]
    fn tests_may_import_what_they_test() {
        let files = [
            ("lib.rs", "mod a;\nmod b;"),
            (
                "a.rs",
                "pub struct A;\n#[cfg(test)]\nmod tests { use crate::b::B; }",
            ),
            ("b.rs", "pub struct B(crate::a::A);"),
        ];
        assert!(circles_of(&files).is_empty());
    }
}
