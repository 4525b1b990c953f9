//! Checks names in function lists.

use serde::{Deserialize, Deserializer, de};

/// The longest name, in bytes.
const LONGEST: usize = 255;

/// Whether text is a name: an ASCII letter or `_`, then ASCII letters, digits and `_`.
fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    text.len() <= LONGEST
        && characters
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether text consists of names without a leading `_`, with dots between them. Names with `_` are private in Python.
pub(crate) fn is_path(text: &str) -> bool {
    text.len() <= LONGEST
        && text
            .split('.')
            .all(|name| is_name(name) && !name.starts_with('_'))
}

/// Reads the name of a parameter.
pub(crate) fn single<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if is_name(&text) {
        return Ok(text);
    }
    Err(de::Error::custom(format_args!(
        "{text:?} cannot be the name of a parameter: a name has 1 to 255 ASCII letters, digits and `_`, and does not \
         begin with a digit"
    )))
}

/// Reads the name of a function, class or constant.
pub(crate) fn path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if is_path(&text) {
        return Ok(text);
    }
    Err(de::Error::custom(format_args!(
        "{text:?} cannot be a name here: it needs 1 to 255 ASCII letters, digits, `_` and dots, and each part begins \
         with a letter"
    )))
}

/// Reads a name or `null`.
pub(crate) fn optional_path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    struct Path(#[serde(deserialize_with = "path")] String);

    Ok(Option::<Path>::deserialize(deserializer)?.map(|path| path.0))
}
