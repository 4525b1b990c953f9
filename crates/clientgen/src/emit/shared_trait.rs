//! Writes the trait with the functions that the client of one edition and the handle of another share.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::{doc, module_doc};
use super::group::{Imports, method_arguments, method_parameters};
use super::prose::prose;
use crate::model::{Api, Argument, Function, Name, Type};

/// A trait that the client of one edition and the handle of another implement.
pub(crate) struct SharedTrait<'a> {
    /// Name of the trait.
    pub(crate) name: &'a str,
    /// The edition whose client has the functions. The methods return the requests of its module.
    pub(crate) client: &'a Api,
    /// The edition whose handle has the functions.
    pub(crate) handle: &'a Api,
}

impl SharedTrait<'_> {
    /// The topics, each with the functions that have the same signature on the client and on the handle.
    fn groups(&self) -> Vec<(&Name, Vec<&Function>)> {
        let on_handle = self.handle.functions();
        let types = [self.client, self.handle].map(|api| &api.types);
        let of_one_edition: BTreeSet<&str> = types
            .into_iter()
            .flatten()
            .map(|definition| definition.name.as_str())
            .collect();
        let is_shared = |function: &&Function| {
            on_handle.iter().any(|other| {
                other.on_handle && !function.on_handle && have_one_signature(function, other, &of_one_edition)
            })
        };
        let groups = self.client.groups.iter();
        groups
            .map(|group| (&group.module, group.functions.iter().filter(is_shared).collect()))
            .filter(|(_, functions): &(_, Vec<_>)| !functions.is_empty())
            .collect()
    }
}

/// Whether two functions have the same name, path, arguments, types and effect. A type that is defined for one edition
/// differs from a type of the same name in the other edition.
fn have_one_signature(one: &Function, other: &Function, of_one_edition: &BTreeSet<&str>) -> bool {
    fn asked(function: &Function) -> Vec<&Argument> {
        let arguments = function.arguments.iter();
        arguments.filter(|argument| !argument.by_handle).collect()
    }
    fn combined(function: &Function) -> Vec<(&str, &Type)> {
        let combined = function.combined.iter();
        combined.map(|parts| (parts.name.as_str(), &parts.ty)).collect()
    }
    let (arguments, others) = (asked(one), asked(other));
    let is_same = |(one, other): (&&Argument, &&Argument)| {
        (&one.wire, one.nullable, &one.default, &one.fixed, &one.ty)
            == (
                &other.wire,
                other.nullable,
                &other.default,
                &other.fixed,
                &other.ty,
            )
            && one.name.as_str() == other.name.as_str()
    };
    let types = arguments.iter().map(|argument| &argument.ty);
    let parts = one.combined.iter().map(|parts| &parts.ty);
    let shares_types = types
        .chain(parts)
        .chain([&one.result])
        .filter_map(Type::named)
        .all(|name| !of_one_edition.contains(name));
    shares_types
        && arguments.len() == others.len()
        && arguments.iter().zip(&others).all(is_same)
        && combined(one) == combined(other)
        && one.method.as_str() == other.method.as_str()
        && (&one.wire, &one.path, &one.result, one.effect)
            == (&other.wire, &other.path, &other.result, other.effect)
}

/// The file of the trait. `None` if the client and the handle share no functions.
pub(super) fn shared_trait(shared: &SharedTrait<'_>, runtime: &TokenStream) -> Option<TokenStream> {
    let groups = shared.groups();
    let handle = shared.handle.handle.as_ref()?;
    if groups.is_empty() {
        return None;
    }
    let (client_edition, handle_edition) = (&shared.client.name, &shared.handle.name);
    let (client_module, handle_module) = (
        format_ident!("{client_edition}"),
        format_ident!("{handle_edition}"),
    );
    let (name, handle_type) = (format_ident!("{}", shared.name), handle.name.ident());
    let argument = &handle.argument;
    let handle_name = handle.name.as_str();
    let module_docs = module_doc(&format!(
        "The functions that [`{client_edition}::Client`] and [`{handle_edition}::{handle_name}`] share."
    ));
    let trait_docs = doc(&format!(
        "The functions that [`{client_edition}::Client`] and [`{handle_edition}::{handle_name}`] share, with the same \
         arguments and the same result.\n\nA program that takes an `impl {}` works with both. Each method returns the \
         request of the module `{client_edition}`, which has setters for the optional arguments. Other types cannot \
         implement the trait, because later versions add methods.",
        shared.name
    ));
    let mut imports = Imports::new(["Draft", "Function", "Request"]);
    for function in groups.iter().flat_map(|(_, functions)| functions) {
        imports.add_parameters(function);
    }
    let (imports, types) = imports.tokens(runtime, &quote! { super::types });
    let modules = groups.iter().map(|(module, _)| module.ident());
    let methods = groups.iter().flat_map(|(module, functions)| {
        functions
            .iter()
            .map(|function| method(function, module, client_edition, handle_edition, handle_name))
    });
    Some(quote! {
        #module_docs

        use ::std::fmt::Debug;
        use super::#client_module::{catalog, #(#modules),*};
        #imports
        #types
        use super::{#client_module, #handle_module};

        mod sealed {
            pub trait Sealed {}

            impl Sealed for super::#client_module::Client {}
            impl Sealed for super::#handle_module::#handle_type {}
        }

        #trait_docs
        pub trait #name: sealed::Sealed + Clone + Debug + Send + Sync + 'static {
            #[doc(hidden)]
            fn request_of(&self, function: &'static Function) -> Draft;

            #(#methods)*
        }

        impl #name for #client_module::Client {
            fn request_of(&self, function: &'static Function) -> Draft {
                Draft::new(self.connection(), function)
            }
        }

        impl #name for #handle_module::#handle_type {
            fn request_of(&self, function: &'static Function) -> Draft {
                Draft::new(self.client().connection(), function).arg(#argument, self.id())
            }
        }
    })
}

fn method(function: &Function, module: &Name, client: &str, handle: &str, handle_type: &str) -> TokenStream {
    let name = function.method.as_str();
    let docs = format!(
        "{}\n\nSee [`{client}::Client::{name}`] and [`{handle}::{handle_type}::{name}`].",
        prose(&function.summary)
    );
    let docs = doc(docs.trim_start());
    let (method, module, request) = (function.method.ident(), module.ident(), function.request.ident());
    let constant = function.constant.ident();
    let (parameters, arguments) = (method_parameters(function), method_arguments(function));
    quote! {
        #docs
        fn #method(&self, #parameters) -> #module::#request {
            Request::from_draft(self.request_of(&catalog::#constant) #arguments)
        }
    }
}
