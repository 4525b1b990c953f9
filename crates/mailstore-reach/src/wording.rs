//! The facts about functions and arguments in words, for help texts and descriptions.

use mailstore_codegen::model::{Argument, Function, Type, TypeBody};

use crate::catalog::{Catalog, is_secret};

/// Returns the type of an argument, with the words that it may have.
pub fn kind_of_argument(catalog: &Catalog, argument: &Argument) -> String {
    if let Some(known) = catalog.words(&argument.ty) {
        let words: Vec<&str> = known.words.iter().map(|(word, _)| *word).collect();
        let separator = if known.is_set { ", " } else { " | " };
        let words = words.join(separator);
        return if known.is_set {
            format!("words of: {words}")
        } else {
            words
        };
    }
    match catalog.named(&argument.ty).map(|definition| &definition.body) {
        Some(TypeBody::NumberId) => "number".to_owned(),
        Some(TypeBody::TextId) => "string".to_owned(),
        Some(TypeBody::Record { .. }) => "json".to_owned(),
        _ => name_of_type(&argument.ty),
    }
}

/// Returns the description of an argument.
pub fn about_argument(catalog: &Catalog, argument: &Argument) -> String {
    let mut sentences = Vec::new();
    if let Some(fixed) = &argument.fixed {
        sentences.push(format!("Sent as `{fixed}` if it is not given."));
    } else if argument.is_required() {
        sentences.push("Required.".to_owned());
    } else {
        sentences.push("Optional.".to_owned());
    }
    if let Some(default) = &argument.default {
        sentences.push(format!("Default: {}.", without_markdown(catalog, default)));
    }
    if is_secret(argument) {
        sentences.push(
            "Secret: it is read from a file, from an environment variable (`--secret-env`) or from a prompt."
                .to_owned(),
        );
    }
    if !argument.doc.is_empty() {
        sentences.push(without_markdown(catalog, &argument.doc));
    }
    sentences.join(" ")
}

/// Returns the name of a type.
pub fn name_of_type(ty: &Type) -> String {
    match ty {
        Type::Null => "nothing".to_owned(),
        Type::String | Type::Secret => "string".to_owned(),
        Type::Number => "number".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Json => "json".to_owned(),
        Type::DateTime => "date and time (2026-01-31T23:59:59)".to_owned(),
        Type::Time => "time of day (23:59)".to_owned(),
        Type::Utc => "date and time in UTC".to_owned(),
        Type::EpochMilliseconds => "milliseconds since 1970-01-01 in UTC".to_owned(),
        Type::Seconds => "seconds".to_owned(),
        Type::Port => "port".to_owned(),
        Type::Named { name, .. } => name.clone(),
        Type::List(item) => format!("list of {}", name_of_type(item)),
        _ => "json".to_owned(),
    }
}

/// Returns Markdown as text for a terminal: without marks, and with the names of functions and arguments on the wire
/// instead of those in Rust.
pub fn without_markdown(catalog: &Catalog, markdown: &str) -> String {
    let text = markdown.replace("**", "");
    let mut parts = text.split('`');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for (index, part) in parts.enumerate() {
        plain.push('`');
        let is_code = index % 2 == 0;
        match wire_name(catalog, part).filter(|_| is_code) {
            Some(wire) => plain.push_str(wire),
            None => plain.push_str(part),
        }
    }
    plain
}

/// Returns the wire name of a Rust method or setter.
fn wire_name<'a>(catalog: &'a Catalog, rust: &str) -> Option<&'a str> {
    let functions = || catalog.api.groups.iter().flat_map(|group| &group.functions);
    let is_method = |function: &&Function| function.method.as_str() == rust;
    functions()
        .find(is_method)
        .map(|function| function.wire.as_str())
        .or_else(|| {
            let mut arguments = functions().flat_map(|function| &function.arguments);
            let found = arguments.find(|argument| argument.name.as_str() == rust)?;
            Some(&found.wire)
        })
}
