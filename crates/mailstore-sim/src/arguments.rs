//! Parses the arguments of a call from the form and validates them against the dump, as the server does.

use std::collections::BTreeMap;

use mailstore_metadata::{Argument, ArgumentKind, Function};
use serde_json::Value;

use crate::envelope::Failure;
use crate::time::{self, Civil};

/// The fields of a form, in the order in which they were sent.
pub(crate) struct Form {
    pub(crate) fields: Vec<(String, String)>,
    /// Problems with the body itself.
    pub(crate) problems: Vec<String>,
}

impl Form {
    /// Parses `application/x-www-form-urlencoded`.
    pub(crate) fn read(body: &[u8], content_type: Option<&str>) -> Form {
        let fields: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
        let mut problems = Vec::new();
        let is_form = content_type.is_some_and(|value| {
            let kind = value.split(';').next().unwrap_or_default();
            kind.trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        });
        if !body.is_empty() && !is_form {
            let given = content_type.unwrap_or("missing");
            problems.push(format!(
                "content type is {given}, not application/x-www-form-urlencoded"
            ));
        }
        for (name, value) in &fields {
            if name.contains(char::REPLACEMENT_CHARACTER) || value.contains(char::REPLACEMENT_CHARACTER) {
                problems.push(format!("argument {name} is not UTF-8"));
            }
        }
        Form { fields, problems }
    }

    /// Returns the first field with this name.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }

    /// Returns a number argument of a low-level function. The error for a missing argument does not name the argument
    /// (inferred).
    pub(crate) fn nullable_number(&self, name: &str) -> Result<i64, Failure> {
        number(self.first(name).ok_or_else(Failure::unset_nullable)?)
    }

    /// Reports fields that the function does not have, fields that are sent twice, and booleans with a capital
    /// letter, which a real server may reject.
    ///
    /// The behaviour of the real server is not known, so these problems are only recorded. If a field is repeated, the
    /// first value counts.
    pub(crate) fn oddities(&self, function: &Function) -> Vec<String> {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, _) in &self.fields {
            *seen.entry(name).or_default() += 1;
        }
        let mut problems = Vec::new();
        for (name, value) in &self.fields {
            let argument = function.argument(name);
            let is_bool = argument.is_some_and(|argument| matches!(argument.kind, ArgumentKind::Bool));
            if is_bool && matches!(value.as_str(), "True" | "False") {
                problems.push(format!("argument {name} is {value}, not in lower case"));
            }
        }
        for (name, times) in seen {
            if function.argument(name).is_none() {
                problems.push(format!("{} has no argument {name}", function.name));
            }
            if times > 1 {
                problems.push(format!("argument {name} is sent {times} times"));
            }
        }
        problems
    }
}

/// A value of the kind that the dump declares.
#[derive(Debug, Clone)]
enum Given {
    Text(String),
    Number(i64),
    Flag(bool),
    Json(Value),
}

/// The validated arguments of one call.
#[derive(Debug, Clone, Default)]
pub(crate) struct Arguments(BTreeMap<String, Given>);

impl Arguments {
    /// Validates every argument of `function` in the order of the dump. The first invalid argument is an error.
    pub(crate) fn check(form: &Form, function: &Function) -> Result<Arguments, Failure> {
        let mut given = BTreeMap::new();
        for argument in &function.arguments {
            match form.first(&argument.name) {
                Some(text) => {
                    given.insert(argument.name.clone(), read(argument, text)?);
                }
                None if argument.nullable => {}
                None => return Err(Failure::missing(&argument.name)),
            }
        }
        Ok(Arguments(given))
    }

    /// Returns a required string.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Failure> {
        self.optional_text(name).ok_or_else(|| Failure::missing(name))
    }

    /// Returns an optional string.
    pub(crate) fn optional_text(&self, name: &str) -> Option<&str> {
        match self.0.get(name) {
            Some(Given::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Returns an optional string as an owned value.
    pub(crate) fn owned_text(&self, name: &str) -> Option<String> {
        self.optional_text(name).map(str::to_owned)
    }

    /// Returns a required number.
    pub(crate) fn number(&self, name: &str) -> Result<i64, Failure> {
        self.optional_number(name).ok_or_else(|| Failure::missing(name))
    }

    /// Returns an optional number.
    pub(crate) fn optional_number(&self, name: &str) -> Option<i64> {
        match self.0.get(name) {
            Some(Given::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// Returns a required boolean.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Failure> {
        self.optional_flag(name).ok_or_else(|| Failure::missing(name))
    }

    /// Returns an optional boolean.
    pub(crate) fn optional_flag(&self, name: &str) -> Option<bool> {
        match self.0.get(name) {
            Some(Given::Flag(flag)) => Some(*flag),
            _ => None,
        }
    }

    /// Returns a required JSON value.
    pub(crate) fn json(&self, name: &str) -> Result<&Value, Failure> {
        match self.0.get(name) {
            Some(Given::Json(value)) => Ok(value),
            _ => Err(Failure::missing(name)),
        }
    }

    /// Returns a date and time such as `2026-01-01T00:00:00`. Surrounding white space is ignored.
    pub(crate) fn date(&self, name: &str) -> Result<Civil, Failure> {
        time::parse(self.text(name)?.trim()).ok_or_else(Failure::date)
    }
}

fn read(argument: &Argument, text: &str) -> Result<Given, Failure> {
    Ok(match argument.kind {
        ArgumentKind::String => Given::Text(text.to_owned()),
        ArgumentKind::Number => Given::Number(number(text)?),
        // The vendor's Python wrappers send `True` and `False` (documented). A user reported that the server rejects
        // them.
        ArgumentKind::Bool => match text {
            "true" | "True" => Given::Flag(true),
            "false" | "False" => Given::Flag(false),
            _ => return Err(Failure::format("String was not recognized as a valid Boolean.")),
        },
        ArgumentKind::Json => match serde_json::from_str(text) {
            Ok(value) => Given::Json(value),
            Err(_) => {
                return Err(Failure::format(format!(
                    "API argument {} is not valid JSON.",
                    argument.name
                )));
            }
        },
    })
}

/// Parses decimal digits with an optional minus sign. Fractions and exponents are rejected (inferred).
fn number(text: &str) -> Result<i64, Failure> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Failure::format("Input string was not in a correct format."));
    }
    text.parse()
        .map_err(|_| Failure::format("Value was either too large or too small for a number."))
}
