//! Checks the value of an argument before it is sent.

use jiff::civil;
use mailstore_codegen::model::{Argument, ArgumentKind, Type};
use miette::{Report, miette};

use crate::catalog::{Catalog, is_secret};
use crate::nearest::nearest;

/// Checks that a value has the type of its argument. If `words` is `None`, a value of the right type is valid even if it
/// is not one of the known words or not a date. The advice of errors about words and dates ends with the sentence in
/// `words`, which says how to send another value. It may be empty.
///
/// # Errors
/// The value has another type or is not a known word. The error does not contain secrets.
pub fn check_value(
    catalog: &Catalog,
    argument: &Argument,
    value: &str,
    words: Option<&str>,
) -> Result<(), Report> {
    let name = &argument.wire;
    match argument.sent_as() {
        ArgumentKind::Number if value.parse::<i64>().is_err() => {
            return Err(wrong(argument, "an integer", value));
        }
        ArgumentKind::Bool if !matches!(value, "true" | "false") => {
            return Err(wrong(argument, "`true` or `false`", value));
        }
        ArgumentKind::Json => {
            return match serde_json::from_str::<serde::de::IgnoredAny>(value) {
                Ok(_) => Ok(()),
                Err(error) if is_secret(argument) => Err(miette!(
                    "the argument `{name}` is not JSON (line {})",
                    error.line()
                )),
                Err(error) => Err(miette!("the argument `{name}` is not JSON: {error}")),
            };
        }
        _ => {}
    }
    // An empty value is how some functions remove a setting.
    let Some(otherwise) = words.filter(|_| !value.is_empty()) else {
        return Ok(());
    };
    match &argument.ty {
        Type::DateTime if civil::DateTime::strptime("%Y-%m-%dT%H:%M:%S", value).is_err() => {
            let wanted = "a date and time such as `2026-01-31T23:59:59`, without a time zone";
            Err(unlike(argument, wanted, value, otherwise))
        }
        Type::Time if civil::Time::strptime("%H:%M", value).is_err() => Err(unlike(
            argument,
            "a time of day such as `23:59`",
            value,
            otherwise,
        )),
        ty => check_words(catalog, argument, ty, value, otherwise),
    }
}

fn check_words(
    catalog: &Catalog,
    argument: &Argument,
    ty: &Type,
    value: &str,
    otherwise: &str,
) -> Result<(), Report> {
    let Some(known) = catalog.words(ty).filter(|known| !known.is_open) else {
        return Ok(());
    };
    let given: Vec<&str> = if known.is_set {
        value.split(',').map(str::trim).collect()
    } else {
        vec![value]
    };
    let is_known = |word: &str| known.words.iter().any(|(known, _)| *known == word);
    let Some(unknown) = given.into_iter().find(|word| !is_known(word)) else {
        return Ok(());
    };
    let words: Vec<&str> = known.words.iter().map(|(word, _)| *word).collect();
    let suggested = nearest(unknown, words.iter().copied());
    let suggestion = suggested.map_or_else(String::new, |word| format!("Did you mean `{word}`? "));
    let name = &argument.wire;
    Err(miette!(
        help = format!("{suggestion}Known values: {}. {otherwise}", words.join(", "))
            .trim_end()
            .to_owned(),
        "`{}` is not a known value of the argument `{name}`",
        mailstore_transport::printable(unknown),
    ))
}

fn wrong(argument: &Argument, wanted: &str, value: &str) -> Report {
    let value = if is_secret(argument) {
        "(hidden)".to_owned()
    } else {
        mailstore_transport::printable(value).to_string()
    };
    miette!("the argument `{}` must be {wanted}, not `{value}`", argument.wire)
}

/// Like `wrong`, for a value that the user may send anyway.
fn unlike(argument: &Argument, wanted: &str, value: &str, otherwise: &str) -> Report {
    let report = wrong(argument, wanted, value);
    if otherwise.is_empty() {
        return report;
    }
    miette!(help = otherwise.to_owned(), "{report}")
}
