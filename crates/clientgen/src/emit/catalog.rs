//! The catalog: a static table of all functions with their arguments and effects.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::{doc, module_doc};
use super::prose::one_line;
use crate::model::{Api, Argument, ArgumentKind, Effect, Function, Type};

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
    let effect = format_ident!("{}", effect_variant(function.effect));
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
    let kind = format_ident!("{}", kind_variant(argument.kind));
    quote! { Argument::new(#wire, ArgumentKind::#kind, #nullable, #secret) }
}

/// The variant of the enum `ArgumentKind` of the runtime crate.
fn kind_variant(kind: ArgumentKind) -> &'static str {
    match kind {
        ArgumentKind::String => "String",
        ArgumentKind::Number => "Number",
        ArgumentKind::Bool => "Bool",
        ArgumentKind::Json => "Json",
        ArgumentKind::Any => "Any",
    }
}

/// The variant of the enum `Effect` of the runtime crate.
fn effect_variant(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "Read",
        Effect::Set => "Set",
        Effect::Replace => "Replace",
        Effect::Create => "Create",
        Effect::Action => "Action",
        Effect::Maintenance => "Maintenance",
        Effect::Destructive => "Destructive",
        // `Effect` may grow. Generated code treats an effect that it cannot name with the greatest care.
        _ => "Unknown",
    }
}
