//! Places and suggestions for the errors of TOML files.

use mailstore_api::printable;

/// Returns the problem of a TOML file with its line, and a suggestion if a name is similar to a known one.
pub(crate) fn problem(text: &str, error: &toml::de::Error) -> String {
    let place = error.span().map_or_else(String::new, |span| {
        format!("line {}: ", line_of(text, span.start))
    });
    format!("{place}{}", toml_message(error))
}

/// Returns the message of an error in a TOML file, and a suggestion if a name is similar to a known one.
///
/// The text of the error itself would contain the line of the file, which may contain a password.
pub fn toml_message(error: &toml::de::Error) -> String {
    let message = error.message().trim_end();
    let hint = suggestion(message).map_or_else(String::new, |known| format!(". Did you mean `{known}`?"));
    format!("{}{hint}", printable(message))
}

/// Returns the line of an offset. The first line is 1.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count() + 1
}

/// Returns the known word that is most similar to `word`, if one is.
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    known
        .iter()
        .map(|known| (strsim::jaro_winkler(&word, &known.to_lowercase()), *known))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, known)| known)
}

/// Returns the suggestion for a message such as "unknown field `a`, expected one of `b`, `c`".
fn suggestion(message: &str) -> Option<&str> {
    if !message.starts_with("unknown field `") && !message.starts_with("unknown variant `") {
        return None;
    }
    let words: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (unknown, known) = words.split_first()?;
    nearest(unknown, known)
}
