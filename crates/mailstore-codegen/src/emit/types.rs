//! Ids, vocabularies and result objects.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::{doc, evidence_word, module_doc};
use super::group::owned_type;
use crate::model::{Field, OtherWord, Type, TypeBody, TypeDef, Word};

/// Type definitions by the module that they live in.
pub(super) fn by_module(types: &[TypeDef]) -> BTreeMap<&str, Vec<&TypeDef>> {
    let mut modules: BTreeMap<&str, Vec<&TypeDef>> = BTreeMap::new();
    for definition in types {
        modules.entry(&definition.module).or_default().push(definition);
    }
    modules
}

/// The module that brings the types of all modules together; `shared` is where other editions' types come from.
pub(super) fn root(types: &[TypeDef], shared: Option<&TokenStream>) -> TokenStream {
    let docs = module_doc("Ids, vocabularies and results.");
    let shared = shared.map(|path| quote! { pub use #path::*; });
    let names: Vec<_> = by_module(types)
        .into_keys()
        .map(|module| format_ident!("{module}"))
        .collect();
    quote! {
        #docs
        #(mod #names;)*
        #shared
        #(pub use #names::*;)*
    }
}

pub(super) fn module(name: &str, types: &[&TypeDef], runtime: &TokenStream) -> TokenStream {
    let docs = module_doc(&format!("Types of the topic `{name}`."));
    let own: BTreeSet<&str> = types.iter().map(|definition| definition.name.as_str()).collect();
    let mut from_runtime = BTreeSet::new();
    let mut others = BTreeSet::new();
    for definition in types {
        match &definition.body {
            TypeBody::NumberId => _ = from_runtime.insert("number_id"),
            TypeBody::TextId => _ = from_runtime.insert("text_id"),
            TypeBody::Words { otherwise, .. } => {
                from_runtime.insert("words");
                match otherwise {
                    None => _ = from_runtime.insert("UnknownWord"),
                    Some(other) => _ = others.insert(other.ty.as_str()),
                }
            }
            TypeBody::Record { fields } => {
                from_runtime.extend(["record", "Unknown"]);
                for field in fields {
                    others.extend(field.ty.named());
                    from_runtime.extend(runtime_type(&field.ty));
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
    let types = types.iter().map(|definition| type_def(definition));
    quote! {
        #docs
        use #runtime::{#(#from_runtime),*};
        #others
        #(#types)*
    }
}

fn runtime_type(ty: &Type) -> Option<&'static str> {
    match ty {
        Type::Json => Some("Json"),
        Type::Secret => Some("SecretString"),
        Type::List(item) => runtime_type(item),
        _ => None,
    }
}

fn type_def(definition: &TypeDef) -> TokenStream {
    let mut text = definition.doc.clone();
    if let Some(evidence) = definition.evidence {
        text.push_str(&format!("\n\nHow it is known: {}.", evidence_word(evidence)));
    }
    let docs = doc(&text);
    let name = format_ident!("{}", definition.name);
    let body = match &definition.body {
        TypeBody::NumberId => quote! {
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct #name(pub i64);
            number_id!(#name);
        },
        TypeBody::TextId => quote! {
            #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct #name(Box<str>);
            text_id!(#name);
        },
        TypeBody::Words { words, otherwise } => enumeration(&name, words, otherwise.as_ref()),
        TypeBody::Record { fields } => record(&name, fields),
    };
    quote! { #docs #body }
}

fn enumeration(name: &proc_macro2::Ident, words: &[Word], otherwise: Option<&OtherWord>) -> TokenStream {
    let variants = words.iter().map(|word| {
        let (docs, variant) = (doc(&word.doc), word.variant.ident());
        quote! { #docs #variant }
    });
    let table = words.iter().map(|word| {
        let (wire, variant) = (&word.wire, word.variant.ident());
        quote! { #variant = #wire }
    });
    let (docs, other, content) = match otherwise {
        None => (
            quote! { #[doc(hidden)] },
            format_ident!("Unknown"),
            format_ident!("UnknownWord"),
        ),
        Some(other) => (
            doc(&other.doc),
            other.variant.ident(),
            format_ident!("{}", other.ty),
        ),
    };
    quote! {
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            #docs
            #other(#content),
        }

        words!(#name { #(#table),* } else #other(#content));
    }
}

fn record(name: &proc_macro2::Ident, fields: &[Field]) -> TokenStream {
    let members = fields.iter().map(|field| {
        let (docs, member, ty) = (doc(&field.doc), field.name.ident(), owned_type(&field.ty));
        let ty = if field.always {
            ty
        } else {
            quote! { Option<#ty> }
        };
        quote! { #docs pub #member: #ty }
    });
    let table = fields.iter().map(|field| {
        let (wire, member) = (&field.wire, field.name.ident());
        quote! { #member = #wire }
    });
    quote! {
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct #name {
            #(#members,)*
            unknown: Unknown,
        }

        record!(#name { #(#table),* });
    }
}
