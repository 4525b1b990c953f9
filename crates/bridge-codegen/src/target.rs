//! The settings of the two products for the generator.

use clientgen::{Reserved, Target};

use crate::client_template::{jetstream, muster};

const METHODS: &[&str] = &["builder", "call", "close", "connection", "hello", "new"];
const SETTERS: &[&str] = &["send", "send_blocking", "timeout"];
const TYPES: &[&str] = &[
    "Bridge",
    "Builder",
    "Call",
    "CallFuture",
    "Error",
    "Handle",
    "PythonValue",
    "RawFuture",
];

/// The settings of Jetstream.
pub(crate) static JETSTREAM: Target = Target {
    generator: "bridge-codegen",
    runtime: "::python_bridge::generated_v1",
    title: "JetStream API",
    port: 8886,
    begin: "Begin with `Client::new`.",
    client: jetstream,
    reserved: Reserved {
        methods: METHODS,
        setters: SETTERS,
        // Modules with the names of these crates would shadow them in programs that import everything from the client.
        modules: &["jetstream_api", "python_bridge"],
        types: TYPES,
    },
};

/// The settings of Muster.
pub(crate) static MUSTER: Target = Target {
    generator: "bridge-codegen",
    runtime: "::python_bridge::generated_v1",
    title: "Muster Dispatcher API",
    port: 0,
    begin: "Begin with `Client::new`.",
    client: muster,
    reserved: Reserved {
        methods: METHODS,
        setters: SETTERS,
        modules: &["muster_api", "python_bridge"],
        types: TYPES,
    },
};
