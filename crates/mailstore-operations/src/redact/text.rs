//! Removes secrets from texts, such as command lines, connection strings and addresses.

use std::ops::Range;

use super::name::is_secret;

const HIDDEN: &str = "***";

/// Returns whether a text contains a private key.
pub(super) fn is_private_key(text: &str) -> bool {
    text.contains("PRIVATE KEY-----")
}

/// Returns the text without secrets, or `None` if there are none.
pub(super) fn redacted(text: &str) -> Option<String> {
    let mut secrets = assigned(text);
    secrets.extend(after_options(text));
    secrets.extend(in_addresses(text));
    secrets.sort_by_key(|secret| (secret.start, usize::MAX - secret.end));
    let mut shown = String::with_capacity(text.len());
    let mut end = 0;
    for secret in secrets {
        if secret.start < end {
            // A part of it may be after the end of the last one.
            end = end.max(secret.end);
            continue;
        }
        shown.push_str(&text[end..secret.start]);
        shown.push_str(HIDDEN);
        end = secret.end;
    }
    shown.push_str(&text[end..]);
    (shown != text).then_some(shown)
}

/// Finds the values in `name=value` and `name: value`.
fn assigned(text: &str) -> Vec<Range<usize>> {
    let separators = text.match_indices(['=', ':']);
    separators
        .filter(|(place, _)| is_secret(name_before(&text[..*place])))
        .filter_map(|(place, _)| value_at(text, place + 1))
        .collect()
}

/// Returns the name at the end of a text.
fn name_before(text: &str) -> &str {
    let text = text.trim_end_matches([' ', '"', '\'']);
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let start = text
        .char_indices()
        .rev()
        .take_while(|(_, character)| is_part(*character))
        .last();
    start.map_or("", |(start, _)| &text[start..])
}

/// Returns where the value is that starts at a place. It ends at its quotation mark, at the end of its part of a
/// connection string or query, or at white space.
fn value_at(text: &str, place: usize) -> Option<Range<usize>> {
    let rest = &text[place..];
    let start = place + (rest.len() - rest.trim_start().len());
    let value = &text[start..];
    let quote = value.chars().next().filter(|c| ['"', '\''].contains(c));
    let quoted = quote.map_or(0, |quote| {
        value[1..].find(quote).map_or(value.len(), |end| end + 2)
    });
    let rest = &value[quoted..];
    let is_in_connection_string = rest.contains(';');
    let is_end =
        |c: char| c == ';' || c == '&' || (!is_in_connection_string && (c.is_whitespace() || c == ','));
    let mut length = quoted + rest.find(is_end).unwrap_or(rest.len());
    let word = &value[..length];
    if word.eq_ignore_ascii_case("bearer") || word.eq_ignore_ascii_case("basic") {
        let rest = &value[length..];
        let gap = rest.len() - rest.trim_start().len();
        length += gap + rest[gap..].find(char::is_whitespace).unwrap_or(rest.len() - gap);
    }
    (length > 0).then(|| start..start + length)
}

/// Finds the values in `--password value` and `/password value`.
fn after_options(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (place, _) in text.match_indices(['-', '/']) {
        let starts_word = text[..place].chars().next_back().is_none_or(char::is_whitespace);
        let length = text[place..].find(char::is_whitespace);
        if let Some(length) = length.filter(|_| starts_word) {
            let name = text[place..place + length].trim_start_matches(['-', '/']);
            let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
            if is_name && is_secret(name) {
                found.extend(value_at(text, place + length));
            }
        }
    }
    found
}

/// Finds the passwords in addresses such as `https://user:password@host`.
fn in_addresses(text: &str) -> Vec<Range<usize>> {
    let starts = text.match_indices("://").map(|(place, mark)| place + mark.len());
    starts
        .filter_map(|start| {
            let rest = &text[start..];
            let is_end = |c: char| c.is_whitespace() || ['/', '?', '#', '"', '\''].contains(&c);
            let authority = &rest[..rest.find(is_end).unwrap_or(rest.len())];
            let user = &authority[..authority.rfind('@')?];
            let password = start + user.find(':')? + 1;
            (password < start + user.len()).then(|| password..start + user.len())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_texts_are_replaced() {
        for (text, wanted) in [
            ("password=hunter2", "password=***"),
            ("Run --password=hunter2 --dryRun", "Run --password=*** --dryRun"),
            ("Run --password hunter2 --dryRun", "Run --password *** --dryRun"),
            ("Run --password \"hunter 2\" x", "Run --password *** x"),
            ("net use /pass hunter2 x", "net use /pass *** x"),
            ("Server=a;Pwd=hunter 2, x;User=b", "Server=a;Pwd=***;User=b"),
            ("Server=a;Password = 'a;b';x=1", "Server=a;Password = ***;x=1"),
            ("API key: hunter2, then", "API key: ***, then"),
            ("https://jane:hunter2@a.example/x", "https://jane:***@a.example/x"),
            (
                "https://a.example/?a=1&token=hunter2&b=2",
                "https://a.example/?a=1&token=***&b=2",
            ),
            ("Authorization: Bearer hunter2 x", "Authorization: *** x"),
            ("say \"token\": \"hunter2\"", "say \"token\": ***"),
            ("password=\"hunter2", "password=***"),
            ("password=\"hun\"ter2 x", "password=*** x"),
        ] {
            assert_eq!(redacted(text).as_deref(), Some(wanted), "{text}");
            assert_eq!(redacted(wanted), None, "{wanted}");
        }
    }

    #[test]
    fn texts_without_secrets_stay() {
        for text in [
            "",
            "VerifyStores --includeIndexes=false",
            "CN=jane,DC=example,DC=com",
            "https://a.example:8463/x",
            "password",
            "password=",
            "The password must be changed.",
            "E:\\Mail\\keys",
            "subject:\"keyword=x\"",
        ] {
            assert_eq!(redacted(text), None, "{text}");
        }
    }
}
