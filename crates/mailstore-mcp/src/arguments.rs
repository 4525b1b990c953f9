//! The arguments of a call, from an assistant: checked before anything is sent.

use mailstore_codegen::model::{Argument, ArgumentKind, Function, Type};
use mailstore_reach::{Catalog, check_value, find, is_instance, is_secret};
use mailstore_transport::{Call, Connection, Json, SecretString, printable};
use rmcp::model::JsonObject;
use serde_json::Value;

use crate::confirmation::ExactCall;
use crate::refusal::Refusal;
use crate::schema::is_joined;
use crate::settings::Settings;
use crate::unsendable;

/// The checked arguments of a function, in its order.
pub(crate) struct Arguments<'a> {
    function: &'a Function,
    given: Vec<(&'a Argument, Given)>,
}

/// The value of an argument as it is sent.
enum Given {
    Shown(String),
    Secret(SecretString),
}

impl<'a> Arguments<'a> {
    /// Checks the arguments of a call, and adds the secrets and the instance of the settings.
    ///
    /// # Errors
    /// An argument is unknown, missing, a secret, or has a value that the function does not take.
    pub(crate) fn read(
        catalog: &Catalog,
        function: &'a Function,
        values: &JsonObject,
        settings: &Settings,
    ) -> Result<Self, Refusal> {
        for name in values.keys() {
            if !function.arguments.iter().any(|argument| argument.wire == *name) {
                return Err(unknown(function, name));
            }
        }
        let mut given = Vec::new();
        for argument in &function.arguments {
            let value = values.get(&argument.wire).filter(|value| !value.is_null());
            if let Some(found) = one(catalog, function, argument, value, settings)? {
                given.push((argument, found));
            }
        }
        Ok(Self { function, given })
    }

    /// Creates the call for a connection.
    pub(crate) fn call(&self, connection: &Connection) -> Call<Json> {
        let call = Call::<Json>::new(connection, &self.function.wire);
        self.given
            .iter()
            .fold(call, |call, (argument, given)| match given {
                Given::Shown(value) => call.arg(&argument.wire, value.as_str()),
                Given::Secret(value) => call.arg(&argument.wire, value.clone()),
            })
    }

    /// Returns the call that a person confirms.
    pub(crate) fn exact(&self) -> ExactCall {
        let arguments = self.given.iter().map(|(argument, given)| {
            let value = match given {
                Given::Shown(value) => value.clone(),
                Given::Secret(_) => "(hidden)".to_owned(),
            };
            (argument.wire.clone(), value)
        });
        ExactCall {
            function: self.function.wire.clone(),
            arguments: arguments.collect(),
        }
    }
}

/// Reads one argument. Returns `None` if it is left out.
fn one(
    catalog: &Catalog,
    function: &Function,
    argument: &Argument,
    value: Option<&Value>,
    settings: &Settings,
) -> Result<Option<Given>, Refusal> {
    let name = &argument.wire;
    if is_secret(argument) {
        return secret(function, argument, value.is_some(), settings);
    }
    if let Some(value) = value {
        unsendable::check(argument, value)?;
        let text = wire_text(argument, value)?;
        check_value(catalog, argument, &text, Some(""))?;
        if argument.fixed.as_ref().is_some_and(|fixed| *fixed != text) {
            let fixed = argument.fixed.as_deref().unwrap_or_default();
            return Err(wrong(argument, &format!("`{fixed}`"), value));
        }
        return Ok(Some(Given::Shown(text)));
    }
    if let Some(fixed) = &argument.fixed {
        return Ok(Some(Given::Shown(fixed.clone())));
    }
    if let Some(id) = settings.instance.as_ref().filter(|_| is_instance(argument)) {
        return Ok(Some(Given::Shown(id.clone())));
    }
    if argument.is_required() {
        return Err(Refusal::new(
            format!("{} needs the argument `{name}`", function.wire),
            "Add the argument and call the tool again.",
        ));
    }
    Ok(None)
}

/// Returns the value of a secret. It never comes from an assistant.
fn secret(
    function: &Function,
    argument: &Argument,
    is_given: bool,
    settings: &Settings,
) -> Result<Option<Given>, Refusal> {
    let name = &argument.wire;
    let ask = format!(
        "Ask the person to start `mailstore mcp` with `--secret-file {0}.{name}=FILE` or `--secret-env {0}.{name}=VARIABLE`, or to call the function with `mailstore call {0}`. Do not ask for the secret itself.",
        function.wire
    );
    if is_given {
        return Err(Refusal::new(
            format!("the argument `{name}` is a secret, which an assistant cannot give"),
            ask,
        ));
    }
    let full_name = format!("{}.{name}", function.wire);
    let stored = settings
        .secrets
        .iter()
        .find(|(stored, _)| stored.eq_ignore_ascii_case(&full_name));
    match stored {
        Some((_, value)) => Ok(Some(Given::Secret(value.clone()))),
        None if argument.is_required() => Err(Refusal::new(
            format!(
                "{} needs the argument `{name}`, which is a secret and is not set",
                function.wire
            ),
            ask,
        )),
        None => Ok(None),
    }
}

/// Returns a value as the text that is sent.
fn wire_text(argument: &Argument, value: &Value) -> Result<String, Refusal> {
    match (argument.sent_as(), value) {
        (ArgumentKind::Number, Value::Number(number)) if number.is_i64() => Ok(number.to_string()),
        (ArgumentKind::Number, _) => Err(wrong(argument, "an integer", value)),
        (ArgumentKind::Bool, Value::Bool(flag)) => Ok(flag.to_string()),
        (ArgumentKind::Bool, _) => Err(wrong(argument, "`true` or `false`", value)),
        (ArgumentKind::Json, Value::Object(_) | Value::Array(_)) => Ok(value.to_string()),
        (ArgumentKind::Json, _) => Err(wrong(
            argument,
            "an object or an array, and not a text that contains it",
            value,
        )),
        (_, Value::String(text)) => Ok(text.clone()),
        (_, Value::Array(items)) => joined(argument, items, value),
        // A port and some ids may be numbers.
        (_, Value::Number(number)) if argument.ty == Type::Port && number.is_i64() => Ok(number.to_string()),
        _ => Err(wrong(argument, "a string", value)),
    }
}

/// Returns words as one text, separated by commas.
fn joined(argument: &Argument, items: &[Value], value: &Value) -> Result<String, Refusal> {
    let words: Option<Vec<&str>> = items
        .iter()
        .map(|item| item.as_str().filter(|word| !word.contains(',')))
        .collect();
    match words {
        Some(words) if is_joined(argument) => Ok(words.join(",")),
        None if is_joined(argument) => Err(wrong(argument, "an array of strings without commas", value)),
        _ => Err(wrong(argument, "a string", value)),
    }
}

fn wrong(argument: &Argument, wanted: &str, value: &Value) -> Refusal {
    Refusal::new(
        format!(
            "the argument `{}` must be {wanted}, not `{}`",
            argument.wire,
            printable(&value.to_string())
        ),
        "Correct the argument and call the tool again.",
    )
}

fn unknown(function: &Function, name: &str) -> Refusal {
    let known: Vec<&str> = function
        .arguments
        .iter()
        .filter(|argument| !is_secret(argument))
        .map(|argument| argument.wire.as_str())
        .collect();
    // Arguments of tools are written exactly, so that a similar name is only suggested.
    let suggestion = match find("argument", &known, |known| known, name) {
        Ok(similar) => Some(format!("Did you mean `{similar}`?")),
        Err(report) => report.help().map(|help| help.to_string()),
    };
    let list = if known.is_empty() {
        "It has no arguments.".to_owned()
    } else {
        format!("Its arguments: {}.", known.join(", "))
    };
    Refusal::new(
        format!("{} has no argument `{}`", function.wire, printable(name)),
        [suggestion, Some(list)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
    )
}
