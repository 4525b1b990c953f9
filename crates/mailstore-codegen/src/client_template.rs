//! The client of the MailStore APIs: how it is created, and what it offers besides the functions.

use clientgen::ClientTemplate;
use clientgen::model::Api;
use clientgen::text::{doc, one_line};
use proc_macro2::TokenStream;
use quote::quote;

/// The client of an edition.
pub(crate) fn client_template(api: &Api) -> ClientTemplate {
    let title = one_line(&api.title);
    ClientTemplate {
        doc: format!(
            "Client of the {title}. Cheap to clone; clones share connections.\n\nCreate one with \
             [`builder`](Self::builder). Every function of the API is a method that returns a request. Await the request, \
             or start it and poll the task."
        ),
        imports: &[
            "Builder",
            "Call",
            "CheckFuture",
            "Compatibility",
            "Error",
            "FromJson",
            "Function",
            "Request",
            "StatusToken",
            "Task",
        ],
        methods: methods(api),
        uses: uses(api),
    }
}

fn methods(api: &Api) -> TokenStream {
    let port = format!(
        "The address is a host name, `host:port` or `https://host:port`; the default port is {}.",
        api.port
    );
    let port = doc(&port);
    quote! {
        /// Starts building a client for the server at this address. Nothing is sent before the first call.
        ///
        #port
        pub fn builder(address: &str) -> Builder<Self> {
            Builder::new(&super::catalog::SURFACE, address, |connection| Self { connection })
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
    }
}

/// Calls of every method, one after the other.
fn uses(api: &Api) -> TokenStream {
    let resume = api.groups.iter().find_map(|group| {
        let (module, request) = (group.module.ident(), group.functions.first()?.request.ident());
        Some(quote! { drop(client.resume_as::<super::#module::#request>(any())); })
    });
    quote! {
        drop(Client::builder(""));
        _ = client.connection();
        drop(client.call(""));
        drop(client.resume::<super::runtime::Json>(any()));
        #resume
        drop(client.compatibility());
        drop(client.require_compatible([]));
        drop(client.check());
    }
}
