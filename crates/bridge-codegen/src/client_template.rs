//! The client of a module: how it is created, and what it offers besides the functions.

use clientgen::ClientTemplate;
use clientgen::model::Api;
use clientgen::text::one_line;
use quote::quote;

/// The client of Jetstream.
pub(crate) fn jetstream(api: &Api) -> ClientTemplate {
    template(
        api,
        "The Python object has the authentication, so one client is one user.",
    )
}

/// The client of Muster.
pub(crate) fn muster(api: &Api) -> ClientTemplate {
    template(
        api,
        "The functions work only in a script of the Dispatcher. Elsewhere, each call returns an error of Muster.",
    )
}

fn template(api: &Api, about: &str) -> ClientTemplate {
    let title = one_line(&api.title);
    ClientTemplate {
        doc: format!(
            "Client of the {title}. Cheap to clone; clones share the connection.\n\n{about}\n\nEvery function with known \
             parameters is a method that returns a request. Await the request. [`call`](Self::call) calls the other \
             functions by name."
        ),
        imports: &["Call"],
        methods: quote! {
            /// Uses a connection whose surface is `catalog::SURFACE`. Sends nothing.
            pub fn new(connection: Connection) -> Self {
                Self { connection }
            }

            /// The connection to Python.
            pub fn connection(&self) -> &Connection {
                &self.connection
            }

            /// Calls a function of the catalog by name, such as one whose parameters are not known.
            pub fn call(&self, function: &str) -> Call {
                self.connection.call(function)
            }
        },
        uses: quote! {
            drop(Client::new(any()));
            _ = client.connection();
            drop(client.call(""));
        },
    }
}
