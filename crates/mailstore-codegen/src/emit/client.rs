//! The client and, where the API has one, the handle.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::{doc, module_doc, prose_doc};
use super::prose::one_line;
use crate::model::{Api, Handle};

pub(super) fn client(api: &Api, runtime: &TokenStream) -> TokenStream {
    let title = one_line(&api.title);
    let docs = module_doc(&format!("The client of the {title}."));
    let functions = api.functions();
    let on_client = functions.iter().any(|function| !function.on_handle);
    let on_handle = functions.iter().any(|function| function.on_handle);
    let handle = api.handle.as_ref().filter(|_| on_handle);
    let drafts = (on_client || on_handle).then(|| quote! { Draft, });
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
    let client_doc = doc(&format!(
        "Client of the {title}. Cheap to clone; clones share connections.\n\nMake one with [`builder`](Self::builder). \
         Every function of the API is a method that gives a request; await the request, or start it and follow the task."
    ));
    let port = format!(
        "The address is a host name, `host:port` or `https://host:port`; the default port is {}.",
        api.port
    );
    let port = doc(&port);
    quote! {
        #docs
        use #runtime::{
            Builder, Call, CheckFuture, Compatibility, Connection, #drafts Error, FromJson, Function, Request, StatusToken, Task,
        };
        use super::catalog;
        #import_id

        #client_doc
        #[derive(Clone, Debug)]
        pub struct Client {
            connection: Connection,
        }

        impl Client {
            /// Begins a client of the server at this address. Nothing is sent before the first call.
            ///
            #port
            pub fn builder(address: &str) -> Builder<Self> {
                Builder::new(&catalog::SURFACE, address, |connection| Self { connection })
            }

            /// The server and account that calls go to.
            pub fn connection(&self) -> &Connection {
                &self.connection
            }

            /// Calls any function by its wire name, also one that this version does not know.
            pub fn call(&self, function: &str) -> Call {
                Call::new(&self.connection, function)
            }

            /// Continues a call that was started earlier, perhaps by another process, as a call of the function that `R`
            /// is the request of. Sends nothing.
            ///
            /// # Errors
            /// The token is of a call of another function, or belongs to another server or edition.
            pub fn resume_as<R: Request>(&self, token: StatusToken) -> Result<Task<R::Result>, Error> {
                Task::resume_as::<R>(&self.connection, token)
            }

            /// Continues a call of any function that was started earlier. `T` is its result, which is not checked
            /// against the function of the token; `Json` takes any.
            ///
            /// # Errors
            /// The token belongs to another server or edition.
            pub fn resume<T: FromJson>(&self, token: StatusToken) -> Result<Task<T>, Error> {
                Task::resume(&self.connection, token)
            }

            /// Checks that the server can be reached, that it accepts the credentials, and that it has the edition of
            /// this client. Returns how its functions differ from those that this program was compiled for.
            ///
            /// # Errors
            /// What is wrong, and what to do next.
            pub fn check(&self) -> CheckFuture<Compatibility> {
                self.connection.check()
            }

            /// Compares the functions that this program was compiled for with those of the server.
            ///
            /// A server may send its function list without credentials: [`check`](Self::check) checks them as well.
            ///
            /// # Errors
            /// The server cannot be reached or refuses, or its function list cannot be read.
            pub fn compatibility(&self) -> CheckFuture<Compatibility> {
                self.connection.compatibility()
            }

            /// Makes sure that the server takes every call of these functions, which are entries of the module
            /// `catalog`. For the start of a program; other functions do not matter.
            ///
            /// # Errors
            /// What differs; or as [`compatibility`](Self::compatibility). A function is not in the catalog of this
            /// client, for example because it is of another edition.
            pub fn require_compatible(
                &self,
                functions: impl IntoIterator<Item = &'static Function>,
            ) -> CheckFuture<()> {
                self.connection.require_compatible(functions)
            }

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
        /// Nothing is sent, so an id that does not exist shows with the first call.
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
            /// The id that every call through this handle is made for.
            pub fn id(&self) -> &#id {
                &self.id
            }

            /// The client that made this handle.
            pub fn client(&self) -> &Client {
                &self.client
            }

            pub(super) fn draft(&self, function: &'static Function) -> Draft {
                Draft::new(&self.client.connection, function).arg(#argument, &self.id)
            }
        }
    }
}
