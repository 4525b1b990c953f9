//! Writes one call of every method with every argument, to test the whole generated surface.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::module_doc;
use super::prose::one_line;
use crate::model::{Api, Argument, Function, Handle, Name, Shape, Type};
use crate::names::Scope;

/// A function `call_all` that sends every call of the client once. `values` is a module with functions that create a
/// value for the wire name of an argument.
pub(super) fn exercise(
    api: &Api,
    client: &TokenStream,
    values: &TokenStream,
    runtime: &TokenStream,
) -> TokenStream {
    let docs = module_doc(&format!(
        "Every function of the {}, called once with every argument.",
        one_line(&api.title)
    ));
    let calls = api.functions().into_iter().map(|function| call(api, function));
    let makers: Vec<_> = makers(api).iter().map(Name::ident).collect();
    let use_makers = (!makers.is_empty()).then(|| quote! { use #values::{#(#makers),*}; });
    quote! {
        #docs
        use #client::*;
        #use_makers
        use #runtime::{Error, RawFuture};

        /// Sends every call once and returns the names of those that failed, with their errors.
        pub async fn call_all(client: &Client) -> Vec<(&'static str, Error)> {
            let mut unanswered = Vec::new();
            for (name, call, _) in calls(client) {
                if let Err(error) = call.await {
                    unanswered.push((name, error));
                }
            }
            unanswered
        }

        /// A call until its end. The result is decoded and dropped.
        pub type Whole = ::std::pin::Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

        /// Returns every call twice, without sending it: until its first response, and until its end.
        pub fn calls(client: &Client) -> Vec<(&'static str, RawFuture, Whole)> {
            vec![#(#calls),*]
        }

        fn whole<T>(request: impl IntoFuture<Output = Result<T, Error>, IntoFuture: Send + 'static>) -> Whole {
            let future = request.into_future();
            Box::pin(async { future.await.map(drop) })
        }
    }
}

fn call(api: &Api, function: &Function) -> TokenStream {
    let wire = &function.wire;
    let method = function.method.ident();
    let on = match &api.handle {
        Some(handle) if function.on_handle => {
            let (method, id) = (handle.method.ident(), handle_id(handle));
            quote! { client.#method(#id) }
        }
        _ => quote! { client },
    };
    let required = function.required().map(value);
    let setters = function.optional().map(|argument| {
        let (name, value) = (argument.name.ident(), value(argument));
        quote! { .#name(#value) }
    });
    let combined = function
        .combined
        .iter()
        .map(|parts| item(&parts.ty, parts.name.as_str()));
    let values = required.chain(combined);
    let request = quote! { #on.#method(#(#values),*) #(#setters)* };
    quote! { (#wire, #request.raw(), whole(#request)) }
}

/// The value from which a caller creates a handle: a string, or a value of the id's type if it is hand-written.
fn handle_id(handle: &Handle) -> TokenStream {
    match handle.id {
        Type::Named { written: true, .. } => item(&handle.id, &handle.argument),
        _ => item(&Type::String, &handle.argument),
    }
}

/// The value that a caller passes as an argument.
fn value(argument: &Argument) -> TokenStream {
    let item = item(&argument.ty, &argument.wire);
    match &argument.ty {
        Type::Secret
        | Type::Named {
            shape: Shape::TextId | Shape::AnyId | Shape::Record,
            ..
        } => quote! { &#item },
        Type::List(list)
            if matches!(
                **list,
                Type::Named {
                    shape: Shape::Record,
                    ..
                }
            ) =>
        {
            quote! { &[#item] }
        }
        Type::List(_) => quote! { [#item] },
        _ => item,
    }
}

/// A value of the type, or of the item type of a list.
fn item(ty: &Type, wire: &str) -> TokenStream {
    let maker = maker(ty).ident();
    let made = quote! { #maker(#wire) };
    match ty {
        Type::List(item) => self::item(item, wire),
        // The function already returns this type.
        Type::Named { written: true, .. } => made,
        Type::Named {
            name,
            shape: Shape::Record | Shape::Set,
            ..
        } => {
            let name = format_ident!("{name}");
            quote! { #maker::<#name>(#wire) }
        }
        Type::Named { name, .. } => {
            let name = format_ident!("{name}");
            quote! { #name::from(#made) }
        }
        _ => made,
    }
}

/// The function that creates a value of a type. A hand-written type has a function with its name. Other types share one
/// function for each form on the wire.
fn maker(ty: &Type) -> Name {
    Name::given(match ty {
        Type::Number => "number",
        Type::Bool => "flag",
        Type::Json => "json",
        Type::Secret => "secret",
        Type::DateTime => "datetime",
        Type::Time => "time",
        Type::Seconds => "seconds",
        Type::Port => "port",
        Type::List(item) => return maker(item),
        Type::Named {
            name, written: true, ..
        } => return Scope::default().claim_snake(name),
        Type::Named { shape, .. } => match shape {
            Shape::NumberId => "number",
            Shape::Record | Shape::Set => "read",
            Shape::TextId | Shape::AnyId | Shape::Words | Shape::Parts => "text",
        },
        Type::String | Type::Null | Type::Utc | Type::EpochMilliseconds | Type::EpochMicroseconds => "text",
    })
}

/// The functions that create the values of all arguments of an API.
fn makers(api: &Api) -> BTreeSet<Name> {
    let functions = api.functions();
    let arguments = functions.iter().flat_map(|function| &function.arguments);
    let handle = api
        .handle
        .as_ref()
        .filter(|_| functions.iter().any(|function| function.on_handle));
    let handle = handle.map(|handle| match handle.id {
        Type::Named { written: true, .. } => maker(&handle.id),
        _ => maker(&Type::String),
    });
    let asked_for = arguments
        .filter(|argument| argument.is_asked_for())
        .map(|argument| maker(&argument.ty));
    let combined = functions
        .iter()
        .flat_map(|function| &function.combined)
        .map(|parts| maker(&parts.ty));
    asked_for.chain(combined).chain(handle).collect()
}
