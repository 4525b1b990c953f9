//! Collects the paths in a file.

use std::collections::{BTreeMap, BTreeSet};

use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ItemMod, ItemUse, Token, UseTree};

/// Collects the paths in a file.
pub(super) struct Reader<'a> {
    module: &'a [String],
    /// Paths from the root of the crate.
    pub(super) paths: BTreeSet<Vec<String>>,
    /// Names that the file brings into scope, with their paths.
    pub(super) names: BTreeMap<String, Vec<String>>,
    /// First segments of all paths outside `use` items.
    mentioned: BTreeSet<String>,
    children: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(module: &'a [String]) -> Self {
        Self {
            module,
            paths: BTreeSet::new(),
            names: BTreeMap::new(),
            mentioned: BTreeSet::new(),
            children: BTreeSet::new(),
        }
    }

    /// Resolves a written path from the root of the crate. `None` if it leaves the package.
    fn resolve(&self, written: &[String]) -> Option<Vec<String>> {
        let mut base = self.module.to_vec();
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

    /// Reads a `use` item. A public item re-exports names. It is an import only if the file uses the name elsewhere.
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
        // Inline modules are skipped, because their `super` is not that of the file.
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
        // The path is not read, because an exported macro always has a path from the root of the crate. The tokens of
        // `quote!` are not read, because they are code of another crate.
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

/// Whether the item is compiled only for tests.
pub(super) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Path>()
                .is_ok_and(|condition| condition.is_ident("test"))
    })
}
