//! Writes the file of a topic: its methods, and the request types with their setters.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::{doc, example, function_doc, module_doc, request_doc, setter_doc};
use super::prose::{one_line, prose};
use super::rust_type::{self, owned, parameter, runtime_name};
use super::style::Style;
use crate::model::{Api, Argument, ArgumentKind, Function, Group, Shape, Type};

pub(super) fn group(api: &Api, group: &Group, runtime: &TokenStream, style: &Style<'_>) -> TokenStream {
    let docs = module_doc(format!("{}.\n\n{}", one_line(&group.title), prose(&group.doc)).trim_end());
    let imports = imports(api, group, runtime);
    let methods_of = |on_handle: bool| {
        let functions = group.functions.iter();
        let functions = functions.filter(move |function| function.on_handle == on_handle);
        functions.map(|function| method(api, function, style)).collect()
    };
    let client = methods("Client", methods_of(false), &group.title);
    let handle = api.handle.as_ref();
    let handle = handle.map(|handle| methods(handle.name.as_str(), methods_of(true), &group.title));
    let requests = group
        .functions
        .iter()
        .map(|function| request(api, function, runtime, style));
    quote! {
        #docs
        #imports
        #client
        #handle
        #(#requests)*
    }
}

fn imports(api: &Api, group: &Group, runtime: &TokenStream) -> TokenStream {
    let mut imports = Imports::new(["Draft"]);
    for function in &group.functions {
        imports.add_parameters(function);
        imports.add_setters(function);
        imports.add(&function.result);
    }
    let (imports, types) = imports.tokens(runtime, &quote! { super::types });
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
        #imports
        use super::{catalog, #client #handle};
        #types
    }
}

/// The names that a file of requests imports.
pub(super) struct Imports<'a> {
    runtime: BTreeSet<&'a str>,
    types: BTreeSet<&'a str>,
}

impl<'a> Imports<'a> {
    /// Creates a list that begins with these names of the runtime crate.
    pub(super) fn new(runtime: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            runtime: runtime.into_iter().collect(),
            types: BTreeSet::new(),
        }
    }

    fn add(&mut self, ty: &'a Type) {
        self.types.extend(ty.named());
        self.runtime.extend(runtime_name(ty));
    }

    /// Adds the names that the parameters of the method need.
    pub(super) fn add_parameters(&mut self, function: &'a Function) {
        for argument in function.required() {
            self.add_argument(argument);
        }
        self.types
            .extend(function.combined.iter().filter_map(|parts| parts.ty.named()));
    }

    fn add_setters(&mut self, function: &'a Function) {
        for argument in function.optional() {
            self.add_argument(argument);
            self.runtime
                .extend((argument.ty != Type::Json).then_some("IntoOption"));
        }
    }

    fn add_argument(&mut self, argument: &'a Argument) {
        match argument.ty {
            Type::Json => _ = self.runtime.insert("Serialize"),
            Type::DateTime if argument.is_required() => _ = self.runtime.insert("IntoDateTime"),
            _ => self.add(&argument.ty),
        }
    }

    /// The `use` declarations for the runtime crate and for the module `types`.
    pub(super) fn tokens(
        &self,
        runtime: &TokenStream,
        types: &TokenStream,
    ) -> (TokenStream, Option<TokenStream>) {
        let idents =
            |names: &BTreeSet<&str>| -> Vec<_> { names.iter().map(|name| format_ident!("{name}")).collect() };
        let (from_runtime, named) = (idents(&self.runtime), idents(&self.types));
        (
            quote! { use #runtime::{#(#from_runtime),*}; },
            (!named.is_empty()).then(|| quote! { use #types::{#(#named),*}; }),
        )
    }
}

fn methods(on: &str, methods: Vec<TokenStream>, title: &str) -> Option<TokenStream> {
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

fn method(api: &Api, function: &Function, style: &Style<'_>) -> TokenStream {
    let docs = doc(&function_doc(function, style));
    let krate = style.krate.filter(|_| api.examples);
    let example = krate.map(|krate| example(api, function, krate));
    let (method, request) = (function.method.ident(), function.request.ident());
    let constant = function.constant.ident();
    let wire = &function.wire;
    let (parameters, arguments) = (method_parameters(function), method_arguments(function));
    // The alias lets users of rustdoc search for the wire name. An alias that equals the method name is an error.
    let alias = (function.method.as_str() != wire).then(|| quote! { #[doc(alias = #wire)] });
    quote! {
        #docs
        #example
        #alias
        pub fn #method(&self, #parameters) -> #request {
            #request(self.draft(&catalog::#constant) #arguments)
        }
    }
}

/// The parameters of a method, without `self`.
pub(super) fn method_parameters(function: &Function) -> TokenStream {
    let required = function.required().map(|argument| (&argument.name, &argument.ty));
    let combined = function.combined.iter().map(|parts| (&parts.name, &parts.ty));
    let parameters = required.chain(combined).map(|(name, ty)| {
        let (name, ty) = (name.ident(), rust_type::tokens(&parameter(ty)));
        quote! { #name: #ty }
    });
    quote! { #(#parameters),* }
}

/// The calls that add the parameters and the fixed values to the form.
pub(super) fn method_arguments(function: &Function) -> TokenStream {
    let fixed = function
        .arguments
        .iter()
        .filter(|argument| argument.fixed.is_some());
    let arguments = function.required().chain(fixed).map(push);
    let combined = function.combined.iter().map(|parts| {
        let name = parts.name.ident();
        quote! { .arguments(&#name) }
    });
    quote! { #(#arguments)* #(#combined)* }
}

/// The call that adds an argument to the form.
fn push(argument: &Argument) -> TokenStream {
    let (wire, name) = (&argument.wire, argument.name.ident());
    if let Some(value) = &argument.fixed {
        let value = fixed(value, argument.sent_as());
        return quote! { .arg(#wire, #value) };
    }
    match &argument.ty {
        Type::DateTime => quote! { .arg(#wire, #name.into_date_time()) },
        Type::Named {
            name: set,
            shape: Shape::Set,
            ..
        } => {
            let set = format_ident!("{set}");
            quote! { .arg(#wire, Into::<#set>::into(#name)) }
        }
        Type::Named {
            shape: Shape::Record, ..
        } => quote! { .object(#wire, #name) },
        Type::List(item)
            if matches!(
                **item,
                Type::Named {
                    shape: Shape::Record,
                    ..
                }
            ) =>
        {
            quote! { .object(#wire, #name) }
        }
        Type::Json => quote! { .json(#wire, #name) },
        Type::List(item) if **item == Type::String => quote! { .texts(#wire, #name) },
        Type::List(_) => quote! { .list(#wire, #name) },
        _ => quote! { .arg(#wire, #name) },
    }
}

/// A fixed value as a literal of its kind. Lowering has checked that it is one.
fn fixed(value: &str, kind: ArgumentKind) -> TokenStream {
    match (kind, value.parse::<i64>()) {
        (ArgumentKind::Bool, _) => {
            let value = value == "true";
            quote! { #value }
        }
        (ArgumentKind::Number, Ok(number)) => quote! { #number },
        _ => quote! { #value },
    }
}

fn request(api: &Api, function: &Function, runtime: &TokenStream, style: &Style<'_>) -> TokenStream {
    let wire = &function.wire;
    let request = function.request.ident();
    let on = match &api.handle {
        Some(handle) if function.on_handle => handle.name.as_str(),
        _ => "Client",
    };
    let docs = doc(&request_doc(function, on, style));
    let output = rust_type::tokens(&owned(&function.result));
    let setters: Vec<TokenStream> = function.optional().map(setter).collect();
    let setters = (!setters.is_empty()).then(|| quote! { impl #request { #(#setters)* } });
    quote! {
        #docs
        #[must_use = "a request does nothing until it is awaited or started"]
        pub struct #request(Draft);

        #setters

        #runtime::request!(#request = #wire => #output);
    }
}

fn setter(argument: &Argument) -> TokenStream {
    let Argument { wire, ty, .. } = argument;
    // A lifetime in `impl Trait` needs a name.
    let parameter = rust_type::setter(ty).replace("<&", "<&'a ");
    let lifetime = parameter.contains("'a").then(|| quote! { <'a> });
    let (name, parameter) = (argument.name.ident(), rust_type::tokens(&parameter));
    let docs = doc(&setter_doc(argument));
    let push = match rust_type::optional(ty) {
        None => quote! { .optional_json(#wire, #name) },
        Some(value) => {
            let is_record = |ty: &Type| ty.shape() == Some(Shape::Record);
            let (method, value) = match ty {
                Type::List(item) if is_record(item) => ("optional_object", value),
                Type::List(item) => ("optional_list", owned(item)),
                ty if is_record(ty) => ("optional_object", value),
                _ => ("optional", value),
            };
            let (method, value) = (format_ident!("{method}"), rust_type::tokens(&value));
            quote! { .#method::<#value>(#wire, #name) }
        }
    };
    quote! {
        #docs
        pub fn #name #lifetime(self, #name: #parameter) -> Self {
            Self(self.0 #push)
        }
    }
}
