//! Arguments of a call: read from the form, checked against the dump as the server checks them.

use std::collections::BTreeMap;

use mailstore_metadata::{Argument, ArgumentKind, Function};
use serde_json::Value;

use crate::envelope::Failure;
use crate::time::{self, Civil};

/// The fields of a form, in the order sent.
pub(crate) struct Form {
    pub(crate) fields: Vec<(String, String)>,
    /// What is odd about the body itself.
    pub(crate) problems: Vec<String>,
}

impl Form {
    /// Reads `application/x-www-form-urlencoded`.
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

    /// The first field of this name.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }

    /// A number of the low-level functions, where a missing one is not reported by name (inferred).
    pub(crate) fn nullable_number(&self, name: &str) -> Result<i64, Failure> {
        number(self.first(name).ok_or_else(Failure::unset_nullable)?)
    }

    /// Fields that the function does not have, fields sent twice, and booleans with a capital, which a real server may
    /// refuse.
    ///
    /// What the real server does with either is not known, so they are noted and otherwise ignored; of a repeated
    /// field the first one counts.
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

/// A value of the kind the dump asks for.
#[derive(Debug, Clone)]
enum Given {
    Text(String),
    Number(i64),
    Flag(bool),
    Json(Value),
}

/// The accepted arguments of one call.
#[derive(Debug, Clone, Default)]
pub(crate) struct Arguments(BTreeMap<String, Given>);

impl Arguments {
    /// Checks every argument of `function`, in the dump's order, and stops at the first that fails.
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

    /// A string that the function cannot do without.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Failure> {
        self.optional_text(name).ok_or_else(|| Failure::missing(name))
    }

    /// A string that may be left out.
    pub(crate) fn optional_text(&self, name: &str) -> Option<&str> {
        match self.0.get(name) {
            Some(Given::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// An optional string as its own value.
    pub(crate) fn owned_text(&self, name: &str) -> Option<String> {
        self.optional_text(name).map(str::to_owned)
    }

    /// A number that the function cannot do without.
    pub(crate) fn number(&self, name: &str) -> Result<i64, Failure> {
        self.optional_number(name).ok_or_else(|| Failure::missing(name))
    }

    /// A number that may be left out.
    pub(crate) fn optional_number(&self, name: &str) -> Option<i64> {
        match self.0.get(name) {
            Some(Given::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// A boolean that the function cannot do without.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Failure> {
        self.optional_flag(name).ok_or_else(|| Failure::missing(name))
    }

    /// A boolean that may be left out.
    pub(crate) fn optional_flag(&self, name: &str) -> Option<bool> {
        match self.0.get(name) {
            Some(Given::Flag(flag)) => Some(*flag),
            _ => None,
        }
    }

    /// A JSON value that the function cannot do without.
    pub(crate) fn json(&self, name: &str) -> Result<&Value, Failure> {
        match self.0.get(name) {
            Some(Given::Json(value)) => Ok(value),
            _ => Err(Failure::missing(name)),
        }
    }

    /// A date and time such as `2026-01-01T00:00:00`; blanks and line ends around it do no harm.
    pub(crate) fn date(&self, name: &str) -> Result<Civil, Failure> {
        time::parse(self.text(name)?.trim()).ok_or_else(Failure::date)
    }
}

fn read(argument: &Argument, text: &str) -> Result<Given, Failure> {
    Ok(match argument.kind {
        ArgumentKind::String => Given::Text(text.to_owned()),
        ArgumentKind::Number => Given::Number(number(text)?),
        // The vendor's Python wrappers send `True` and `False` (documented); a user reports that they are refused.
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

/// Plain decimal digits with an optional minus. Fractions and exponents are refused (inferred).
fn number(text: &str) -> Result<i64, Failure> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Failure::format("Input string was not in a correct format."));
    }
    text.parse()
        .map_err(|_| Failure::format("Value was either too large or too small for a number."))
}
