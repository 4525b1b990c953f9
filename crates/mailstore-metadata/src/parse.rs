//! Parses a text into functions, in the order of the text. The first problem ends parsing.

use std::collections::HashMap;
use std::ops::Range;

use crate::failure::Failure;
use crate::function::{Argument, ArgumentKind, Function};
use crate::json::{Members, Value};
use crate::left_out::LeftOut;
use crate::name::{self, NameFault, PathFault};
use crate::problem::{Problem, cut};

/// How to treat a function with an argument of an unknown type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnknownTypes {
    /// Return an error.
    Reject,
    /// Leave out the function and continue.
    LeaveOut,
}

/// The result of parsing a text.
#[derive(Debug, Default)]
pub(crate) struct Content {
    /// The functions in the order of the text. No name occurs twice.
    pub(crate) functions: Vec<Function>,
    /// The arguments because of which functions were left out, in the order of the text.
    pub(crate) left_out: Vec<LeftOut>,
}

/// Parses the functions of a dump.
pub(crate) fn content(text: &str, unknown_types: UnknownTypes) -> Result<Content, Box<Failure>> {
    let content = text.trim_ascii_start();
    let start = text.len() - content.len();
    if content.is_empty() {
        return Err(Failure::new(Problem::Empty));
    }
    if content.starts_with('<') {
        return Err(Failure::new(Problem::Markup).label(start..start + 1, "markup starts here"));
    }
    let response = Value::first(text)?;
    let Some(list) = list_in(response) else {
        return Err(not_an_array(response));
    };
    response.check_end(text)?;
    let mut content = Content::default();
    let mut seen: HashMap<String, Range<usize>> = HashMap::new();
    for value in list.elements(|| "a dump".to_owned())? {
        let members = value.members(|| "a function".to_owned())?;
        let (name, place) = name_of(&members, "a function")?;
        if let Some(first) = seen.insert(name.clone(), place.clone()) {
            return Err(twice(Problem::DuplicateFunction { name }, first, place));
        }
        let known = content.left_out.len();
        let arguments = arguments(&members, &name, unknown_types, &mut content.left_out)?;
        let path = path(&members, &name)?;
        if content.left_out.len() == known {
            content.functions.push(Function {
                name,
                arguments,
                path,
            });
        }
    }
    Ok(content)
}

/// Returns the list itself, or the list in the envelope of a successful call.
///
/// A script for version 26.1 expects the response of get-metadata in an envelope. This is weak evidence from one third
/// party: every other source has the list without an envelope.
fn list_in(response: Value<'_>) -> Option<Value<'_>> {
    if response.is_array() {
        return Some(response);
    }
    let envelope = response.members(String::new).ok()?;
    let status = envelope.get("statusCode")?.string(String::new).ok()?;
    let succeeded = status.eq_ignore_ascii_case("succeeded") && envelope.optional("error").is_none();
    envelope.get("result").filter(|list| succeeded && list.is_array())
}

/// Describes a value that is not a list. Most often, it is the response of a server that rejected the request.
fn not_an_array(value: Value<'_>) -> Box<Failure> {
    let span = value.span();
    let members = value.members(String::new).ok();
    match members.filter(|members| members.get("error").or(members.get("statusCode")).is_some()) {
        Some(envelope) => Failure::new(Problem::Envelope {
            message: error_message(&envelope),
        })
        .label(span, "the response to an API call"),
        None => {
            let found = value.kind();
            Failure::new(Problem::NotAnArray { found }).label(span, format!("this is {found}"))
        }
    }
}

/// Returns the `message` of an envelope's `error`, which is null or `{message, details}` (documented).
fn error_message(envelope: &Members<'_>) -> Option<String> {
    let error = envelope.get("error")?.members(String::new).ok()?;
    let message = error.get("message")?.string(String::new).ok()?;
    Some(cut(&message))
}

/// Returns the arguments of known types. Adds the others to `left_out` if `unknown_types` allows it.
fn arguments(
    function: &Members<'_>,
    function_name: &str,
    unknown_types: UnknownTypes,
    left_out: &mut Vec<LeftOut>,
) -> Result<Vec<Argument>, Box<Failure>> {
    // A null or missing member means an empty list: .NET serialisers can be configured to omit empty values.
    let Some(list) = function.optional("args") else {
        return Ok(Vec::new());
    };
    let mut arguments = Vec::new();
    let mut seen: HashMap<String, Range<usize>> = HashMap::new();
    for value in list.elements(|| format!("\"args\" of function {function_name:?}"))? {
        let an_argument = format!("an argument of function {function_name:?}");
        let members = value.members(|| an_argument.clone())?;
        let (name, place) = name_of(&members, &an_argument)?;
        if let Some(first) = seen.insert(name.clone(), place.clone()) {
            let function = function_name.to_owned();
            return Err(twice(Problem::DuplicateArgument { function, name }, first, place));
        }
        let owner = || format!("argument {name:?} of function {function_name:?}");
        let (word, place) = type_of(&members, owner)?;
        let nullable = members
            .required("nullable", owner)?
            .boolean(|| format!("\"nullable\" of {}", owner()))?;
        let known = ArgumentKind::from_word(&word);
        match known {
            Some(kind) => arguments.push(Argument { name, kind, nullable }),
            None if unknown_types == UnknownTypes::LeaveOut => left_out.push(LeftOut {
                function: function_name.to_owned(),
                argument: name,
                word: cut(&word),
            }),
            None => return Err(unknown_type(owner(), &word, place)),
        }
    }
    Ok(arguments)
}

/// Returns the word for the type and its place.
fn type_of(
    argument: &Members<'_>,
    owner: impl Fn() -> String,
) -> Result<(String, Range<usize>), Box<Failure>> {
    let value = argument.required("type", &owner)?;
    let word = value.string(|| format!("\"type\" of {}", owner()))?;
    Ok((word, value.span()))
}

fn unknown_type(owner: String, word: &str, place: Range<usize>) -> Box<Failure> {
    let word = cut(word);
    Failure::new(Problem::UnknownType { owner, word }).label(place, "unknown type")
}

/// Returns the checked name of a function or an argument, and its place.
fn name_of(members: &Members<'_>, owner: &str) -> Result<(String, Range<usize>), Box<Failure>> {
    let value = members.required("name", || owner.to_owned())?;
    let text = value.string(|| format!("\"name\" of {owner}"))?;
    if let Err(fault) = name::check(&text) {
        let (span, label) = name_fault(value, &fault);
        return Err(Failure::new(Problem::BadName {
            owner: owner.to_owned(),
            name: cut(&text),
            fault,
        })
        .label(span, label));
    }
    Ok((text, value.span()))
}

/// Returns the place in a name that shows the problem best.
fn name_fault(name: Value<'_>, fault: &NameFault) -> (Range<usize>, &'static str) {
    match *fault {
        NameFault::Character { character, offset } => (
            name.span_within_string(offset..offset + character.len_utf8()),
            "not allowed in a name",
        ),
        _ => (name.span(), "invalid name"),
    }
}

fn path(function: &Members<'_>, function_name: &str) -> Result<Option<String>, Box<Failure>> {
    let Some(value) = function.optional("path") else {
        return Ok(None);
    };
    let path = value.string(|| format!("\"path\" of function {function_name:?}"))?;
    name::check_path(&path).map_err(|fault: PathFault| {
        let function = function_name.to_owned();
        Failure::new(Problem::BadPath {
            function,
            path: cut(&path),
            fault,
        })
        .label(value.span(), "invalid path")
    })?;
    Ok(Some(path))
}

fn twice(problem: Problem, first: Range<usize>, second: Range<usize>) -> Box<Failure> {
    Failure::new(problem)
        .label(first, "first listed here")
        .label(second, "listed again here")
}

#[cfg(all(test, feature = "diagnostics"))]
mod tests;
