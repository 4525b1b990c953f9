//! Writes calls of every function, so that the compiler reports no function as unused. The calls never run.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::module_doc;
use crate::model::{Api, Argument, Function, Shape, Type};
use crate::target::ClientTemplate;

/// The file that uses every item of a stand-alone client.
///
/// A program calls only a few of the functions. `#[allow(dead_code)]` would silence the warnings for the others, but it
/// is an error in a crate that forbids the lint.
pub(super) fn used(api: &Api, template: &ClientTemplate, runtime: &TokenStream) -> TokenStream {
    let docs = module_doc(
        "Marks the whole client as used, because most programs call only some of its functions. This code never runs.",
    );
    let uses = &template.uses;
    let functions = api.functions();
    let calls_on = |on_handle: bool, receiver: &TokenStream| {
        let functions = functions
            .iter()
            .filter(|function| function.on_handle == on_handle);
        functions
            .map(|function| call(function, receiver, runtime))
            .collect::<Vec<_>>()
    };
    let client = quote! { client };
    let calls = calls_on(false, &client);
    let handle = api
        .handle
        .as_ref()
        .filter(|_| functions.iter().any(|function| function.on_handle));
    let handle = handle.map(|handle| {
        let method = handle.method.ident();
        let calls = calls_on(true, &quote! { handle });
        quote! {
            let handle = &client.#method("");
            _ = handle.id();
            _ = handle.client();
            #(#calls)*
        }
    });
    // One use marks the import of all generated types as used. A hand-written type has an import of its own.
    let named = api.types.iter().enumerate();
    let named = named.filter(|(index, definition)| *index == 0 || definition.rust.is_some());
    let types = named.map(|(_, definition)| {
        let name = format_ident!("{}", definition.name);
        quote! { const _: ::core::option::Option<super::#name> = ::core::option::Option::None; }
    });
    quote! {
        #docs
        use #runtime::any;
        use super::Client;

        const _: fn(&Client) = |client| {
            #uses
            #(#calls)*
            #handle
        };

        #(#types)*
    }
}

fn call(function: &Function, receiver: &TokenStream, runtime: &TokenStream) -> TokenStream {
    let method = function.method.ident();
    let required = function.required().map(|argument| value(&argument.ty, runtime));
    let combined = function.combined.iter().map(|_| quote! { any() });
    let values = required.chain(combined);
    let setters = function.optional().map(|argument: &Argument| {
        let name = argument.name.ident();
        let none = if argument.ty == Type::Json {
            quote! { () }
        } else {
            quote! { None }
        };
        quote! { .#name(#none) }
    });
    quote! { drop(#receiver.#method(#(#values),*) #(#setters)*); }
}

/// A value for a required argument. It names its type if the parameter accepts several types.
fn value(ty: &Type, runtime: &TokenStream) -> TokenStream {
    match ty {
        Type::Json => quote! { () },
        Type::DateTime => quote! { any::<#runtime::DateTime>() },
        Type::Named {
            name,
            shape: Shape::Set,
            ..
        } => {
            let name = format_ident!("{name}");
            quote! { any::<super::#name>() }
        }
        Type::List(item) if **item == Type::String => quote! { [""] },
        Type::List(item) if item.shape() != Some(Shape::Record) => quote! { [any()] },
        _ => quote! { any() },
    }
}
