//! Texts of an overlay as Markdown that cannot break the code or the docs that they end up in.
//!
//! Paragraphs, lists with `- `, emphasis and inline code are kept. Everything else is plain text: brackets are no
//! links, angle brackets no HTML, addresses are links to themselves, and there are no code blocks, because rustdoc
//! would take them for tests.

/// The text, line by line.
pub(crate) fn prose(text: &str) -> String {
    text.trim().lines().map(escape).collect::<Vec<_>>().join("\n")
}

/// The text on one line, as an item of a list or a heading.
pub(crate) fn one_line(text: &str) -> String {
    escape(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Text without characters that may not stand in a comment: those that end it, and those that turn the direction
/// of writing, which Rust refuses.
pub(crate) fn printable(text: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .map(|c| if c.is_control() || turns(c) { ' ' } else { c })
        .collect()
}

fn escape(line: &str) -> String {
    let line = printable(line);
    let mut rest = line.trim();
    let mut escaped = String::new();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '`' => code(rest),
            '<' => link(&rest[1..])
                .filter(|length| rest[1 + length..].starts_with('>'))
                .map(|length| length + 2),
            _ => None,
        };
        if let Some(length) = length {
            escaped.push_str(&rest[..length]);
            rest = &rest[length..];
        } else if let Some(length) = link(rest) {
            escaped.push_str(&format!("<{}>", &rest[..length]));
            rest = &rest[length..];
        } else {
            if matches!(first, '`' | '<' | '>' | '[' | ']' | '\\') {
                escaped.push('\\');
            }
            escaped.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    escaped
}

/// How long the inline code is that a text begins with.
fn code(text: &str) -> Option<usize> {
    let ticks = text.len() - text.trim_start_matches('`').len();
    if ticks > 2 {
        return None;
    }
    let mut place = ticks;
    while let Some(found) = text[place..].find('`') {
        let start = place + found;
        let end = text.len() - text[start..].trim_start_matches('`').len();
        if end - start == ticks {
            return Some(end);
        }
        place = end;
    }
    None
}

/// How long the address is that a text begins with.
fn link(text: &str) -> Option<usize> {
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))?;
    let ends = |c: char| c.is_whitespace() || "<>`\"[]()\\".contains(c);
    let host = host
        .split(ends)
        .next()
        .unwrap_or_default()
        .trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']);
    let scheme = text.find("//").map_or(0, |slashes| slashes + 2);
    (!host.is_empty()).then_some(scheme + host.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_lists_and_code_stay_as_they_are() {
        for text in [
            "Login name, `$archiveadmin` included.",
            "One.\n\nTwo *three*.\n- a\n- b",
            "``a ` [b]``",
            "\u{e9}",
        ] {
            assert_eq!(prose(text), text);
        }
    }

    #[test]
    fn what_would_be_a_link_html_or_a_code_block_is_text() {
        for (text, escaped) in [
            ("see [User] or [x](y)", r"see \[User\] or \[x\](y)"),
            ("a Vec<T> here", r"a Vec\<T\> here"),
            (r"D:\archive", r"D:\\archive"),
            ("an odd ` tick", r"an odd \` tick"),
            ("```rust\npanic!()\n```", "\\`\\`\\`rust\npanic!()\n\\`\\`\\`"),
            ("a\n\n    indented()\n", "a\n\nindented()"),
            ("*/ ends no comment", "*/ ends no comment"),
        ] {
            assert_eq!(prose(text), escaped);
        }
    }

    #[test]
    fn addresses_are_links_to_themselves() {
        let escaped = prose("See https://example.com/a?b=c, or <http://example.com>. `https://x.y`");
        assert_eq!(
            escaped,
            "See <https://example.com/a?b=c>, or <http://example.com>. `https://x.y`"
        );
        assert_eq!(prose("http:// alone"), "http:// alone");
    }

    #[test]
    fn characters_that_break_comments_are_blanks() {
        assert_eq!(prose("a\rb\u{202e}c\u{0}d"), "a b c d");
        assert_eq!(one_line("a\r\nb\n\n c"), "a b c");
    }
}
