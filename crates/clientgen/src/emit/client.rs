//! The client, and the handle if the API has one.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::{doc, module_doc, prose_doc};
use super::prose::one_line;
use crate::model::{Api, Handle};
use crate::target::ClientTemplate;

pub(super) fn client(api: &Api, template: &ClientTemplate, runtime: &TokenStream) -> TokenStream {
    let title = one_line(&api.title);
    let docs = module_doc(&format!("The client of the {title}."));
    let functions = api.functions();
    let on_client = functions.iter().any(|function| !function.on_handle);
    let on_handle = functions.iter().any(|function| function.on_handle);
    let handle = api.handle.as_ref().filter(|_| on_handle);
    let mut imports = BTreeSet::from(["Connection"]);
    imports.extend(template.imports);
    if on_client || on_handle {
        imports.extend(["Draft", "Function"]);
    }
    let imports = imports.into_iter().map(|name| format_ident!("{name}"));
    let id = handle
        .and_then(|handle| handle.id.named())
        .map(|id| format_ident!("{id}"));
    let import_id = id.as_ref().map(|id| quote! { use super::types::#id; });
    let draft = on_client.then(|| {
        quote! {
            pub(super) fn draft(&self, function: &'static Function) -> Draft {
                Draft::new(&self.connection, function)
            }
        }
    });
    let make_handle = handle.map(make_handle);
    let handle = handle.map(handle_type);
    let ClientTemplate {
        doc: client_doc,
        methods,
        ..
    } = template;
    let client_doc = doc(client_doc);
    quote! {
        #docs
        use #runtime::{#(#imports),*};
        #import_id

        #client_doc
        #[derive(Clone, Debug)]
        pub struct Client {
            connection: Connection,
        }

        impl Client {
            #methods

            #make_handle

            #draft
        }

        #handle
    }
}

fn make_handle(handle: &Handle) -> TokenStream {
    let (name, method) = (handle.name.ident(), handle.method.ident());
    let id = format_ident!("{}", handle.id.named().unwrap_or("String"));
    let docs = prose_doc(&handle.doc);
    quote! {
        #docs
        ///
        /// Sends nothing. An id that does not exist causes an error at the first call.
        pub fn #method(&self, id: impl Into<#id>) -> #name {
            #name { client: self.clone(), id: id.into() }
        }
    }
}

fn handle_type(handle: &Handle) -> TokenStream {
    let name = handle.name.ident();
    let id = format_ident!("{}", handle.id.named().unwrap_or("String"));
    let docs = prose_doc(&handle.doc);
    let argument = &handle.argument;
    quote! {
        #docs
        #[derive(Clone, Debug)]
        pub struct #name {
            client: Client,
            id: #id,
        }

        impl #name {
            /// The id that every call through this handle sends.
            pub fn id(&self) -> &#id {
                &self.id
            }

            /// The client that created this handle.
            pub fn client(&self) -> &Client {
                &self.client
            }

            pub(super) fn draft(&self, function: &'static Function) -> Draft {
                Draft::new(&self.client.connection, function).arg(#argument, &self.id)
            }
        }
    }
}
