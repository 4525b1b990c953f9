//! The client, and the handle if the API has one.

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
        "Client of the {title}. Cheap to clone; clones share connections.\n\nCreate one with [`builder`](Self::builder). \
         Every function of the API is a method that returns a request. Await the request, or start it and poll the task."
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
            /// Starts building a client for the server at this address. Nothing is sent before the first call.
            ///
            #port
            pub fn builder(address: &str) -> Builder<Self> {
                Builder::new(&catalog::SURFACE, address, |connection| Self { connection })
            }

            /// The server and account that calls go to.
            pub fn connection(&self) -> &Connection {
                &self.connection
            }

            /// Calls any function by its wire name, including functions that this version does not know.
            pub fn call(&self, function: &str) -> Call {
                Call::new(&self.connection, function)
            }

            /// Resumes a call that was started earlier, possibly by another process. `R` is the request type of the
            /// function. Sends nothing.
            ///
            /// # Errors
            /// The token belongs to a call of another function, or to another server or edition.
            pub fn resume_as<R: Request>(&self, token: StatusToken) -> Result<Task<R::Result>, Error> {
                Task::resume_as::<R>(&self.connection, token)
            }

            /// Resumes a call of any function that was started earlier. `T` is the type of its result. The type is not
            /// checked against the function of the token. `Json` accepts any result.
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
            /// One of these checks failed. The error says what is wrong and what to do next.
            pub fn check(&self) -> CheckFuture<Compatibility> {
                self.connection.check()
            }

            /// Compares the functions that this program was compiled for with those of the server.
            ///
            /// A server may send its function list without checking credentials. [`check`](Self::check) checks them as
            /// well.
            ///
            /// # Errors
            /// The server cannot be reached or rejects the request, or its function list cannot be parsed.
            pub fn compatibility(&self) -> CheckFuture<Compatibility> {
                self.connection.compatibility()
            }

            /// Checks that the server accepts every call of these functions, which are entries of the module
            /// `catalog`. Call this method when the program starts. Differences in other functions are ignored.
            ///
            /// # Errors
            /// - The functions of the server differ. The error lists the functions with differences.
            /// - A function is not in the catalog of this client, for example because it belongs to another edition.
            /// - The errors of [`compatibility`](Self::compatibility).
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
