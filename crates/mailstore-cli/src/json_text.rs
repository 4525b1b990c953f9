//! Lays out JSON for a reader.

/// Returns valid JSON text with line breaks and indentation. Nothing else changes, so numbers keep their digits.
pub(crate) fn indented(json: &str) -> String {
    let mut text = String::with_capacity(json.len() * 2);
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    // The last character outside strings that is not a space.
    let mut previous = '\0';
    for c in json.chars() {
        if in_string {
            text.push(c);
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        if c.is_ascii_whitespace() {
            continue;
        }
        let closes = matches!(c, '}' | ']');
        if closes {
            depth = depth.saturating_sub(1);
        }
        let opened = matches!(previous, '{' | '[');
        if opened != closes && (opened || closes) || previous == ',' {
            text.push('\n');
            text.extend(std::iter::repeat_n("  ", depth));
        }
        text.push(c);
        match c {
            '{' | '[' => depth += 1,
            '"' => in_string = true,
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

    #[test]
    fn only_spaces_are_added() {
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
            assert_eq!(indented(json), wanted);
        }
    }
}
