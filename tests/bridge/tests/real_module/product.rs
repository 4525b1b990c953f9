//! The published Python client of oaio as a product of the generator.

use clientgen::{ClientTemplate, Reserved, Target};
use quote::quote;

pub(crate) static TARGET: Target = Target {
    generator: "real-module-tests",
    runtime: "::python_bridge::generated_v1",
    title: "Python client of oaio",
    port: 0,
    begin: "Begin with `Client::new`.",
    client: |_| ClientTemplate {
        doc: "A client that calls the Python client.".to_owned(),
        imports: &[],
        methods: quote! {
            /// Uses this connection.
            pub fn new(connection: Connection) -> Self {
                Self { connection }
            }
        },
        uses: quote! { drop(Client::new(any())); },
    },
    reserved: Reserved {
        methods: &["new"],
        setters: &["send", "send_blocking", "timeout"],
        modules: &["python_bridge"],
        types: &[],
    },
};
