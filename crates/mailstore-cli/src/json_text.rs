//! Lays out JSON for a reader.

use anstyle::{AnsiColor, Style};

const KEY: Style = AnsiColor::Cyan.on_default();
const STRING: Style = AnsiColor::Green.on_default();

/// Returns valid JSON text with line breaks, indentation and colours. Nothing else changes, so numbers keep their digits.
/// The colours disappear if the output is not a terminal.
pub(crate) fn indented(json: &str) -> String {
    let mut text = String::with_capacity(json.len() * 2);
    // Whether each open value is an object.
    let mut open: Vec<bool> = Vec::new();
    let mut escaped = false;
    let mut style: Option<Style> = None;
    // The last character outside strings that is not a space.
    let mut previous = '\0';
    for c in json.chars() {
        if let Some(current) = style {
            text.push(c);
            if c == '"' && !escaped {
                text.push_str(&current.render_reset().to_string());
                style = None;
            }
            escaped = !escaped && c == '\\';
            continue;
        }
        if c.is_ascii_whitespace() {
            continue;
        }
        let closes = matches!(c, '}' | ']');
        if closes {
            open.pop();
        }
        let opened = matches!(previous, '{' | '[');
        if opened != closes && (opened || closes) || previous == ',' {
            text.push('\n');
            text.extend(std::iter::repeat_n("  ", open.len()));
        }
        if c == '"' {
            let is_key = matches!(previous, '{' | ',') && open.last() == Some(&true);
            let chosen = if is_key { KEY } else { STRING };
            text.push_str(&chosen.render().to_string());
            style = Some(chosen);
        }
        text.push(c);
        match c {
            '{' | '[' => open.push(c == '{'),
            ':' => text.push(' '),
            _ => {}
        }
        previous = c;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without_colours(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn only_spaces_and_colours_are_added() {
        for (json, wanted) in [
            ("null", "null"),
            ("{}", "{}"),
            ("[ ]", "[]"),
            ("[1,2]", "[\n  1,\n  2\n]"),
            (
                r#"{"a":{"b":[]},"c":"x, {\"[ \\"}"#,
                "{\n  \"a\": {\n    \"b\": []\n  },\n  \"c\": \"x, {\\\"[ \\\\\"\n}",
            ),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
        ] {
            assert_eq!(without_colours(&indented(json)), wanted);
        }
    }

    #[test]
    fn names_and_strings_have_different_colours() {
        let text = indented(r#"{"a":["b"]}"#);
        assert!(text.contains(&format!("{KEY}\"a\"")), "{text:?}");
        assert!(text.contains(&format!("{STRING}\"b\"")), "{text:?}");
    }
}
