//! A function as a tool.

use mailstore_codegen::model::{Function, Type};
use mailstore_reach::{Catalog, is_secret, name_of_type, without_markdown};
use mailstore_transport::printable_lines;
use rmcp::model::Tool;

use crate::confirmation::CONFIRMATION;
use crate::effect::{hints, needs_confirmation};
use crate::schema;
use crate::settings::Settings;

/// The longest name of a tool.
const LONGEST_NAME: usize = 64;

/// Returns whether clients accept the name of a function as the name of a tool.
pub(crate) fn is_valid_name(name: &str) -> bool {
    let is_valid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(is_valid)
}

/// Returns the tool for a function.
pub(crate) fn tool(catalog: &Catalog, function: &Function, settings: &Settings) -> Tool {
    let is_confirmed = needs_confirmation(&function.wire, function.effect);
    let schema = schema::of(catalog, function, settings, is_confirmed);
    Tool::new(function.wire.clone(), description(catalog, function), schema)
        .with_annotations(hints(&function.wire, function.effect))
}

/// Returns what a function does, its effect and its result.
fn description(catalog: &Catalog, function: &Function) -> String {
    let mut paragraphs = Vec::new();
    for sentences in [&function.summary, &function.doc] {
        if !sentences.is_empty() {
            paragraphs.push(without_markdown(catalog, sentences));
        }
    }
    let effect = without_markdown(catalog, function.effect.description());
    paragraphs.push(format!("Effect: {effect}"));
    if needs_confirmation(&function.wire, function.effect) {
        paragraphs.push(format!(
            "Each call needs a confirmation. Call it without `{CONFIRMATION}` first: the person then reads a token on the terminal and decides whether to pass it on."
        ));
    }
    if function.long {
        paragraphs.push("Runs for minutes or hours.".to_owned());
    }
    let secrets: Vec<String> = function
        .arguments
        .iter()
        .filter(|argument| is_secret(argument))
        .map(|argument| format!("`{}`", argument.wire))
        .collect();
    if !secrets.is_empty() {
        paragraphs.push(format!(
            "The person sets these secrets when `mailstore mcp` starts, so they are not arguments of the tool: {}.",
            secrets.join(", ")
        ));
    }
    match (&function.result, function.result_doc.as_str()) {
        (Type::Null, "") => {}
        (Type::Secret, _) => paragraphs.push("Result: a secret, which is not shown.".to_owned()),
        (Type::Null | Type::Json, words) if !words.is_empty() => {
            paragraphs.push(format!("Result: {}", without_markdown(catalog, words)));
        }
        (result, "") => paragraphs.push(format!("Result: {}.", name_of_type(result))),
        (result, words) => paragraphs.push(format!(
            "Result: {}. {}",
            name_of_type(result),
            without_markdown(catalog, words)
        )),
    }
    // The list of a server may contain any text.
    printable_lines(&paragraphs.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tools_are_those_that_clients_accept() {
        for name in ["GetServerInfo", "a", "a_b-9"] {
            assert!(is_valid_name(name), "{name}");
        }
        for name in ["", "a b", "a.b", "\u{e4}", &"x".repeat(65)] {
            assert!(!is_valid_name(name), "{name}");
        }
    }
}
