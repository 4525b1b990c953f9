//! Writes the model as a tree of Rust files.

mod catalog;
mod client;
mod decoders;
mod docs;
mod exercise;
mod format;
mod group;
mod listing;
mod prose;
mod rust_type;
mod shared_trait;
mod style;
mod types;
mod used;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::model::{Api, TypeDef};
use crate::reserved;
use crate::tree::Tree;
use docs::module_doc;
pub use docs::{doc, evidence_word, result_sentence, seen};
use format::format;
pub use prose::{one_line, prose};
pub(crate) use shared_trait::SharedTrait;
pub(crate) use style::Style;

/// Adds the files of one edition in the folder `folder` of the tree. `shared` is the path of types that several
/// editions use.
pub(crate) fn api(tree: &mut Tree, folder: &str, api: &Api, shared: Option<&TokenStream>, style: &Style<'_>) {
    let header = style.header(&api.source, Some(&api.digest));
    let runtime = &quote! { super::runtime };
    let mut add = |file: &str, tokens| tree.add(&join(folder, file), format(&header, tokens));
    let has_types = shared.is_some() || !api.types.is_empty();
    add("mod.rs", root(api, has_types, style));
    add("catalog.rs", catalog::catalog(api, runtime));
    let client = client_module(style.stand_alone);
    add(
        &format!("{client}.rs"),
        client::client(api, &(style.target.client)(api), runtime),
    );
    if style.stand_alone {
        add("used.rs", used::used(api, &(style.target.client)(api), runtime));
    }
    for group in &api.groups {
        add(
            &format!("{}.rs", group.module.as_str()),
            group::group(api, group, runtime, style),
        );
    }
    if has_types {
        let files = TypeFiles {
            folder: &join(folder, "types"),
            header: &header,
            runtime: &quote! { super::super::runtime },
        };
        files.add(tree, &types::root(&api.types, shared), &api.types);
    }
}

/// Adds the files of the types that several editions use.
pub(crate) fn shared_types(
    tree: &mut Tree,
    folder: &str,
    definitions: &[TypeDef],
    source: &str,
    style: &Style<'_>,
) {
    let files = TypeFiles {
        folder,
        header: &style.header(source, None),
        runtime: &quote! { super::runtime },
    };
    // An import that nothing uses would be a warning.
    let is_generated = definitions.iter().any(|definition| definition.rust.is_none());
    let import = is_generated.then(|| import_runtime(style));
    let root = types::root(definitions, None);
    files.add(tree, &quote! { #root #import }, definitions);
}

/// The import of the runtime module. The files below use it by this name, so that the compiler reports a missing module
/// once.
fn import_runtime(style: &Style<'_>) -> TokenStream {
    let (path, name) = (&style.runtime, format_ident!("{}", reserved::RUNTIME));
    quote! { use #path as #name; }
}

/// The files of a module with types: its root, and one file for each topic.
struct TypeFiles<'a> {
    folder: &'a str,
    header: &'a str,
    /// Path of the runtime module in the files of topics.
    runtime: &'a TokenStream,
}

impl TypeFiles<'_> {
    fn add(&self, tree: &mut Tree, root: &TokenStream, definitions: &[TypeDef]) {
        tree.add(&join(self.folder, "mod.rs"), format(self.header, root.clone()));
        for (module, in_module) in types::by_module(definitions) {
            let tokens = types::module(module, &in_module, self.runtime);
            let file = format!("{}.rs", module.as_str());
            tree.add(&join(self.folder, &file), format(self.header, tokens));
        }
    }
}

/// Returns a file that calls every function once.
pub(crate) fn exercise(api: &Api, client: &TokenStream, values: &TokenStream, style: &Style<'_>) -> String {
    format(
        &style.header(&api.source, Some(&api.digest)),
        exercise::exercise(api, client, values, &style.runtime),
    )
}

/// Returns a file that decodes the result of every read-only function.
pub(crate) fn decoders(api: &Api, client: &TokenStream, style: &Style<'_>) -> String {
    format(
        &style.header(&api.source, Some(&api.digest)),
        decoders::decoders(api, client, &style.runtime),
    )
}

/// Adds the root of a tree with several editions.
pub(crate) fn editions(
    tree: &mut Tree,
    apis: &[Api],
    share_types: bool,
    shared: Option<&SharedTrait<'_>>,
    source: &str,
    style: &Style<'_>,
) {
    let docs = module_doc("The generated clients, one module for each edition.");
    let modules = apis.iter().map(|api| {
        let (feature, name) = (api.name.replace('_', "-"), format_ident!("{}", api.name));
        quote! {
            #[cfg(feature = #feature)]
            pub mod #name;
        }
    });
    let shared_types = share_types.then(|| quote! { pub mod types; });
    let header = style.header(source, None);
    let shared = shared.and_then(|shared| {
        let file = shared_trait::shared_trait(shared, &style.runtime)?;
        let module = shared.name.to_lowercase();
        tree.add(&format!("{module}.rs"), format(&header, file));
        let features = [shared.client, shared.handle].map(|api| api.name.replace('_', "-"));
        let (module, name) = (format_ident!("{module}"), format_ident!("{}", shared.name));
        Some(quote! {
            #[cfg(all(#(feature = #features),*))]
            mod #module;
            #[cfg(all(#(feature = #features),*))]
            pub use #module::#name;
        })
    });
    let tokens = quote! { #docs #shared_types #(#modules)* #shared };
    tree.add("mod.rs", format(&header, tokens));
}

/// The name of the private module of the client. The folder of a stand-alone client is often called `client`, and
/// clippy reports a module that has the name of its folder.
fn client_module(stand_alone: bool) -> &'static str {
    if stand_alone { "client_type" } else { "client" }
}

fn root(api: &Api, has_types: bool, style: &Style<'_>) -> TokenStream {
    let stand_alone = style.stand_alone;
    let docs = module_doc(&format!(
        "{}.\n\n{} Each topic is a module; its functions are methods of the client.",
        one_line(&api.title),
        style.target.begin
    ));
    let groups = api.groups.iter().map(|group| group.module.ident());
    let handle = api
        .handle
        .as_ref()
        .filter(|_| api.functions().iter().any(|function| function.on_handle));
    let handle = handle.map(|handle| handle.name.ident());
    let (mod_types, use_types) = has_types
        .then(|| (quote! { pub mod types; }, quote! { pub use types::*; }))
        .unzip();
    // Names and texts come from the server and its overlays, and `pub` is for programs that make the client public.
    // No other lints are allowed: a client that allows a lint does not compile in a crate that forbids this lint, such
    // as `unused`. See `used.rs`.
    let allow = stand_alone.then(|| {
        quote! {
            #![allow(clippy::pedantic, clippy::nursery, unreachable_pub, reason = "generated")]
        }
    });
    let used = stand_alone.then(|| quote! { mod used; });
    let client = format_ident!("{}", client_module(stand_alone));
    let import = import_runtime(style);
    quote! {
        #docs
        #allow
        #import
        pub mod catalog;
        mod #client;
        #used
        #mod_types
        #(pub mod #groups;)*
        pub use #client::{Client, #handle};
        #use_types
    }
}

fn join(folder: &str, file: &str) -> String {
    if folder.is_empty() {
        file.to_owned()
    } else {
        format!("{folder}/{file}")
    }
}
