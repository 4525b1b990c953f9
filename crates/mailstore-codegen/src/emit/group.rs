//! A topic: its methods, and the request types with their optional arguments.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::{doc, function_doc, module_doc, setter_doc};
use super::prose::{one_line, prose};
use super::rust_type::{self, owned, parameter, runtime_name};
use crate::model::{Api, Argument, Function, Group, Type};

pub(super) fn group(api: &Api, group: &Group, runtime: &TokenStream) -> TokenStream {
    let docs = module_doc(format!("{}.\n\n{}", one_line(&group.title), prose(&group.doc)).trim_end());
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
    let mut from_runtime = BTreeSet::from(["Draft"]);
    for function in &group.functions {
        let arguments = function.arguments.iter().filter(|argument| !argument.by_handle);
        for argument in arguments {
            types.extend(argument.ty.named());
            from_runtime.extend(match argument.ty {
                Type::Secret => Some("SecretString"),
                Type::Json => Some("Serialize"),
                _ => None,
            });
        }
        types.extend(function.result.named());
        from_runtime.extend(runtime_name(&function.result));
    }
    let idents = |names: BTreeSet<&str>| {
        names
            .into_iter()
            .map(|name| format_ident!("{name}"))
            .collect::<Vec<_>>()
    };
    let (types, from_runtime) = (idents(types), idents(from_runtime));
    let types = (!types.is_empty()).then(|| quote! { use super::types::{#(#types),*}; });
    let client = group
        .functions
        .iter()
        .any(|function| !function.on_handle)
        .then(|| quote! { Client, });
    let handle = api
        .handle
        .as_ref()
        .filter(|_| group.functions.iter().any(|function| function.on_handle));
    let handle = handle.map(|handle| handle.name.ident());
    quote! {
        use #runtime::{#(#from_runtime,)* request};
        use super::{catalog, #client #handle};
        #types
    }
}

fn methods<'a>(on: &str, functions: impl Iterator<Item = &'a Function>, title: &str) -> Option<TokenStream> {
    let methods: Vec<TokenStream> = functions.map(method).collect();
    if methods.is_empty() {
        return None;
    }
    let on = format_ident!("{on}");
    let docs = doc(&format!("# {}", one_line(title)));
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
        let (name, ty) = (argument.name.ident(), rust_type::tokens(&parameter(&argument.ty)));
        quote! { #name: #ty }
    });
    let arguments = function.required().map(push);
    // Found by either name; an alias that is the name itself is an error.
    let alias = (function.method.as_str() != wire).then(|| quote! { #[doc(alias = #wire)] });
    quote! {
        #docs
        #alias
        pub fn #method(&self, #(#parameters),*) -> #request {
            #request(self.draft(&catalog::#constant) #(#arguments)*)
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
    let output = rust_type::tokens(&owned(&function.result));
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
    let (name, ty) = (argument.name.ident(), rust_type::tokens(&parameter(&argument.ty)));
    let docs = doc(&setter_doc(argument));
    let push = push(argument);
    quote! {
        #docs
        pub fn #name(self, #name: #ty) -> Self {
            Self(self.0 #push)
        }
    }
}
