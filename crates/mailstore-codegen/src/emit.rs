//! Writing out: the model becomes a tree of Rust files.

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
mod types;
mod used;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::header;
use crate::model::{Api, TypeDef};
use crate::tree::Tree;
use docs::module_doc;
pub(crate) use docs::{effect_words, evidence_word, result_sentence, seen};
use format::format;
use prose::printable;
pub(crate) use prose::{one_line, prose};

/// What all files of a run have in common.
pub(crate) struct Style<'a> {
    /// The command that writes the files, for their headers; may be empty.
    pub(crate) command: &'a str,
    /// The crate that generated code builds on.
    pub(crate) runtime: TokenStream,
    /// The crate that the files are a part of, for the examples in their docs; without it, there are none.
    pub(crate) krate: Option<&'a str>,
    /// Whether the files are a client by themselves, in a crate that is not known.
    pub(crate) stand_alone: bool,
}

impl Style<'_> {
    /// A name in code, as a link to `target` (by default to itself) if that is certain to be as visible as the docs that
    /// link to it. A stand-alone client may be re-exported in part only, and rustdoc warns of links to the rest.
    fn link(&self, name: &str, target: Option<&str>) -> String {
        match target {
            _ if self.stand_alone => format!("`{name}`"),
            None => format!("[`{name}`]"),
            Some(target) => format!("[`{name}`]({target})"),
        }
    }

    /// The first lines of a file. Neither the name of a source nor the command can end the comment.
    fn header(&self, source: &str, digest: Option<&str>) -> String {
        let header = header::rust(self.command, source);
        let digest = digest.map(|digest| format!("// SHA-256 of the canonical dump: {digest}\n"));
        format!("{}\n{}", printable(&header), digest.unwrap_or_default())
    }
}

/// The files of one edition, in the folder `folder` of the tree; `shared` is the path of types that several editions use.
pub(crate) fn api(tree: &mut Tree, folder: &str, api: &Api, shared: Option<&TokenStream>, style: &Style<'_>) {
    let header = style.header(&api.source, Some(&api.digest));
    let runtime = &style.runtime;
    let mut add = |file: &str, tokens| tree.add(&join(folder, file), format(&header, tokens));
    let has_types = shared.is_some() || !api.types.is_empty();
    add("mod.rs", root(api, has_types, style.stand_alone));
    add("catalog.rs", catalog::catalog(api, runtime));
    add("client.rs", client::client(api, runtime));
    if style.stand_alone {
        add("used.rs", used::used(api, runtime));
    }
    for group in &api.groups {
        add(
            &format!("{}.rs", group.module.as_str()),
            group::group(api, group, style),
        );
    }
    if has_types {
        self::types(tree, &join(folder, "types"), &api.types, shared, &header, style);
    }
}

/// The files of types that several editions use.
pub(crate) fn shared_types(
    tree: &mut Tree,
    folder: &str,
    types: &[TypeDef],
    source: &str,
    style: &Style<'_>,
) {
    self::types(tree, folder, types, None, &style.header(source, None), style);
}

fn types(
    tree: &mut Tree,
    folder: &str,
    types: &[TypeDef],
    shared: Option<&TokenStream>,
    header: &str,
    style: &Style<'_>,
) {
    tree.add(
        &join(folder, "mod.rs"),
        format(header, types::root(types, shared)),
    );
    for (module, definitions) in types::by_module(types) {
        let tokens = types::module(module, &definitions, &style.runtime);
        tree.add(
            &join(folder, &format!("{}.rs", module.as_str())),
            format(header, tokens),
        );
    }
}

/// A file that calls every function once.
pub(crate) fn exercise(api: &Api, client: &TokenStream, values: &TokenStream, style: &Style<'_>) -> String {
    format(
        &style.header(&api.source, Some(&api.digest)),
        exercise::exercise(api, client, values),
    )
}

/// A file that reads every result.
pub(crate) fn decoders(api: &Api, client: &TokenStream, style: &Style<'_>) -> String {
    format(
        &style.header(&api.source, Some(&api.digest)),
        decoders::decoders(api, client),
    )
}

/// The root of a tree with several editions.
pub(crate) fn editions(tree: &mut Tree, apis: &[Api], share_types: bool, source: &str, style: &Style<'_>) {
    let docs = module_doc("The generated clients, one module for each edition.");
    let modules = apis.iter().map(|api| {
        let (feature, name) = (api.name.replace('_', "-"), format_ident!("{}", api.name));
        quote! {
            #[cfg(feature = #feature)]
            pub mod #name;
        }
    });
    let types = share_types.then(|| quote! { pub mod types; });
    let tokens = quote! { #docs #types #(#modules)* };
    tree.add("mod.rs", format(&style.header(source, None), tokens));
}

fn root(api: &Api, has_types: bool, stand_alone: bool) -> TokenStream {
    let docs = module_doc(&format!(
        "{}.\n\nBegin with `Client::builder`. Each topic is a module; its functions are methods of the client.",
        one_line(&api.title)
    ));
    let groups = api.groups.iter().map(|group| group.module.ident());
    let handle = api
        .handle
        .as_ref()
        .filter(|_| api.functions().iter().any(|function| function.on_handle));
    let handle = handle.map(|handle| handle.name.ident());
    let (types, use_types) = has_types
        .then(|| (quote! { pub mod types; }, quote! { pub use types::*; }))
        .unzip();
    // Names are those of the server, `pub` is for programs that make the client public, and the folder of the client
    // may be called `client`. Nothing else is allowed: an author who forbids a lint, such as `unused`, could not
    // compile the client. See `used.rs`.
    let allow = stand_alone.then(|| {
        quote! {
            #![allow(
                clippy::pedantic,
                clippy::nursery,
                clippy::module_inception,
                unreachable_pub,
                reason = "generated"
            )]
        }
    });
    let used = stand_alone.then(|| quote! { mod used; });
    quote! {
        #docs
        #allow
        pub mod catalog;
        mod client;
        #used
        #types
        #(pub mod #groups;)*
        pub use client::{Client, #handle};
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
