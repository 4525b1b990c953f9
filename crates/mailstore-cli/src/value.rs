//! Values of results, for filters, tables and the formats that need a parsed value.

use jaq_all::json::{Map, Val, read, write};
use miette::{IntoDiagnostic as _, Report, miette};

/// The deepest nesting that is parsed. The parser needs stack memory for each level.
const MAX_DEPTH: usize = 128;

/// Parses JSON text.
///
/// # Errors
/// The text is nested too deeply.
pub(crate) fn parse(json: &str) -> Result<Val, Report> {
    if depth(json) > MAX_DEPTH {
        return Err(miette!(
            help = "Use `--output json` or `--output raw`.",
            "the result is nested more than {MAX_DEPTH} levels deep"
        ));
    }
    read::parse_single(json.as_bytes()).map_err(|error| miette!("the result is not JSON: {error}"))
}

/// Returns the number of levels of arrays and objects in a JSON text.
fn depth(json: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in json.bytes() {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Returns a value as JSON text on one line.
pub(crate) fn json(value: &Val) -> Result<String, Report> {
    let mut text = Vec::new();
    write::write(&mut text, &write::Pp::default(), 0, value).into_diagnostic()?;
    String::from_utf8(text).into_diagnostic()
}

/// Returns the text of a value: a string without quotes, everything else as JSON. `null` is empty.
pub(crate) fn text(value: &Val) -> String {
    match value {
        Val::Null => String::new(),
        Val::TStr(text) => String::from_utf8_lossy(text).into_owned(),
        other => other.to_string(),
    }
}

/// Returns the names of the members of all items, in the order in which they first appear.
pub(crate) fn names(items: &[Val]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for item in items {
        if let Val::Obj(members) = item {
            for name in members.keys().map(text) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    names
}

/// Returns a member of an object, or `null`.
pub(crate) fn member(value: &Val, name: &str) -> Val {
    match value {
        Val::Obj(members) => members
            .get(&Val::from(name.to_owned()))
            .cloned()
            .unwrap_or_default(),
        _ => Val::Null,
    }
}

/// Returns an object with only these members. Other values stay as they are.
pub(crate) fn only(value: &Val, names: &[String]) -> Val {
    let Val::Obj(members) = value else {
        return value.clone();
    };
    let mut kept = Map::default();
    for name in names {
        let name = Val::from(name.clone());
        if let Some(value) = members.get(&name) {
            kept.insert(name, value.clone());
        }
    }
    Val::obj(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits() {
        for number in ["123456789012345678901234567890", "1.10", "1e400", "-5"] {
            assert_eq!(parse(number).map(|value| text(&value)).expect(number), number);
        }
    }

    #[test]
    fn deep_nesting_is_an_error() {
        let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        parse(&deep(MAX_DEPTH)).expect("this is the limit");
        let error = parse(&deep(1_000_000)).expect_err("too deep");
        assert!(error.to_string().contains("128 levels"), "{error}");
        parse(&format!("\"{}\"", "[".repeat(1000))).expect("brackets in a string are no levels");
    }
}
