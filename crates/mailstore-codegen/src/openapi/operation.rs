//! Describes a function of the API as an operation.

use super::node::Object;
use super::protocol::Protocol;
use super::schema::{self, reference};
use super::texts::{Texts, evidence};
use super::version::Version;
use clientgen::model::{Api, Argument, Function, Group, Type};

/// Everything that is needed to write operations.
pub(super) struct Writer<'a> {
    pub(super) version: Version,
    pub(super) api: &'a Api,
    pub(super) texts: &'a Texts,
    pub(super) protocol: &'a Protocol,
}

impl Writer<'_> {
    /// The path item of a function.
    pub(super) fn path_item(&self, group: &Group, function: &Function) -> Object {
        let summary = match function.summary.as_str() {
            "" => format!("Calls `{}`.", function.wire),
            summary => self.texts.line(summary),
        };
        let operation = Object::new()
            .with("tags", vec![group.module.as_str()])
            .with("summary", summary)
            .with("description", self.texts.function(function))
            .with("operationId", function.wire.as_str())
            .with_some("requestBody", self.body(&function.arguments))
            .with("responses", self.responses(function))
            .with("x-mailstore-effect", function.effect.as_str())
            .with("x-mailstore-long-running", function.long)
            .with_some("x-mailstore-evidence", evidence(function.evidence));
        Object::new().with("post", operation)
    }

    fn body(&self, arguments: &[Argument]) -> Option<Object> {
        if arguments.is_empty() {
            return None;
        }
        let mut properties = Object::new();
        let mut encoding = Object::new();
        for argument in arguments {
            let words = self.argument_words(argument);
            properties.insert(&argument.wire, schema::argument(self.version, argument, &words));
            if schema::is_joined(self.version, argument) {
                let joined = Object::new().with("style", "form").with("explode", false);
                encoding.insert(&argument.wire, joined);
            }
        }
        let required: Vec<&str> = arguments
            .iter()
            .filter(|argument| argument.is_required())
            .map(|argument| argument.wire.as_str())
            .collect();
        Some(form(properties, &required, encoding))
    }

    fn argument_words(&self, argument: &Argument) -> String {
        let handle = self.api.handle.as_ref().filter(|_| argument.by_handle);
        let doc = match (argument.doc.as_str(), handle) {
            ("", Some(handle)) => &handle.doc,
            (doc, _) => doc,
        };
        let doc = self.texts.line(doc) + &self.texts.since(&argument.since);
        let words = [
            Some(doc).filter(|doc| !doc.is_empty()),
            schema::form_words(self.version, argument),
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn responses(&self, function: &Function) -> Object {
        let envelope = reference(&self.protocol.envelope);
        let response = match &function.result {
            // The envelope alone describes this response.
            Type::Null | Type::Json => envelope,
            result => {
                let doc = self.texts.line(&function.result_doc);
                let result = schema::value(self.version, result).or_null(self.version, &doc);
                let typed = Object::new()
                    .with("type", "object")
                    .with("properties", Object::new().with("result", result));
                Object::new().with("allOf", vec![envelope, typed])
            }
        };
        self.protocol.responses(response, "NotFound")
    }
}

/// The body of a request: a form with these fields, of which `required` must be sent.
pub(super) fn form(properties: Object, required: &[&str], encoding: Object) -> Object {
    let schema = Object::new()
        .with("type", "object")
        .with("properties", properties)
        .with_some("required", Some(required.to_vec()));
    let media = Object::new()
        .with("schema", schema)
        .with_some("encoding", Some(encoding));
    let required = Some(true).filter(|_| !required.is_empty());
    Object::new().with_some("required", required).with(
        "content",
        Object::new().with("application/x-www-form-urlencoded", media),
    )
}
