//! The operations that every server has and none lists: following and stopping calls, and the list itself.

use std::collections::BTreeSet;

use mailstore_metadata::{Argument, ArgumentKind, Function, low_level};

use super::node::Object;
use super::operation::form;
use super::protocol::{Protocol, free};
use super::schema::{reference, value, vocabulary};
use crate::model::Type;

/// The tag of these operations. No topic can have this name: topics are Rust modules.
pub(super) const TAG: &str = "running-calls";

impl Protocol {
    /// The operations that no server lists: path, and path item. `functions` are the names of those that it lists.
    pub(super) fn operations(&self, functions: &BTreeSet<&str>) -> impl Iterator<Item = (String, Object)> {
        low_level().iter().map(|function| {
            let path = format!("/{}{}", function.path(), function.name);
            (path, self.operation(function, &free(&function.name, functions)))
        })
    }

    fn operation(&self, function: &Function, id: &str) -> Object {
        let facts = Facts::of(&function.name);
        let answer = match function.name.as_str() {
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
            .with("responses", self.responses(answer, not_found))
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

    /// The answer of `get-metadata`, which has no envelope.
    fn function_list(&self) -> Object {
        let text = |doc: &str| value(self.version, &Type::String).described(self.version, doc);
        let kinds = vocabulary(
            self.version,
            "Kind of the argument.",
            &["string", "number", "bool", "json"],
            None,
        );
        let nullable =
            value(self.version, &Type::Bool).described(self.version, "Whether it may be left out.");
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

/// What is known of an operation of the protocol.
struct Facts {
    summary: &'static str,
    description: &'static str,
    effect: &'static str,
}

impl Facts {
    fn of(name: &str) -> Self {
        match name {
            "get-status" => Self {
                summary: "Asks how far a running call is.",
                description: "The server answers as soon as `statusVersion` differs from `lastKnownStatusVersion`, or \
                              after `millisecondsTimeout` with the last status again, so the client need not sleep. \
                              Give all three arguments. Only `running` means that there is more to come.",
                effect: "read",
            },
            "cancel-async" => Self {
                summary: "Asks the server to stop a running call.",
                description: "This is a request and no more: go on asking `/api/get-status`, for the server decides \
                              whether and when the call stops. What it answers is not public.",
                effect: "action",
            },
            _ => Self {
                summary: "Lists the functions of this very server.",
                description: "The answer has no envelope. It leaves out the operations beside `/api/invoke/`, and says \
                              nothing of results. A server may give it without a login.",
                effect: "read",
            },
        }
    }
}

fn argument_words(name: &str) -> &'static str {
    match name {
        "token" => "The `token` of the answer that said `running`.",
        "lastKnownStatusVersion" => "The `statusVersion` of the answer before.",
        "millisecondsTimeout" => {
            "How long the server waits for news, in milliseconds, such as 5000. The client must wait longer than that \
             for its answer."
        }
        _ => "",
    }
}
