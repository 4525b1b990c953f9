//! Converts texts of an overlay to Markdown that cannot break the generated code or its documentation.
//!
//! A text consists of paragraphs and list items. A list item begins with `- `. Emphasis, inline code and URLs in `<>`
//! are kept. All other characters with a meaning in Markdown are escaped: there are no links, HTML, headings, tables,
//! quotes or code blocks. rustdoc would run a code block as a test.
//!
//! `pulldown-cmark`, the parser of rustdoc, decides what is markup. It also parses the output: if a paragraph contains
//! other markup, the whole paragraph is escaped.

use std::ops::Range;

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use wire_values::is_printable;

/// Converts a text with any number of paragraphs and list items.
pub fn prose(text: &str) -> String {
    let mut blocks: Vec<Block> = Vec::new();
    let mut goes_on = false;
    for line in text.lines() {
        let line = line.trim();
        let item = line.strip_prefix("- ");
        match blocks.last_mut() {
            Some(last) if goes_on && item.is_none() => {
                last.text.push(' ');
                last.text.push_str(line);
            }
            _ if line.is_empty() => {}
            _ => blocks.push(Block {
                is_item: item.is_some(),
                text: item.unwrap_or(line).to_owned(),
            }),
        }
        goes_on = !line.is_empty();
    }
    let mut prose = String::new();
    for (place, block) in blocks.iter().enumerate() {
        if place > 0 {
            prose.push_str(if block.is_item { "\n" } else { "\n\n" });
        }
        if block.is_item {
            prose.push_str("- ");
        }
        prose.push_str(&one_line(&block.text));
    }
    prose
}

struct Block {
    is_item: bool,
    text: String,
}

/// Converts a text to one line, for a list item or a heading.
pub fn one_line(text: &str) -> String {
    let text = printable(text);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut markdown = String::new();
    let mut at = 0;
    for kept in markup(&text) {
        escape(&text[at..kept.start], &mut markdown);
        markdown.push_str(&text[kept.clone()]);
        at = kept.end;
    }
    escape(&text[at..], &mut markdown);
    let markdown = escape_start(markdown);
    if is_plain(&markdown) {
        markdown
    } else {
        let escaped = |c: char| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c]);
        text.chars().flat_map(escaped).collect()
    }
}

/// Replaces characters that a comment must not contain with spaces: control characters, invisible characters, and
/// characters that change the direction of writing, which Rust rejects.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if is_printable(c) { c } else { ' ' })
        .collect()
}

/// The Markdown options of rustdoc.
pub(super) fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION
}

/// The ranges of a line that are kept as markup: inline code, emphasis marks and URLs in `<>`.
fn markup(text: &str) -> Vec<Range<usize>> {
    // Text after a word cannot begin a block.
    const WORD: &str = "a ";
    let line = format!("{WORD}{text}");
    let mut kept = Vec::new();
    for (event, range) in Parser::new_ext(&line, options()).into_offset_iter() {
        let marks = |length: usize| [range.start..range.start + length, range.end - length..range.end];
        match event {
            Event::Code(_)
            | Event::Start(Tag::Link {
                link_type: LinkType::Autolink,
                ..
            }) => kept.push(range),
            Event::Start(Tag::Emphasis) => kept.extend(marks(1)),
            Event::Start(Tag::Strong) => kept.extend(marks(2)),
            _ => {}
        }
    }
    kept.sort_by_key(|range| range.start);
    let shift =
        |range: Range<usize>| Some(range.start.checked_sub(WORD.len())?..range.end.checked_sub(WORD.len())?);
    kept.into_iter().filter_map(shift).collect()
}

/// Appends text that is not markup, and escapes its special characters.
fn escape(text: &str, markdown: &mut String) {
    let mut rest = text;
    let mut before = markdown.chars().next_back();
    while let Some(first) = rest.chars().next() {
        if let Some(length) = link(rest) {
            markdown.push_str(&format!("<{}>", &rest[..length]));
            before = Some('>');
            rest = &rest[length..];
            continue;
        }
        let after = &rest[first.len_utf8()..];
        let in_word = |c: char| c.is_alphanumeric();
        let special = match first {
            '\\' | '`' | '*' | '<' | '>' | '[' | ']' | '~' | '|' => true,
            '_' => !(before.is_some_and(in_word) && after.starts_with(in_word)),
            '&' => after.starts_with(|c: char| c.is_alphanumeric() || c == '#'),
            _ => false,
        };
        if special {
            markdown.push('\\');
        }
        markdown.push(first);
        before = Some(first);
        rest = after;
    }
}

/// Escapes the first word of a paragraph if the word would begin another block.
fn escape_start(mut markdown: String) -> String {
    let word = markdown.split(' ').next().unwrap_or_default();
    if begins_a_block(word) {
        // The backslash belongs after the digits of a number, or before any other mark.
        let place = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
        markdown.insert(place, '\\');
    }
    markdown
}

/// Whether a line that begins with this word is a list, a heading or another block in Markdown.
pub(super) fn begins_a_block(word: &str) -> bool {
    let mark = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = mark.len() < word.len() && matches!(mark, "." | ")");
    number
        || matches!(word, "+" | "-" | "*")
        || word.starts_with(['#', '>', '|', '~', '=', ':'])
        || (!word.is_empty() && word.chars().all(|c| matches!(c, '-' | '*' | '_' | '+')))
}

/// Whether a line is one paragraph that contains only text and the markup that is kept.
fn is_plain(markdown: &str) -> bool {
    // rustdoc converts brackets that name an item to links.
    let link = |_: BrokenLink<'_>| Some((CowStr::from("item"), CowStr::from("")));
    let mut paragraphs = 0;
    let plain =
        Parser::new_with_broken_link_callback(markdown, options(), Some(link)).all(|event| match event {
            Event::Start(Tag::Paragraph) => {
                paragraphs += 1;
                true
            }
            Event::Start(Tag::Link { link_type, .. }) => link_type == LinkType::Autolink,
            Event::Start(tag) => matches!(tag, Tag::Emphasis | Tag::Strong),
            Event::End(end) => matches!(
                end,
                TagEnd::Paragraph | TagEnd::Link | TagEnd::Emphasis | TagEnd::Strong
            ),
            event => matches!(event, Event::Text(_) | Event::Code(_)),
        });
    plain && paragraphs < 2
}

/// The length of the inline code at the start of a text, in bytes.
pub(super) fn code(text: &str) -> Option<usize> {
    let ticks = text.len() - text.trim_start_matches('`').len();
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

/// The length of the URL at the start of a text, in bytes.
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
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_text_lists_emphasis_and_code_are_unchanged() {
        for text in [
            "Login name, `$archiveadmin` included.",
            "One.\n\nTwo *three* and **four**.\n- a\n- b\n\nFive_six, e-mail + 1 = 2.",
            "``a ` [b]``",
            "\u{e9}",
            "See <https://example.com>.",
        ] {
            assert_eq!(prose(text), text);
        }
    }

    #[test]
    fn lines_of_a_paragraph_are_joined() {
        assert_eq!(prose("a\nb\n\n c\n- d\n  e\nf\n\n\ng"), "a b\n\nc\n- d e f\n\ng");
    }

    #[test]
    fn other_markup_is_escaped() {
        for (text, escaped) in [
            ("see [User] or [x](y)", r"see \[User\] or \[x\](y)"),
            ("[x]: https://example.com", r"\[x\]: <https://example.com>"),
            ("a Vec<T> here", r"a Vec\<T\> here"),
            (r"\\server\share", r"\\\\server\\share"),
            ("an odd ` tick", r"an odd \` tick"),
            ("```rust\npanic!()\n```\n", "```rust panic!() ```"),
            ("~~~\npanic!()", r"\~\~\~ panic!()"),
            ("a\n\n    indented()\n", "a\n\nindented()"),
            ("-     indented()", "- indented()"),
            ("- - ~~~", "- \\- \\~\\~\\~"),
            ("1. one\n2. two", r"1\. one 2. two"),
            ("# Heading", r"\# Heading"),
            ("Heading\n===", "Heading ==="),
            ("---", r"\---"),
            ("| a |\n| - |", r"\| a \| \| - \|"),
            ("<script>alert()</script>", r"\<script\>alert()\</script\>"),
            ("<!-- never ends", r"\<!-- never ends"),
            ("a trailing \\", r"a trailing \\"),
            ("&lt; and &", r"\&lt; and &"),
            ("*/ ends no comment", r"\*/ ends no comment"),
        ] {
            assert_eq!(prose(text), escaped);
        }
    }

    #[test]
    fn urls_become_links() {
        let escaped = prose("See https://example.com/a?b=c, or <http://example.com>. `https://x.y`");
        assert_eq!(
            escaped,
            "See <https://example.com/a?b=c>, or <http://example.com>. `https://x.y`"
        );
        assert_eq!(prose("http:// alone"), "http:// alone");
    }

    #[test]
    fn characters_that_break_comments_become_spaces() {
        assert_eq!(prose("a\rb\u{202e}c\u{0}d"), "a b c d");
        assert_eq!(one_line("a\r\nb\n\n c"), "a b c");
    }

    /// Texts made of pieces with a meaning in Markdown and of plain characters.
    pub(in crate::emit) fn texts() -> impl Strategy<Value = String> {
        let pieces = [
            "~~~",
            "```",
            "``",
            "`",
            "    ",
            "\t",
            "- ",
            "* ",
            "+ ",
            "1. ",
            "#",
            "> ",
            "|",
            "---",
            "===",
            "[a]",
            "[a]: b",
            "[^a]",
            "](",
            "!",
            "<script>",
            "<!--",
            "-->",
            "<b",
            "&amp;",
            "\\",
            "*",
            "**",
            "_",
            "\n",
            "\n\n",
            "word",
            "https://example.com",
            "<https://a.b>",
            ":",
            "$",
            "{",
            "\u{e9}",
            "\r",
            "-",
            "- [ ] ",
            "~",
            "*/",
            "//! ",
            "#![a]",
            "{{",
            "<!",
            "<?",
            "www.a.b",
        ];
        let piece = prop_oneof![
            3 => prop::sample::select(pieces.to_vec()).prop_map(str::to_owned),
            1 => "[ -~]{0,3}",
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn every_text_becomes_paragraphs_and_items_of_plain_text(text in texts()) {
            for block in prose(&text).split('\n').filter(|line| !line.is_empty()) {
                let block = block.strip_prefix("- ").unwrap_or(block);
                prop_assert!(is_plain(block), "{text:?}: {block:?}");
            }
        }

        #[test]
        fn no_letter_or_digit_is_lost(text in texts()) {
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            let mut rendered = String::new();
            for event in Parser::new_ext(&prose(&text), options()) {
                if let Event::Text(text) | Event::Code(text) = event {
                    rendered.push_str(&text);
                }
            }
            prop_assert_eq!(letters(&rendered), letters(&text));
        }
    }
}
