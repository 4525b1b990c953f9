//! The settings of the MailStore APIs for the generator.

use clientgen::{Reserved, Target};
use mailstore_metadata::Edition;

use crate::client_template::client_template;

/// The name in headers and errors.
pub(crate) const GENERATOR: &str = "mailstore-codegen";

/// The settings of the MailStore APIs.
pub(crate) static TARGET: Target = Target {
    generator: GENERATOR,
    runtime: "::mailstore_transport::generated_v1",
    title: "MailStore API",
    port: Edition::Server.port(),
    begin: "Begin with `Client::builder`.",
    client: client_template,
    reserved: Reserved {
        methods: &[
            "builder",
            "call",
            "check",
            "compatibility",
            "connection",
            "require_compatible",
            "resume",
            "resume_as",
        ],
        setters: &[
            "on_update",
            "send",
            "send_blocking",
            "start",
            "start_blocking",
            "timeout",
            "wait_options",
        ],
        // A module with the name of the runtime crate would shadow it in programs that import everything from the client.
        modules: &["mailstore_transport"],
        types: &[
            "Builder",
            "Call",
            "CheckFuture",
            "Compatibility",
            "Error",
            "RawFuture",
            "StatusToken",
            "Task",
        ],
    },
};
