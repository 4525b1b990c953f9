//! Writes doc comments: converts text to `///` lines.

use proc_macro2::TokenStream;
use quote::quote;

use super::prose::{begins_a_block, code, one_line, printable, prose};
use super::rust_type::owned;
use super::style::Style;
use crate::model::{Api, Argument, Evidence, Function, Type};

/// The maximum length of a line in a doc comment, in bytes.
const WIDTH: usize = 100;

/// Doc comment attributes, one for each line. Paragraphs are wrapped at 100 characters.
///
/// `text` is trusted Markdown: escape text from an overlay with [`prose`] first.
pub fn doc(text: &str) -> TokenStream {
    let lines = lines(text);
    quote! { #(#[doc = #lines])* }
}

/// The doc comment for a text of an overlay. Every public item must have a doc comment, so an empty text gets a
/// default.
pub(super) fn prose_doc(text: &str) -> TokenStream {
    let text = prose(text);
    doc(if text.is_empty() {
        "Only the name is publicly known."
    } else {
        &text
    })
}

/// Inner doc comment attributes (`//!`) of a module.
pub(super) fn module_doc(text: &str) -> TokenStream {
    let lines = lines(text);
    quote! { #(#![doc = #lines])* }
}

fn lines(text: &str) -> impl Iterator<Item = String> {
    text.lines()
        .flat_map(wrap)
        .map(|line| if line.is_empty() { line } else { format!(" {line}") })
}

fn wrap(line: &str) -> Vec<String> {
    let indent = if line.starts_with("- ") { "  " } else { "" };
    let mut lines = vec![String::new()];
    for word in words(line) {
        let last = lines.last_mut().expect("there is always a line");
        if last.is_empty() {
            last.push_str(word);
        } else if last == "-" || last.len() + 1 + word.len() <= WIDTH || begins_a_block(word) {
            // A line with only `-` would turn the line before it into a heading.
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(format!("{indent}{word}"));
        }
    }
    lines
}

/// Splits a line at spaces. Inline code counts as one word, because a line break in it could start a block.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut place) = (0, 0);
    while let Some(first) = line[place..].chars().next() {
        match first {
            ' ' => {
                words.push(&line[start..place]);
                place += 1;
                start = place;
            }
            '\\' => place += 1 + line[place + 1..].chars().next().map_or(0, char::len_utf8),
            '`' => place += code(&line[place..]).unwrap_or(1),
            other => place += other.len_utf8(),
        }
    }
    words.push(&line[start..]);
    words
}

/// The documentation of a method.
pub(super) fn function_doc(function: &Function, style: &Style<'_>) -> String {
    let mut paragraphs = vec![summary(function)];
    if !function.doc.is_empty() {
        paragraphs.push(prose(&function.doc));
    }
    let combined = function.combined.iter();
    let combined =
        combined.map(|parts| format!("- `{}`: {}", parts.name.as_str(), words_of(&parts.doc, &parts.ty)));
    let required: Vec<String> = function.required().map(argument_line).chain(combined).collect();
    if !required.is_empty() {
        paragraphs.push(required.join("\n"));
    }
    let optional: Vec<String> = function
        .optional()
        .map(|argument| {
            let name = argument.name.as_str();
            style.link(name, Some(&format!("{}::{name}", function.request.as_str())))
        })
        .collect();
    if !optional.is_empty() {
        paragraphs.push(format!("Optional: {}.", optional.join(", ")));
    }
    paragraphs.push(returns(function, style));
    let mut effect = function.effect.description().to_owned();
    if function.long {
        effect.push_str(" Long-running: known to take minutes or hours.");
    }
    if let Some(mib) = function.response_limit_mib {
        effect.push_str(&format!(" The default limit of a response is {mib} MiB."));
    }
    effect.push_str(&seen(function));
    paragraphs.push(effect);
    paragraphs.join("\n\n")
}

/// The summary of a function. The method and the request type begin with it.
fn summary(function: &Function) -> String {
    match function.summary.as_str() {
        "" => format!("Calls `{}`.", function.wire),
        summary => prose(summary),
    }
}

/// The documentation of the request type of a function. `on` is the type that has the method.
pub(super) fn request_doc(function: &Function, on: &str, style: &Style<'_>) -> String {
    let method = style.link(&format!("{on}::{}", function.method.as_str()), None);
    let result = match &function.result {
        Type::Null => "nothing".to_owned(),
        result => type_link(result, style),
    };
    format!(
        "{}\n\nThis is the request of {method}. Awaiting it sends the request and returns {result}.",
        summary(function)
    )
}

/// The name of a type as code, with a link to the type. A list links to the type of its items.
fn type_link(ty: &Type, style: &Style<'_>) -> String {
    let (name, item) = (owned(ty), owned(ty.innermost()));
    // rustdoc warns about a link target that repeats the name.
    style.link(&name, Some(item.as_str()).filter(|item| *item != name))
}

/// The sentences that say when the function was first seen and which editions have it.
pub fn seen(function: &Function) -> String {
    let since = match function.since.as_str() {
        "" => String::new(),
        since => format!(" First seen: {}.", one_line(since)),
    };
    match function.editions.as_slice() {
        [] => since,
        editions => format!("{since} Editions: {}.", one_line(&editions.join(", "))),
    }
}

/// The example of a function as a code block. The lines that the example needs only to compile are hidden.
pub(super) fn example(api: &Api, function: &Function, krate: &str) -> TokenStream {
    if function.example.trim().is_empty() {
        return quote! {};
    }
    let handle = api.handle.as_ref().filter(|_| function.on_handle);
    let (variable, ty) = match handle {
        None => ("client".to_owned(), "Client"),
        Some(handle) => (handle.method.ident().to_string(), handle.name.as_str()),
    };
    let module = format!("{krate}::{}", api.name);
    let code = rename_client(&printable_lines(&function.example), &variable);
    // The fence is longer than any run of backticks in the code, so no line can end the block.
    let ticks = code.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(3.max(ticks + 1));
    let text = format!(
        "\n{fence}no_run\n# use {module}::*;\n# async fn example({variable}: &{ty}) -> Result<(), Box<dyn std::error::Error>> {{\n{code}\n# Ok(())\n# }}\n{fence}"
    );
    let lines = text.lines().map(|line| {
        if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        }
    });
    quote! { #(#[doc = #lines])* }
}

/// Replaces the variable `client` with `variable`. Other words and paths that contain `client` stay the same.
fn rename_client(code: &str, variable: &str) -> String {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut renamed = String::new();
    let mut rest = code;
    while let Some((before, after)) = rest.split_once("client") {
        renamed.push_str(before);
        let joined = renamed.ends_with(|c| part_of_word(c) || matches!(c, '.' | ':'))
            || after.starts_with(part_of_word);
        renamed.push_str(if joined { "client" } else { variable });
        rest = after;
    }
    renamed + rest
}

fn printable_lines(text: &str) -> String {
    text.trim().lines().map(printable).collect::<Vec<_>>().join("\n")
}

fn argument_line(argument: &Argument) -> String {
    let name = argument.name.as_str();
    let wire = if name == argument.wire {
        String::new()
    } else {
        format!(" (`{}`)", argument.wire)
    };
    format!("- `{name}`{wire}: {}", argument_words(argument))
}

/// The documentation of a setter.
pub(super) fn setter_doc(argument: &Argument) -> String {
    format!("`{}`: {}", argument.wire, argument_words(argument))
}

fn argument_words(argument: &Argument) -> String {
    let mut words = words_of(&argument.doc, &argument.ty);
    if let Some(default) = &argument.default {
        words.push_str(&format!(" Default: {}.", one_line(default)));
    }
    match argument.since.as_str() {
        "" => words,
        since => format!("{words} First seen: {}.", one_line(since)),
    }
}

/// The description of a parameter. If it is empty, returns a description of the type.
fn words_of(doc: &str, ty: &Type) -> String {
    match doc.trim() {
        "" => type_words(ty),
        doc => one_line(doc),
    }
}

fn type_words(ty: &Type) -> String {
    let words = match ty {
        Type::Number => "a whole number.",
        Type::Bool => "`true` or `false`.",
        Type::Json => "any value that serializes to JSON.",
        Type::Secret => "a secret. It is never shown or logged.",
        Type::List(_) => "a list.",
        Type::DateTime => "a date and time. Fractions of a second are cut off.",
        Type::Time => "a time of day.",
        Type::Seconds => "a duration in whole seconds.",
        Type::Port => "a TCP port.",
        Type::Named { name, .. } => return format!("a `{name}`."),
        Type::String | Type::Null | Type::Utc | Type::EpochMilliseconds | Type::EpochMicroseconds => {
            "a string."
        }
    };
    words.to_owned()
}

/// The paragraph about the result of a method: its type, the evidence and its description.
fn returns(function: &Function, style: &Style<'_>) -> String {
    let evidence = in_brackets(function.evidence);
    let words = prose(&function.result_doc);
    match (&function.result, words.as_str()) {
        (Type::Null, "") => format!("Returns nothing{evidence}."),
        (Type::Json, "") => format!(
            "Returns {}{evidence}. The result is not publicly known.",
            type_link(&Type::Json, style)
        ),
        (Type::Null, words) => format!("Returns nothing{evidence}. {words}"),
        (result, "") => format!("Returns {}{evidence}.", type_link(result, style)),
        (result, words) => format!("Returns {}{evidence}. {words}", type_link(result, style)),
    }
}

/// The sentence about the result of a function without its Rust type, for documents that show the type elsewhere.
pub fn result_sentence(function: &Function) -> String {
    let evidence = in_brackets(function.evidence);
    match (&function.result, prose(&function.result_doc).as_str()) {
        (Type::Null, "") => format!("Returns nothing{evidence}."),
        (Type::Json, "") => format!("Result{evidence}: not publicly known."),
        (_, "") => format!("Result{evidence}: see the schema."),
        (_, words) => format!("Result{evidence}: {words}"),
    }
}

fn in_brackets(evidence: Option<Evidence>) -> String {
    evidence.map_or_else(String::new, |evidence| format!(" ({})", evidence_word(evidence)))
}

/// The word for a grade of evidence.
pub fn evidence_word(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Documented => "documented",
        Evidence::Observed => "observed",
        Evidence::Inferred => "inferred",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Parser};

    use super::super::prose::{options, tests::texts};
    use super::*;

    /// Renders Markdown as rustdoc does: the structure and the words.
    fn rendered(markdown: &str) -> String {
        let mut rendered = String::new();
        for event in Parser::new_ext(markdown, options()) {
            match event {
                Event::Text(text) => rendered.push_str(&text),
                Event::Code(code) => rendered.push_str(&format!("`{code}`")),
                Event::SoftBreak => rendered.push(' '),
                other => rendered.push_str(&format!("{other:?}")),
            }
        }
        rendered
    }

    #[test]
    fn the_marker_of_a_list_item_is_never_alone_on_its_line() {
        let code = format!("`{}`", "long ".repeat(30));
        let text = prose(&format!("Before.\n- {code}"));
        let lines: Vec<String> = lines(&text).collect();
        assert_eq!(rendered(&lines.join("\n")), rendered(&text), "{lines:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// A word at the beginning of a line must not begin a list, a heading, a code block or another block.
        #[test]
        fn wrapping_does_not_change_the_rendered_text(texts in prop::collection::vec(texts(), 1..12)) {
            let text = prose(&texts.join(" "));
            let lines: Vec<String> = lines(&text).collect();
            prop_assert_eq!(rendered(&lines.join("\n")), rendered(&text), "{:?}", lines);
        }
    }
}
