//! Writes ids, vocabularies, sets and objects.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::{doc, evidence_word, module_doc, prose_doc};
use super::rust_type::{self, owned, runtime_name};
use crate::model::{Field, Name, OtherWord, Type, TypeBody, TypeDef, Word};

/// Type definitions by module.
pub(super) fn by_module(types: &[TypeDef]) -> BTreeMap<&Name, Vec<&TypeDef>> {
    let mut modules: BTreeMap<&Name, Vec<&TypeDef>> = BTreeMap::new();
    for definition in types {
        modules.entry(&definition.module).or_default().push(definition);
    }
    modules
}

/// The module that re-exports the types of all modules. `shared` is the path of the types that editions share.
pub(super) fn root(types: &[TypeDef], shared: Option<&TokenStream>) -> TokenStream {
    let docs = module_doc("Ids, vocabularies and results.");
    let shared = shared.map(|path| quote! { pub use #path::*; });
    let names: Vec<_> = by_module(types).into_keys().map(Name::ident).collect();
    quote! {
        #docs
        #(mod #names;)*
        #shared
        #(pub use #names::*;)*
    }
}

pub(super) fn module(name: &Name, types: &[&TypeDef], runtime: &TokenStream) -> TokenStream {
    let docs = module_doc(&format!("Types of the topic `{}`.", name.as_str()));
    let own: BTreeSet<&str> = types.iter().map(|definition| definition.name.as_str()).collect();
    let (written, types): (Vec<&TypeDef>, Vec<&TypeDef>) =
        types.iter().partition(|definition| definition.rust.is_some());
    let written = written
        .into_iter()
        .filter_map(|definition| definition.rust.as_deref());
    let written = written.map(rust_type::tokens);
    let mut from_runtime = BTreeSet::new();
    let mut others = BTreeSet::new();
    for definition in &types {
        match &definition.body {
            TypeBody::Parts => {}
            TypeBody::Set { item, .. } => {
                others.insert(item.as_str());
            }
            TypeBody::NumberId | TypeBody::TextId => {}
            TypeBody::AnyId => _ = from_runtime.insert("AnyId"),
            TypeBody::Words { otherwise, .. } => match otherwise {
                None => _ = from_runtime.insert("UnknownWord"),
                Some(other) => _ = others.insert(other.ty.as_str()),
            },
            TypeBody::Record { fields } => {
                from_runtime.insert("Unknown");
                for field in fields {
                    others.extend(field.ty.named());
                    from_runtime.extend(runtime_name(&field.ty));
                }
            }
        }
    }
    let others: Vec<_> = others
        .difference(&own)
        .map(|name| format_ident!("{name}"))
        .collect();
    let others = (!others.is_empty()).then(|| quote! { use super::{#(#others),*}; });
    let from_runtime = from_runtime.into_iter().map(|name| format_ident!("{name}"));
    let from_runtime: Vec<_> = from_runtime.collect();
    let from_runtime = (!from_runtime.is_empty()).then(|| quote! { use #runtime::{#(#from_runtime),*}; });
    let types = types.iter().map(|definition| type_def(definition, runtime));
    quote! {
        #docs
        #from_runtime
        #others
        #(pub use #written;)*
        #(#types)*
    }
}

fn type_def(definition: &TypeDef, runtime: &TokenStream) -> TokenStream {
    let mut text = definition.doc.clone();
    let known = definition
        .evidence
        .map(|evidence| format!("Evidence: {}.", evidence_word(evidence)));
    let since = Some(&definition.since).filter(|since| !since.is_empty());
    let since = since.map(|since| format!("First seen: {since}."));
    let facts: Vec<String> = known.into_iter().chain(since).collect();
    if !facts.is_empty() {
        text.push_str(&format!("\n\n{}", facts.join(" ")));
    }
    let docs = prose_doc(&text);
    let name = format_ident!("{}", definition.name);
    let body = match &definition.body {
        TypeBody::NumberId => quote! {
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct #name(pub i64);
            #runtime::number_id!(#name);
        },
        TypeBody::TextId => quote! {
            #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct #name(::std::boxed::Box<str>);
            #runtime::text_id!(#name);
        },
        TypeBody::AnyId => quote! {
            #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct #name(AnyId);
            #runtime::any_id!(#name);
        },
        TypeBody::Words { words, otherwise } => enumeration(&name, words, otherwise.as_ref(), runtime),
        TypeBody::Record { fields } => record(&name, fields, definition.sent, runtime),
        TypeBody::Set { item, alone, empty } => word_set(&name, item, alone, empty, runtime),
        TypeBody::Parts => quote! {},
    };
    quote! { #docs #body }
}

fn enumeration(
    name: &proc_macro2::Ident,
    words: &[Word],
    otherwise: Option<&OtherWord>,
    runtime: &TokenStream,
) -> TokenStream {
    let variants = words.iter().map(|word| {
        let (docs, variant) = (prose_doc(&word.doc), word.variant.ident());
        quote! { #docs #variant }
    });
    let table = words.iter().map(|word| {
        let (wire, variant) = (&word.wire, word.variant.ident());
        quote! { #variant = #wire }
    });
    let (docs, other, content) = match otherwise {
        None => (
            doc("A word that this version does not know."),
            format_ident!("Unknown"),
            format_ident!("UnknownWord"),
        ),
        Some(other) => (
            prose_doc(&other.doc),
            other.variant.ident(),
            format_ident!("{}", other.ty),
        ),
    };
    quote! {
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            #docs
            #other(#content),
        }

        #runtime::words!(#name { #(#table),* } else #other(#content));
    }
}

/// An object. If it is also sent, programs can create it from its members and can send unknown members.
fn record(name: &proc_macro2::Ident, fields: &[Field], sent: bool, runtime: &TokenStream) -> TokenStream {
    let members = fields.iter().map(|field| {
        let (docs, member) = (prose_doc(&field.doc), field.name.ident());
        let ty = rust_type::tokens(&field_type(field));
        quote! { #docs pub #member: #ty }
    });
    let table = fields.iter().map(|field| {
        let (wire, member) = (&field.wire, field.name.ident());
        quote! { #member = #wire }
    });
    let all_optional = fields.iter().all(|field| !field.always);
    let default = (sent && all_optional).then(|| quote! { , Default });
    let (secret, plain): (Vec<&Field>, Vec<&Field>) = fields
        .iter()
        .partition(|field| field.ty.innermost() == &Type::Secret);
    let names = |fields: Vec<&Field>| {
        fields
            .into_iter()
            .map(|field| field.name.ident())
            .collect::<Vec<_>>()
    };
    let (secret, plain) = (names(secret), names(plain));
    // `SecretString` does not implement `PartialEq`, so it cannot be derived.
    let (derive_equal, equal) = if secret.is_empty() {
        (quote! { , PartialEq }, quote! {})
    } else {
        let equal = quote! { #runtime::equal!(#name { #(#plain),* } secret { #(#secret),* }); };
        (quote! {}, equal)
    };
    let (non_exhaustive, unknown) = if sent {
        let docs = doc("Members for which this version has no field.");
        (quote! {}, quote! { #docs pub unknown: Unknown })
    } else {
        (quote! { #[non_exhaustive] }, quote! { unknown: Unknown })
    };
    quote! {
        #[derive(Clone, Debug #default #derive_equal)]
        #non_exhaustive
        pub struct #name {
            #(#members,)*
            #unknown,
        }

        #runtime::record!(#name { #(#table),* });
        #equal
    }
}

fn word_set(
    name: &proc_macro2::Ident,
    item: &str,
    alone: &[Word],
    empty: &Name,
    runtime: &TokenStream,
) -> TokenStream {
    let item = format_ident!("{item}");
    let empty = empty.ident();
    let variants = alone.iter().map(|word| {
        let (docs, variant) = (prose_doc(&word.doc), word.variant.ident());
        quote! { #docs #variant }
    });
    let table = alone.iter().map(|word| {
        let (wire, variant) = (&word.wire, word.variant.ident());
        quote! { #variant = #wire }
    });
    let of = doc("A set of these words. An empty set equals the variant that is sent for it.");
    quote! {
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            #of
            Of(::std::collections::BTreeSet<#item>),
        }

        #runtime::word_set!(#name of #item { #(#table),* } empty #empty);
    }
}

/// The Rust type of a field. It is an `Option` unless every known server sends the field.
pub(super) fn field_type(field: &Field) -> String {
    let ty = owned(&field.ty);
    if field.always { ty } else { format!("Option<{ty}>") }
}
