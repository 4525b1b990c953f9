//! The catalog: a static table of all functions with their arguments and effects.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::{doc, module_doc};
use super::prose::one_line;
use crate::model::{Api, Argument, Function, Type};

pub(super) fn catalog(api: &Api, runtime: &TokenStream) -> TokenStream {
    let functions = api.functions();
    let docs = module_doc(&format!(
        "Every function of the {}: name, arguments and effect.",
        one_line(&api.title)
    ));
    let entries = functions.iter().map(|function| entry(function));
    let names = functions.iter().map(|function| function.constant.ident());
    let Api {
        name,
        title,
        version,
        port,
        digest,
        ..
    } = api;
    let imports = if functions.is_empty() {
        quote! { use #runtime::Surface; }
    } else if functions.iter().all(|function| function.arguments.is_empty()) {
        quote! { use #runtime::{Effect, Function, Surface}; }
    } else {
        quote! { use #runtime::{Argument, ArgumentKind, Effect, Function, Surface}; }
    };
    quote! {
        #docs
        #imports

        /// The edition that this program was compiled for.
        pub static SURFACE: Surface = Surface::new(#name, #title, #version, #port, #digest, &[#(&#names),*]);

        #(#entries)*
    }
}

fn entry(function: &Function) -> TokenStream {
    let Function { wire, path, long, .. } = function;
    let constant = function.constant.ident();
    let effect = format_ident!("{}", format!("{:?}", function.effect));
    let arguments = function.arguments.iter().map(argument);
    let docs = doc(&format!("`{wire}`"));
    quote! {
        #docs
        pub static #constant: Function = Function::new(#wire, #path, Effect::#effect, #long, &[#(#arguments),*]);
    }
}

fn argument(argument: &Argument) -> TokenStream {
    let Argument { wire, nullable, .. } = argument;
    let secret = argument.ty == Type::Secret;
    // The runtime and the model have the same names for the variants.
    let kind = format_ident!("{}", format!("{:?}", argument.kind));
    quote! { Argument::new(#wire, ArgumentKind::#kind, #nullable, #secret) }
}
