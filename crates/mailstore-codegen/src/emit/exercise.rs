//! One call of every method with every argument: proof that the generated surface works as a whole.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::module_doc;
use crate::model::{Api, Argument, Function, Shape, Type};

/// A function `call_all` that sends every call of the client once, through `values`, a module that makes values by
/// the wire name of the argument.
pub(super) fn exercise(api: &Api, client: &TokenStream, values: &TokenStream) -> TokenStream {
    let docs = module_doc(&format!(
        "Every function of the {}, called once with every argument.",
        api.title
    ));
    let calls = api.functions().into_iter().map(|function| call(api, function));
    quote! {
        #docs
        use #client::*;
        use #values::{flag, json, number, secret, text};
        use mailstore_transport::{Error, RawFuture};

        /// Sends every call once and returns the names of those that were not answered.
        pub async fn call_all(client: &Client) -> Vec<(&'static str, Error)> {
            let mut unanswered = Vec::new();
            for (name, call) in calls(client) {
                if let Err(error) = call.await {
                    unanswered.push((name, error));
                }
            }
            unanswered
        }

        fn calls(client: &Client) -> Vec<(&'static str, RawFuture)> {
            vec![#(#calls),*]
        }
    }
}

fn call(api: &Api, function: &Function) -> TokenStream {
    let wire = &function.wire;
    let method = function.method.ident();
    let on = match &api.handle {
        Some(handle) if function.on_handle => {
            let (method, argument) = (handle.method.ident(), &handle.argument);
            quote! { client.#method(text(#argument)) }
        }
        _ => quote! { client },
    };
    let required = function.required().map(value);
    let setters = function.optional().map(|argument| {
        let (name, value) = (argument.name.ident(), value(argument));
        quote! { .#name(#value) }
    });
    quote! { (#wire, #on.#method(#(#required),*) #(#setters)* .raw()) }
}

fn value(argument: &Argument) -> TokenStream {
    let wire = &argument.wire;
    match &argument.ty {
        Type::String | Type::Null => quote! { text(#wire) },
        Type::Number => quote! { number(#wire) },
        Type::Bool => quote! { flag(#wire) },
        Type::Json => quote! { json(#wire) },
        Type::Secret => quote! { &secret(#wire) },
        Type::Named {
            shape: Shape::TextId, ..
        } => {
            let value = item(&argument.ty, wire);
            quote! { &#value }
        }
        ty @ Type::Named { .. } => item(ty, wire),
        Type::List(ty) => {
            let item = item(ty, wire);
            quote! { [#item] }
        }
    }
}

fn item(ty: &Type, wire: &str) -> TokenStream {
    match ty {
        Type::Named {
            name,
            shape: Shape::NumberId,
        } => {
            let name = format_ident!("{name}");
            quote! { #name(number(#wire)) }
        }
        Type::Named { name, .. } => {
            let name = format_ident!("{name}");
            quote! { #name::from(text(#wire)) }
        }
        _ => quote! { text(#wire) },
    }
}
