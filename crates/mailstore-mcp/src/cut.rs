//! Cuts a result to a size.

use serde_json::{Value, json};

/// A result, or a part of it.
#[derive(Debug, PartialEq)]
pub(crate) enum Cut {
    /// The whole result.
    Whole(Value),
    /// The first items of a list.
    Items {
        items: Value,
        shown: usize,
        all: usize,
        bytes: usize,
    },
    /// The beginning of the JSON text of a result.
    Text { text: String, bytes: usize },
}

impl Cut {
    /// Cuts a result to a number of bytes.
    pub(crate) fn to(value: Value, most: usize) -> Self {
        let whole = value.to_string();
        let bytes = whole.len();
        if bytes <= most {
            return Self::Whole(value);
        }
        if let Value::Array(items) = value {
            let all = items.len();
            // The brackets.
            let mut used = 2;
            let mut shown = Vec::new();
            for item in items {
                used += item.to_string().len() + 1;
                if used > most {
                    break;
                }
                shown.push(item);
            }
            if !shown.is_empty() {
                return Self::Items {
                    shown: shown.len(),
                    items: Value::Array(shown),
                    all,
                    bytes,
                };
            }
        }
        Self::Text {
            text: beginning(&whole, most),
            bytes,
        }
    }

    /// The answer of a tool.
    pub(crate) fn into_answer(self) -> Value {
        const ASK: &str = "To get the rest, give arguments that select less, call a function for one object, or ask the person to start `mailstore mcp` with a larger --max-result.";
        match self {
            Self::Whole(value) => json!({"data_from_server": value}),
            Self::Items {
                items,
                shown,
                all,
                bytes,
            } => json!({
                "data_from_server": items,
                "incomplete": format!("Only the first {shown} of {all} items are shown. The whole result has {bytes} bytes. {ASK}"),
            }),
            Self::Text { text, bytes } => json!({
                "beginning_of_json_from_server": text,
                "incomplete": format!("This is the beginning of a JSON text, and not JSON itself. The whole result has {bytes} bytes. {ASK}"),
            }),
        }
    }
}

/// Returns the beginning of a text whose JSON string has at most this many bytes.
fn beginning(text: &str, most: usize) -> String {
    let mut used = 2;
    let fits = |character: &char| {
        used += match character {
            '"' | '\\' | '\n' | '\r' | '\t' => 2,
            '\0'..='\u{1f}' => 6,
            other => other.len_utf8(),
        };
        used <= most
    };
    text.chars().take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_result_is_not_cut() {
        let value = json!([1, "\u{e4}"]);
        assert_eq!(Cut::to(value.clone(), 8), Cut::Whole(value.clone()));
        assert!(!matches!(Cut::to(value, 7), Cut::Whole(_)));
    }

    #[test]
    fn a_list_is_cut_between_its_items() {
        let list: Value = (0..100).map(|number| json!({"number": number})).collect();
        let bytes = list.to_string().len();
        let Cut::Items {
            items,
            shown,
            all,
            bytes: whole,
        } = Cut::to(list, 100)
        else {
            panic!("not cut to items");
        };
        assert!(items.to_string().len() <= 100, "{items}");
        assert_eq!((items.as_array().unwrap().len(), all, whole), (shown, 100, bytes));
        assert_eq!(items[0], json!({"number": 0}));
    }

    #[test]
    fn another_result_is_cut_to_the_beginning_of_its_text() {
        for value in [
            json!("\u{1f600}\"".repeat(500)),
            json!({"a": "x".repeat(500)}),
            json!(["x".repeat(500)]),
        ] {
            for most in [100, 101, 102, 103] {
                let Cut::Text { text, bytes } = Cut::to(value.clone(), most) else {
                    panic!("not cut to a text");
                };
                assert!(value.to_string().starts_with(&text));
                assert!(json!(text).to_string().len() <= most, "{text}");
                assert!(text.len() > 60, "{text}");
                assert_eq!(bytes, value.to_string().len());
            }
        }
    }
}
