//! The operations that every server has but no function list contains: `get-status`, `cancel-async` and `get-metadata`.

use std::collections::BTreeSet;

use mailstore_metadata::{Argument, ArgumentKind, Function, low_level};

use super::node::Object;
use super::operation::form;
use super::protocol::{Protocol, free};
use super::schema::{reference, value, vocabulary};
use clientgen::model::Type;

/// The tag of these operations. No topic has this name, because topics are Rust modules.
pub(super) const TAG: &str = "running-calls";

impl Protocol {
    /// The path and the path item of each operation. `functions` are the names of the listed functions.
    pub(super) fn operations(&self, functions: &BTreeSet<&str>) -> impl Iterator<Item = (String, Object)> {
        low_level().iter().map(|function| {
            let path = format!("/{}{}", function.path(), function.name);
            (path, self.operation(function, &free(&function.name, functions)))
        })
    }

    fn operation(&self, function: &Function, id: &str) -> Object {
        let facts = Facts::of(&function.name);
        let response = match function.name.as_str() {
            "get-status" => reference(&self.envelope),
            "get-metadata" => self.function_list(),
            _ => Object::new(),
        };
        let not_found = if function.arguments.is_empty() {
            "NotFound"
        } else {
            "UnknownToken"
        };
        let operation = Object::new()
            .with("tags", vec![TAG])
            .with("summary", facts.summary)
            .with("description", facts.description)
            .with("operationId", id)
            .with_some("requestBody", self.body(&function.arguments))
            .with("responses", self.responses(response, not_found))
            .with("x-mailstore-effect", facts.effect)
            .with("x-mailstore-long-running", false)
            .with("x-mailstore-evidence", "documented");
        Object::new().with("post", operation)
    }

    fn body(&self, arguments: &[Argument]) -> Option<Object> {
        if arguments.is_empty() {
            return None;
        }
        let mut properties = Object::new();
        for argument in arguments {
            let ty = match argument.kind {
                ArgumentKind::Number => Type::Number,
                _ => Type::String,
            };
            let schema = value(self.version, &ty).described(self.version, argument_words(&argument.name));
            properties.insert(&argument.name, schema);
        }
        let required: Vec<&str> = arguments.iter().map(|argument| argument.name.as_str()).collect();
        Some(form(properties, &required, Object::new()))
    }

    /// The schema of the response to `get-metadata`, which has no envelope.
    fn function_list(&self) -> Object {
        let text = |doc: &str| value(self.version, &Type::String).described(self.version, doc);
        let kinds = vocabulary(
            self.version,
            "Kind of the argument.",
            &["string", "number", "bool", "json"],
            None,
        );
        let nullable =
            value(self.version, &Type::Bool).described(self.version, "Whether the argument may be left out.");
        let object = |properties: Object, required: &[&str]| {
            Object::new()
                .with("type", "object")
                .with("properties", properties)
                .with("required", required.to_vec())
        };
        let array = |items: Object| Object::new().with("type", "array").with("items", items);
        let argument = object(
            Object::new()
                .with("name", text("Name of the form field."))
                .with("type", kinds)
                .with("nullable", nullable),
            &["name", "type", "nullable"],
        );
        let function = object(
            Object::new()
                .with("name", text("Name of the function."))
                .with("args", array(argument)),
            &["name", "args"],
        );
        array(function)
    }
}

/// The facts about an operation of the protocol.
struct Facts {
    summary: &'static str,
    description: &'static str,
    effect: &'static str,
}

impl Facts {
    fn of(name: &str) -> Self {
        match name {
            "get-status" => Self {
                summary: "Returns the status of a running call.",
                description: "This is a long poll: the server responds as soon as `statusVersion` differs from \
                              `lastKnownStatusVersion`. After `millisecondsTimeout` it responds with the unchanged \
                              status, so the client need not sleep between requests. Send all three arguments. \
                              Request the status again as long as `statusCode` is `running`.",
                effect: "read",
            },
            "cancel-async" => Self {
                summary: "Requests the cancellation of a running call.",
                description: "The server decides whether and when the call stops, so continue to request \
                              `/api/get-status`. The content of the response is not public.",
                effect: "action",
            },
            _ => Self {
                summary: "Returns the function list of this server.",
                description: "The response has no envelope. It contains neither the operations outside `/api/invoke/` \
                              nor the types of results. A server may send it without a login.",
                effect: "read",
            },
        }
    }
}

fn argument_words(name: &str) -> &'static str {
    match name {
        "token" => "The `token` of the response whose `statusCode` is `running`.",
        "lastKnownStatusVersion" => "The `statusVersion` of the previous response.",
        "millisecondsTimeout" => {
            "How long the server holds the request until the status changes, in milliseconds, such as 5000. The \
             client's timeout must be longer."
        }
        _ => "",
    }
}
