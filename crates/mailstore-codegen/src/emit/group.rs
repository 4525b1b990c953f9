//! A topic: its methods, and the request types with their optional arguments.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::docs::{doc, function_doc, module_doc, setter_doc};
use crate::model::{Api, Argument, Function, Group, Shape, Type};

pub(super) fn group(api: &Api, group: &Group, runtime: &TokenStream) -> TokenStream {
    let docs = module_doc(format!("{}.\n\n{}", group.title, group.doc).trim_end());
    let imports = imports(api, group, runtime);
    let client = methods(
        "Client",
        group.functions.iter().filter(|function| !function.on_handle),
        &group.title,
    );
    let handle = api.handle.as_ref().map(|handle| {
        methods(
            handle.name.as_str(),
            group.functions.iter().filter(|function| function.on_handle),
            &group.title,
        )
    });
    let requests = group.functions.iter().map(|function| request(api, function));
    quote! {
        #docs
        #imports
        #client
        #handle
        #(#requests)*
    }
}

fn imports(api: &Api, group: &Group, runtime: &TokenStream) -> TokenStream {
    let mut types = BTreeSet::new();
    let mut from_runtime: BTreeSet<&str> = BTreeSet::new();
    for function in &group.functions {
        let arguments = function.arguments.iter().filter(|argument| !argument.by_handle);
        for ty in arguments.map(|argument| &argument.ty).chain([&function.result]) {
            types.extend(ty.named().map(|name| format_ident!("{name}")));
        }
        for argument in &function.arguments {
            match argument.ty {
                Type::Secret => _ = from_runtime.insert("SecretString"),
                Type::Json => _ = from_runtime.insert("Serialize"),
                _ => {}
            }
        }
        match scalar(&function.result) {
            Type::Json => _ = from_runtime.insert("Json"),
            Type::Secret => _ = from_runtime.insert("SecretString"),
            _ => {}
        }
    }
    let from_runtime = from_runtime.into_iter().map(|name| format_ident!("{name}"));
    let client = group
        .functions
        .iter()
        .any(|function| !function.on_handle)
        .then(|| quote! { Client, });
    let handle = api
        .handle
        .as_ref()
        .filter(|_| group.functions.iter().any(|function| function.on_handle))
        .map(|handle| handle.name.ident());
    let types = (!types.is_empty()).then(|| quote! { use super::types::{#(#types),*}; });
    quote! {
        use #runtime::{Draft, request, #(#from_runtime),*};
        use super::{catalog, #client #handle};
        #types
    }
}

fn scalar(ty: &Type) -> &Type {
    match ty {
        Type::List(item) => scalar(item),
        other => other,
    }
}

fn methods<'a>(on: &str, functions: impl Iterator<Item = &'a Function>, title: &str) -> Option<TokenStream> {
    let methods: Vec<TokenStream> = functions.map(method).collect();
    if methods.is_empty() {
        return None;
    }
    let on = format_ident!("{on}");
    let docs = doc(&format!("# {title}"));
    Some(quote! {
        #docs
        impl #on {
            #(#methods)*
        }
    })
}

fn method(function: &Function) -> TokenStream {
    let docs = doc(&function_doc(function));
    let (method, request) = (function.method.ident(), function.request.ident());
    let constant = function.constant.ident();
    let wire = &function.wire;
    let parameters = function.required().map(|argument| {
        let (name, ty) = (argument.name.ident(), parameter_type(&argument.ty));
        quote! { #name: #ty }
    });
    let arguments = function.required().map(push);
    // A request and a method may be of the same name as the function; the alias finds both.
    quote! {
        #docs
        #[doc(alias = #wire)]
        pub fn #method(&self, #(#parameters),*) -> #request {
            #request(self.draft(&catalog::#constant) #(#arguments)*)
        }
    }
}

/// The type that an argument is taken as.
fn parameter_type(ty: &Type) -> TokenStream {
    match ty {
        Type::String | Type::Null => quote! { &str },
        Type::Number => quote! { i64 },
        Type::Bool => quote! { bool },
        Type::Json => quote! { impl Serialize },
        Type::Secret => quote! { &SecretString },
        Type::Named { name, shape } => {
            let name = format_ident!("{name}");
            match shape {
                Shape::TextId => quote! { &#name },
                Shape::NumberId | Shape::Words | Shape::Record => quote! { #name },
            }
        }
        Type::List(item) => match &**item {
            Type::String => quote! { impl IntoIterator<Item = impl AsRef<str>> },
            item => {
                let item = owned_type(item);
                quote! { impl IntoIterator<Item = #item> }
            }
        },
    }
}

/// The type of a result or a field.
pub(super) fn owned_type(ty: &Type) -> TokenStream {
    match ty {
        Type::Null => quote! { () },
        Type::String => quote! { String },
        Type::Number => quote! { i64 },
        Type::Bool => quote! { bool },
        Type::Json => quote! { Json },
        Type::Secret => quote! { SecretString },
        Type::Named { name, .. } => {
            let name: Ident = format_ident!("{name}");
            quote! { #name }
        }
        Type::List(item) => {
            let item = owned_type(item);
            quote! { Vec<#item> }
        }
    }
}

/// The call that puts an argument into the form.
fn push(argument: &Argument) -> TokenStream {
    let (wire, name) = (&argument.wire, argument.name.ident());
    match &argument.ty {
        Type::Json => quote! { .json(#wire, #name) },
        Type::Secret => quote! { .secret(#wire, #name) },
        Type::List(item) if **item == Type::String => quote! { .texts(#wire, #name) },
        Type::List(_) => quote! { .list(#wire, #name) },
        _ => quote! { .arg(#wire, #name) },
    }
}

fn request(api: &Api, function: &Function) -> TokenStream {
    let request = function.request.ident();
    let on = match &api.handle {
        Some(handle) if function.on_handle => handle.name.as_str(),
        _ => "Client",
    };
    let docs = doc(&format!("The request of [`{on}::{}`].", function.method.as_str()));
    let output = owned_type(&function.result);
    let setters: Vec<TokenStream> = function.optional().map(setter).collect();
    let setters = (!setters.is_empty()).then(|| quote! { impl #request { #(#setters)* } });
    quote! {
        #docs
        #[must_use = "a request is sent when it is awaited or started"]
        pub struct #request(Draft);

        #setters

        request!(#request => #output);
    }
}

fn setter(argument: &Argument) -> TokenStream {
    let (name, ty) = (argument.name.ident(), parameter_type(&argument.ty));
    let docs = doc(&setter_doc(argument));
    let push = push(argument);
    quote! {
        #docs
        pub fn #name(self, #name: #ty) -> Self {
            Self(self.0 #push)
        }
    }
}
