//! The copy of the OpenAPI document that the page shows: flat enough that its forms send what the server expects.

use std::collections::BTreeMap;

use mailstore_transport::Surface;
use serde_json::{Map, Value, json};

use crate::operation::Operation;
use crate::schema::{self, Schemas};

/// The copy of an OpenAPI document for the page.
#[derive(Debug)]
pub(crate) struct PageDocument {
    /// The document as JSON.
    pub(crate) text: String,
    /// For each path, the arguments with only one valid value.
    pub(crate) fixed: BTreeMap<String, BTreeMap<String, String>>,
}

/// What the page shows beside the functions.
pub(crate) struct Session<'a> {
    /// The address of the MailStore server.
    pub(crate) server: &'a str,
    pub(crate) title: &'a str,
    pub(crate) read_only: bool,
    /// The instance that the forms contain at first.
    pub(crate) instance: Option<&'a str>,
}

impl PageDocument {
    /// Changes the document of an edition in version 3.1 for the page.
    ///
    /// # Errors
    /// The document is not JSON.
    pub(crate) fn new(
        document: &str,
        surface: &Surface,
        session: &Session<'_>,
    ) -> Result<Self, serde_json::Error> {
        let mut document: Map<String, Value> = serde_json::from_str(document)?;
        let schemas = Schemas::of(&document);
        let mut fixed = BTreeMap::new();
        let operations = document.get_mut("paths").and_then(Value::as_object_mut);
        for (path, item) in operations.into_iter().flatten() {
            let Some(operation) = item.get_mut("post").and_then(Value::as_object_mut) else {
                continue;
            };
            show_effect(operation);
            if let Some(form) = form_of(operation) {
                let values = schema::flatten_form(form, &schemas, session.instance);
                fixed.insert(path.clone(), values);
            }
            // JSON objects of this crate are sorted. The forms have the order of the function list.
            let order = Operation::of(surface, path).map_or_else(Vec::new, Operation::arguments);
            let order: Vec<&str> = order.iter().map(|argument| argument.name).collect();
            operation.insert("x-explorer-order".to_owned(), order.into());
        }
        if let Some(info) = document.get_mut("info").and_then(Value::as_object_mut) {
            info.insert("description".to_owned(), INTRODUCTION.into());
        }
        document.insert("servers".to_owned(), json!([{"url": "/"}]));
        document.remove("security");
        if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
            components.remove("securitySchemes");
        }
        document.insert(
            "x-explorer".to_owned(),
            json!({
                "server": session.server,
                "title": session.title,
                "readOnly": session.read_only,
                "version": env!("CARGO_PKG_VERSION"),
            }),
        );
        let mut document = Value::Object(document);
        // Features that other crates of a program enable must not change the order.
        document.sort_all_objects();
        let text = document.to_string();
        Ok(Self { text, fixed })
    }
}

/// The text above the functions.
const INTRODUCTION: &str = "\
A field that you leave blank is not sent. The word in front of a function says what a call may do: `read` changes \
nothing. You must confirm a call that is `destructive` or has an `unknown` effect, and a call whose arguments decide what \
it does, such as `CreateJob`.\n\n\
The vendor publishes no description of the API in this form. Names and arguments come from a function list, and \
everything else comes from public sources. A call has succeeded only if its `statusCode` is `succeeded`.";

/// Puts the effect in front of the summary.
fn show_effect(operation: &mut Map<String, Value>) {
    let text = |name| operation.get(name).and_then(Value::as_str).unwrap_or_default();
    let summary = format!("[{}] {}", text("x-mailstore-effect"), text("summary"));
    operation.insert("summary".to_owned(), summary.into());
}

/// Returns the schema of the form of an operation.
fn form_of(operation: &mut Map<String, Value>) -> Option<&mut Map<String, Value>> {
    operation
        .get_mut("requestBody")?
        .get_mut("content")?
        .get_mut("application/x-www-form-urlencoded")?
        .get_mut("schema")?
        .as_object_mut()
}
