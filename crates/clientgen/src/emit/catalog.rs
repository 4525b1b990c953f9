//! The catalog: a static table of all functions with their arguments and effects.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::docs::{doc, module_doc};
use super::prose::one_line;
use crate::model::{Api, Argument, ArgumentKind, Effect, Function, Type};

pub(super) fn catalog(api: &Api, runtime: &TokenStream) -> TokenStream {
    let functions = api.catalog();
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
    let version = (!version.is_empty()).then(|| quote! { .version(#version) });
    let port = (*port != 0).then(|| {
        let port = Literal::u16_unsuffixed(*port);
        quote! { .port(#port) }
    });
    let digest = (!digest.is_empty()).then(|| quote! { .digest(#digest) });
    let any = |has: fn(&Function) -> bool| functions.iter().any(|function| has(function));
    let arguments =
        any(|function| !function.arguments.is_empty()).then(|| quote! { Argument, ArgumentKind, });
    let function = (!functions.is_empty()).then(|| quote! { Effect, Function, });
    let out = any(|function| !function.out.is_empty()).then(|| quote! { OutParameter, });
    quote! {
        #docs
        use #runtime::{#arguments #function #out Surface};

        /// The edition that this program was compiled for.
        pub static SURFACE: Surface = Surface::new(#name, #title) #version #port #digest .functions(&[#(&#names),*]);

        #(#entries)*
    }
}

fn entry(function: &Function) -> TokenStream {
    let Function { wire, path, long, .. } = function;
    let constant = function.constant.ident();
    let effect = format_ident!("{}", effect_variant(function.effect));
    let path = (!path.is_empty()).then(|| quote! { .path(#path) });
    let long = long.then(|| quote! { .long() });
    let limit = function.response_limit_mib.map(|mib| {
        let bytes = Literal::u64_unsuffixed(u64::from(mib) << 20);
        quote! { .response_limit(#bytes) }
    });
    let since = function.needs.as_ref().map(|since| quote! { .since(#since) });
    let arguments: Vec<_> = function.arguments.iter().map(argument).collect();
    let arguments = (!arguments.is_empty()).then(|| quote! { .arguments(&[#(#arguments),*]) });
    let out = function.out.iter().map(|(index, class)| {
        let index = Literal::usize_unsuffixed(*index);
        quote! { OutParameter::new(#index, #class) }
    });
    let out = (!function.out.is_empty()).then(|| quote! { .out(&[#(#out),*]) });
    let docs = doc(&format!("`{wire}`"));
    quote! {
        #docs
        pub static #constant: Function = Function::new(#wire) #path .effect(Effect::#effect) #long #limit #since #arguments #out;
    }
}

fn argument(argument: &Argument) -> TokenStream {
    let wire = &argument.wire;
    let nullable = argument.nullable.then(|| quote! { .nullable() });
    let default = argument
        .default
        .as_ref()
        .map(|default| quote! { .default(#default) });
    let by_name = argument.by_name.then(|| quote! { .by_name() });
    let secret = (argument.ty == Type::Secret).then(|| quote! { .secret() });
    let kind = format_ident!("{}", kind_variant(argument.kind));
    quote! { Argument::new(#wire, ArgumentKind::#kind) #nullable #default #by_name #secret }
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
