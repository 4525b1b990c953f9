//! The `$` forms of values: cuts JSON into its parts, and tells forms from ordinary objects.

use std::borrow::Cow;

use serde_json::value::RawValue;
use wire_values::each_member;

/// Values may be nested this deeply in JSON. A form of Python's 100 levels needs up to four levels of JSON.
pub(crate) const DEEPEST: usize = 400;

/// Forms that JSON cannot hold. They stay as they are in results.
pub(crate) const KEPT: [&str; 5] = ["$bytes", "$float", "$handle", "$map", "$type"];

/// Says why a value cannot be carried.
pub(crate) type Problem = String;

/// Returns whether a JSON text may contain a key that begins with `$`.
pub(crate) fn may_have_forms(text: &str) -> bool {
    text.contains("\"$") || text.contains("\\u0024")
}

/// Returns the members of an object in their order.
pub(crate) fn members(text: &str) -> Result<Vec<(Cow<'_, str>, &str)>, Problem> {
    let mut members = Vec::new();
    each_member(text, &mut |name, value| members.push((name, value)))
        .map_err(|problem| problem.to_string())?;
    Ok(members)
}

/// Returns the texts of the items of an array.
pub(crate) fn items(text: &str) -> Result<Vec<&str>, Problem> {
    let items: Vec<&RawValue> =
        serde_json::from_str(text).map_err(|error| format!("not an array: {error}"))?;
    Ok(items.into_iter().map(RawValue::get).collect())
}

/// Returns the content of a JSON string.
pub(crate) fn string(text: &str) -> Option<String> {
    text.starts_with('"')
        .then(|| serde_json::from_str(text).ok())
        .flatten()
}

/// Returns a text as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Writes items between brackets, separated by commas.
pub(crate) fn write_list<T>(
    out: &mut String,
    [open, close]: [char; 2],
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut String, T) -> Result<(), Problem>,
) -> Result<(), Problem> {
    out.push(open);
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item)?;
    }
    out.push(close);
    Ok(())
}

/// Counts a level of nesting.
pub(crate) fn deeper(levels: usize) -> Result<usize, Problem> {
    levels
        .checked_sub(1)
        .ok_or_else(|| "the value is nested too deeply".to_owned())
}
