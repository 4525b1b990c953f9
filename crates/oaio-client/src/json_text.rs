//! Writes JSON in the form of the Python client: a space after each comma and colon, and only ASCII characters.

use indexmap::IndexMap;
use wire_values::Json;

use crate::object::{Member, Object};
use crate::values::Values;

/// Maximum nesting of values. Deeper values are sent as they are.
const MAX_DEPTH: usize = 100;

/// Returns the JSON text of an object of strings.
pub(crate) fn of_strings(members: &[(&str, &str)]) -> String {
    let members = members.iter().map(|(name, text)| (*name, string(text)));
    object(members)
}

/// Returns the JSON text of an object as the server receives it.
pub(crate) fn of_object(record: &Object) -> String {
    let members = record.members();
    object(members.into_iter().map(|(name, member)| {
        let text = match member {
            Member::Null => "null".to_owned(),
            Member::Text(text) => string(text),
            Member::Values(values) => of_values(values),
        };
        (name, text)
    }))
}

fn of_values(values: &Values) -> String {
    object(values.iter().map(|(name, json)| (name, value(json, MAX_DEPTH))))
}

fn object<'a>(members: impl Iterator<Item = (&'a str, String)>) -> String {
    let members: Vec<String> = members
        .map(|(name, text)| format!("{}: {text}", string(name)))
        .collect();
    format!("{{{}}}", members.join(", "))
}

fn value(json: &Json, depth: usize) -> String {
    if depth == 0 {
        return json.text().to_owned();
    }
    match json.text().as_bytes().first() {
        Some(b'"') => match json.decode::<String>() {
            Ok(text) => string(&text),
            Err(_) => json.text().to_owned(),
        },
        Some(b'[') => match json.decode::<Vec<Json>>() {
            Ok(items) => {
                let items: Vec<String> = items.iter().map(|item| value(item, depth - 1)).collect();
                format!("[{}]", items.join(", "))
            }
            Err(_) => json.text().to_owned(),
        },
        Some(b'{') => match json.decode::<IndexMap<String, Json>>() {
            Ok(members) => object(
                members
                    .iter()
                    .map(|(name, member)| (name.as_str(), value(member, depth - 1))),
            ),
            Err(_) => json.text().to_owned(),
        },
        _ => json.text().to_owned(),
    }
}

/// Returns a JSON string with only ASCII characters.
fn string(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for character in text.chars() {
        match character {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            '\u{8}' => written.push_str("\\b"),
            '\u{c}' => written.push_str("\\f"),
            ' '..='~' => written.push(character),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    written.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    written.push('"');
    written
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_has_the_form_of_the_python_client() {
        let values: Values =
            r#"{"_name":"first note","t":"it's \"q\" ü\n☃😀","l":[1,2.50,true,null],"o":{"a":{}}}"#
                .parse()
                .unwrap();
        assert_eq!(
            of_values(&values),
            r#"{"_name": "first note", "t": "it's \"q\" \u00fc\n\u2603\ud83d\ude00", "l": [1, 2.50, true, null], "o": {"a": {}}}"#
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_back(text in "\\PC*|[\\x00-\\x7f]*") {
            let written = string(&text);
            prop_assert!(written.is_ascii());
            prop_assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
    }
}
