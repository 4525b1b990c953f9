//! A tree of files as one file, for build scripts: what is included from elsewhere cannot have files beside it.

use proc_macro2::Span;
use syn::{Ident, Item, ItemMod, token};

use crate::tree::Tree;

impl Tree {
    /// All files of a client as one text: the module `name` with everything in it.
    ///
    /// # Panics
    /// `name` is no Rust name, or the tree is not one that this crate generated.
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

    /// Puts the content of the file `path`, which is in `folder`, into a module that so far is only named.
    fn fill(&self, module: &mut ItemMod, folder: &str, path: &str) {
        let text = self
            .get(path)
            .expect("every module of a generated tree has a file");
        let file = syn::parse_file(text).expect("generated files are Rust");
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
        // `missing_docs` sees the first of them; those of the file say more.
        if !file.attrs.is_empty() {
            module.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
        }
        module.attrs.extend(file.attrs);
        module.semi = None;
        module.content = Some((token::Brace::default(), items));
    }
}
