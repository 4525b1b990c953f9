//! Programs that call every function of the generated clients and await the typed results.
//!
//! The compiler translates an `async` method where it is called. A build of a library alone therefore leaves out work
//! that every program has.

use std::io;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::visit::Visit;

/// Returns a module with the requests of an exercise of our generator. Each has an `async` function of its own, as on
/// the other side.
pub(crate) fn of_ours(exercise: &str) -> io::Result<String> {
    let file = syn::parse_file(exercise).map_err(io::Error::other)?;
    let mut exercise = Exercise::default();
    exercise.visit_file(&file);
    let imports = file.items.iter().filter(|item| matches!(item, syn::Item::Use(_)));
    Ok(module(&quote! { #(#imports)* }, &exercise.requests))
}

/// Returns a module that calls every method of a client of `progenitor`. `client` is the source of the client, and `path`
/// is its module.
pub(crate) fn of_progenitor(client: &str, path: &syn::Path) -> io::Result<String> {
    let file = syn::parse_file(client).map_err(io::Error::other)?;
    let methods = file.items.iter().filter_map(|item| match item {
        syn::Item::Impl(block) if block.trait_.is_none() => Some(&block.items),
        _ => None,
    });
    let requests: Vec<TokenStream> = methods
        .flatten()
        .filter_map(|item| match item {
            syn::ImplItem::Fn(method) if method.sig.asyncness.is_some() => Some(&method.sig),
            _ => None,
        })
        .map(|signature| {
            let name = &signature.ident;
            // The first parameter is the client.
            let values = signature.inputs.iter().skip(1).map(|_| quote! { crate::any() });
            quote! { client.#name(#(#values),*) }
        })
        .collect();
    Ok(module(&quote! { use #path::Client; }, &requests))
}

/// The start of a program: the modules with the calls, and `main`, which polls each call once.
pub(crate) fn main(clients: &[(&str, TokenStream)]) -> String {
    let modules = clients.iter().map(|(name, _)| format_ident!("{name}"));
    let polls = clients.iter().map(|(name, client)| {
        let module = format_ident!("{name}");
        quote! {
            let client = #client;
            for mut call in #module::calls(&client) {
                let _ = call.as_mut().poll(&mut context);
            }
        }
    });
    let file = quote! {
        //! A program that calls every function.
        #![allow(warnings)]

        #(mod #modules;)*
        mod values;

        /// Returns an argument. The program is compiled and never run.
        fn any<T>() -> T {
            std::hint::black_box(None).expect("the program is never run")
        }

        fn main() {
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            #(#polls)*
        }
    };
    file.to_string()
}

/// A module with one `async` function for each request.
fn module(imports: &TokenStream, requests: &[TokenStream]) -> String {
    let names: Vec<_> = (0..requests.len())
        .map(|number| format_ident!("call_{number}"))
        .collect();
    let file = quote! {
        #imports

        #(
            async fn #names(client: &Client) {
                drop(#requests.await);
            }
        )*

        pub fn calls(client: &Client) -> Vec<std::pin::Pin<Box<dyn Future<Output = ()> + '_>>> {
            vec![#(Box::pin(#names(client))),*]
        }
    };
    file.to_string()
}

/// The requests of an exercise: what stands before each `.raw()` in its list.
#[derive(Default)]
struct Exercise {
    requests: Vec<TokenStream>,
}

impl<'a> Visit<'a> for Exercise {
    fn visit_macro(&mut self, list: &'a syn::Macro) {
        type Items = syn::punctuated::Punctuated<syn::Expr, syn::Token![,]>;
        let items = list.parse_body_with(Items::parse_terminated).unwrap_or_default();
        for item in &items {
            self.visit_expr(item);
        }
    }

    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        if call.method == "raw" {
            let receiver = &call.receiver;
            self.requests.push(quote! { #receiver });
        }
    }
}
