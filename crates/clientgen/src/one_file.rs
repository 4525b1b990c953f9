//! Joins a tree of files into one file, for build scripts. `include!` includes a single file, so its modules cannot be
//! in other files.

use proc_macro2::Span;
use syn::{Ident, Item, ItemMod, token};

use crate::tree::Tree;

impl Tree {
    /// Returns all files of a client as the text of one module `name`.
    ///
    /// # Panics
    /// If `name` is not a Rust name, or if this crate did not generate the tree.
    pub fn in_one_file(&self, name: &str) -> String {
        let first = self.get("mod.rs").unwrap_or_default();
        let header: Vec<&str> = first.lines().take_while(|line| line.starts_with("// ")).collect();
        let mut root = ItemMod {
            attrs: vec![syn::parse_quote!(#[doc = " Generated."])],
            vis: syn::parse_quote!(pub),
            unsafety: None,
            mod_token: token::Mod::default(),
            ident: syn::parse_str(name).unwrap_or_else(|_| Ident::new_raw(name, Span::call_site())),
            content: None,
            semi: None,
        };
        self.fill(&mut root, "", "mod.rs");
        let items = vec![Item::Mod(root)];
        let file = syn::File {
            shebang: None,
            frontmatter: None,
            attrs: Vec::new(),
            items,
        };
        format!("{}\n\n{}", header.join("\n"), prettyplease::unparse(&file))
    }

    /// Fills a module declaration with the content of the file `path` in `folder`, and does the same for its modules.
    fn fill(&self, module: &mut ItemMod, folder: &str, path: &str) {
        let text = self
            .get(path)
            .expect("every module of a generated tree has a file");
        let file = syn::parse_file(text).expect("generated files are valid Rust");
        let mut items = file.items;
        for item in &mut items {
            if let Item::Mod(inner) = item
                && inner.content.is_none()
            {
                let name = inner.ident.to_string();
                let name = name.strip_prefix("r#").unwrap_or(&name);
                let single = format!("{folder}{name}.rs");
                if self.get(&single).is_some() {
                    self.fill(inner, folder, &single);
                } else {
                    let folder = format!("{folder}{name}/");
                    self.fill(inner, &folder, &format!("{folder}mod.rs"));
                }
            }
        }
        // The docs of the file replace those of the declaration, which say less.
        if !file.attrs.is_empty() {
            module.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
        }
        module.attrs.extend(file.attrs);
        module.semi = None;
        module.content = Some((token::Brace::default(), items));
    }
}
