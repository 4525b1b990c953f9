//! Arguments on their way to Python: keys that begin with `$` are escaped, and special values become forms.

use std::sync::Arc;

use crate::form::{DEEPEST, Problem, deeper, items, may_have_forms, members, quoted, string, write_list};
use crate::handle_table::{HandleTable, Slot};
use crate::python_value::marker;

/// Converts an argument. Adds the handles in it to `held`, so that they are not freed before the call.
///
/// The text becomes ASCII without line breaks later, in [`to_ascii`].
pub(crate) fn convert(
    text: &str,
    handles: &HandleTable,
    held: &mut Vec<Arc<Slot>>,
) -> Result<String, Problem> {
    let mut out = String::with_capacity(text.len());
    let mut writer = Writer { handles, held };
    writer.write(&mut out, text, DEEPEST)?;
    Ok(out)
}

struct Writer<'a> {
    handles: &'a HandleTable,
    held: &'a mut Vec<Arc<Slot>>,
}

impl Writer<'_> {
    fn write(&mut self, out: &mut String, text: &str, levels: usize) -> Result<(), Problem> {
        let text = text.trim();
        let levels = deeper(levels)?;
        match text.as_bytes().first() {
            Some(b'[') => write_list(out, ['[', ']'], items(text)?, |out, item| {
                self.write(out, item, levels)
            }),
            Some(b'{') => self.write_object(out, text, levels),
            Some(b'-' | b'0'..=b'9') => write_number(out, text),
            _ => {
                out.push_str(text);
                Ok(())
            }
        }
    }

    fn write_object(&mut self, out: &mut String, text: &str, levels: usize) -> Result<(), Problem> {
        let members = members(text)?;
        if let [(name, value)] = &members[..]
            && name == marker()
        {
            return self.write_form(out, value, levels);
        }
        if may_have_forms(text) && members.iter().any(|(name, _)| name.starts_with('$')) {
            out.push_str("{\"$map\":");
            write_list(out, ['[', ']'], members, |out, (name, value)| {
                out.push('[');
                out.push_str(&quoted(&name));
                out.push(',');
                self.write(out, value, levels)?;
                out.push(']');
                Ok(())
            })?;
            out.push('}');
            return Ok(());
        }
        write_list(out, ['{', '}'], members, |out, (name, value)| {
            out.push_str(&quoted(&name));
            out.push(':');
            self.write(out, value, levels)
        })
    }

    fn write_form(&mut self, out: &mut String, inner: &str, levels: usize) -> Result<(), Problem> {
        let members = members(inner)?;
        let [(kind, value)] = &members[..] else {
            return Err("the value is not complete".to_owned());
        };
        match &**kind {
            "$handle" => {
                let parts: [u64; 2] =
                    serde_json::from_str(value).map_err(|error| format!("not a handle: {error}"))?;
                let slot = self.handles.find(parts[0], parts[1])?;
                out.push_str(&format!(
                    "{{\"$handle\":{},\"class\":{}}}",
                    slot.number,
                    quoted(&slot.class)
                ));
                self.held.push(slot);
            }
            "$set" => {
                out.push_str("{\"$set\":");
                write_list(out, ['[', ']'], items(value)?, |out, item| {
                    self.write(out, item, levels)
                })?;
                out.push('}');
            }
            _ => out.push_str(&format!("{{{}:{value}}}", quoted(kind))),
        }
        Ok(())
    }
}

/// Whole numbers outside 64 bits need a form. A float must be finite.
fn write_number(out: &mut String, text: &str) -> Result<(), Problem> {
    let is_whole = !text.contains(['.', 'e', 'E']);
    if is_whole && text.parse::<i64>().is_err() {
        out.push_str(&format!("{{\"$int\":{}}}", quoted(text)));
    } else if !is_whole && !text.parse::<f64>().is_ok_and(f64::is_finite) {
        return Err("a number is too large for a float".to_owned());
    } else {
        out.push_str(text);
    }
    Ok(())
}

/// Returns valid JSON in ASCII, without line breaks.
pub(crate) fn to_ascii(json: &str) -> Vec<u8> {
    if json.is_ascii() && !json.contains(['\r', '\n']) {
        return json.as_bytes().to_vec();
    }
    let mut ascii = Vec::with_capacity(json.len() + json.len() / 2);
    for character in json.chars() {
        match u8::try_from(character) {
            // Strings contain no line breaks, so these are white space.
            Ok(b'\n' | b'\r') => ascii.push(b' '),
            Ok(byte @ ..=0x7f) => ascii.push(byte),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let digits = unit
                        .to_be_bytes()
                        .map(|byte| [byte >> 4, byte & 15].map(hex_digit));
                    ascii.extend_from_slice(b"\\u");
                    ascii.extend_from_slice(digits.as_flattened());
                }
            }
        }
    }
    ascii
}

fn hex_digit(digit: u8) -> u8 {
    digit + if digit < 10 { b'0' } else { b'a' - 10 }
}

/// Calls `each` with the strings in a JSON text, and with the keys.
pub(crate) fn each_string(text: &str, each: &mut dyn FnMut(&str)) {
    let text = text.trim();
    if let Some(text) = string(text) {
        each(&text);
    } else if let Ok(members) = members(text) {
        members.iter().for_each(|(_, value)| each_string(value, each));
    } else if let Ok(items) = items(text) {
        items.iter().for_each(|item| each_string(item, each));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::python_value::PythonValue;

    fn converted(text: &str) -> Result<String, Problem> {
        convert(text, &HandleTable::new(), &mut Vec::new())
    }

    #[test]
    fn keys_with_a_dollar_are_escaped() {
        for (text, form) in [
            (r#"{"a": {"$bytes": "x"}}"#, r#"{"a":{"$map":[["$bytes","x"]]}}"#),
            (
                r#"{"\u0024handle": 1, "b": 2}"#,
                r#"{"$map":[["$handle",1],["b",2]]}"#,
            ),
            (r#"["$int"]"#, r#"["$int"]"#),
            ("123456789012345678901", r#"{"$int":"123456789012345678901"}"#),
            (" -1.5e3 ", "-1.5e3"),
        ] {
            assert_eq!(converted(text).unwrap(), form);
        }
        assert!(converted("1e999").is_err());
        assert!(converted(&format!("{}{}", "[".repeat(1000), "]".repeat(1000))).is_err());
    }

    #[test]
    fn special_values_become_forms() {
        let text =
            serde_json::to_string(&[PythonValue::bytes("a"), PythonValue::float(f64::INFINITY)]).unwrap();
        assert_eq!(
            converted(&text).unwrap(),
            r#"[{"$bytes":"YQ=="},{"$float":"inf"}]"#
        );
        let inner: serde_json::Value = PythonValue::bytes("a").into();
        let set =
            serde_json::to_string(&PythonValue::set([inner, serde_json::json!({"$int": "1"})])).unwrap();
        assert_eq!(
            converted(&set).unwrap(),
            r#"{"$set":[{"$bytes":"YQ=="},{"$map":[["$int","1"]]}]}"#
        );
    }

    #[test]
    fn handles_are_known_to_their_table_only() {
        let handles = HandleTable::new();
        let slot = handles.adopt(7, "Item".to_owned(), wire_values::Json::null());
        let text = serde_json::to_string(&PythonValue::handle(7, handles.session)).unwrap();
        let mut held = Vec::new();
        let form = convert(&text, &handles, &mut held).unwrap();
        assert_eq!(form, r#"{"$handle":7,"class":"Item"}"#);
        drop(slot);
        assert!(handles.take_freed().is_empty(), "the argument holds it");
        drop(held);
        assert_eq!(handles.take_freed(), [7]);
        assert!(
            convert(&text, &handles, &mut Vec::new())
                .unwrap_err()
                .contains("freed")
        );
        assert!(converted(&text).unwrap_err().contains("another connection"));
    }

    proptest! {
        #[test]
        fn a_line_is_ascii_and_the_same_value(text in any::<String>()) {
            let json = serde_json::to_string_pretty(&[&text, "\u{2028}\u{1f600}"]).unwrap();
            let ascii = to_ascii(&json);
            prop_assert!(ascii.is_ascii() && !ascii.contains(&b'\n') && !ascii.contains(&b'\r'));
            prop_assert_eq!(&serde_json::from_slice::<Vec<String>>(&ascii).unwrap()[0], &text);
        }
    }
}
