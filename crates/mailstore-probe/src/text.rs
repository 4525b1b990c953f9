//! The form of a string, without its content.

use std::fmt;

use jiff::civil::{Date, DateTime, Time};

/// The form of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextForm {
    /// The string is empty.
    Empty,
    /// `2026-05-02T10:30:04`, with or without `Z` or a fraction.
    DateTime,
    /// `2026-05-02`.
    Date,
    /// `10:30:04`.
    Time,
    /// A UUID, with or without braces.
    Uuid,
    /// 40 hexadecimal digits.
    Thumbprint,
    /// A number.
    Number,
    /// `true` or `false`.
    Flag,
    /// A message id such as `3:1234`.
    Message,
    /// An e-mail address.
    Email,
    /// Any other string.
    Other,
}

impl TextForm {
    /// Returns the form of a string.
    pub fn of(text: &str) -> Self {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if text.is_empty() {
            Self::Empty
        } else if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") {
            Self::Flag
        } else if text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Self::Thumbprint
        } else if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') && text.parse::<f64>().is_ok() {
            Self::Number
        } else if let Some((store, number)) = text.split_once(':')
            && digits(store)
            && digits(number)
            && (store.len(), number.len()) != (2, 2)
        {
            Self::Message
        } else if text.contains('T') && text.trim_end_matches('Z').parse::<DateTime>().is_ok() {
            Self::DateTime
        } else if text.parse::<Date>().is_ok() {
            Self::Date
        } else if text.contains(':') && text.parse::<Time>().is_ok() {
            Self::Time
        } else if is_uuid(text) {
            Self::Uuid
        } else if is_email(text) {
            Self::Email
        } else {
            Self::Other
        }
    }
}

fn is_uuid(text: &str) -> bool {
    let bare = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .unwrap_or(text);
    let groups: Vec<&str> = bare.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.concat().bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !text.contains(char::is_whitespace) && !host.contains('@')
    })
}

impl fmt::Display for TextForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = match self {
            Self::Empty => "empty",
            Self::DateTime => "date and time",
            Self::Date => "date",
            Self::Time => "time of day",
            Self::Uuid => "UUID",
            Self::Thumbprint => "40 hexadecimal digits",
            Self::Number => "a number",
            Self::Flag => "true or false",
            Self::Message => "store:number",
            Self::Email => "e-mail address",
            Self::Other => return f.write_str("string"),
        };
        write!(f, "string ({form})")
    }
}

#[cfg(test)]
mod tests {
    use super::TextForm;

    #[test]
    fn the_form_of_a_string_is_detected() {
        for (text, form) in [
            ("", TextForm::Empty),
            ("2026-05-02T10:30:04", TextForm::DateTime),
            ("2026-05-02T10:30:04.123Z", TextForm::DateTime),
            ("2026-05-02", TextForm::Date),
            ("03:30:00", TextForm::Time),
            ("03:30", TextForm::Time),
            ("{6F9619FF-8B86-D011-B42D-00CF4FC964FF}", TextForm::Uuid),
            ("0123456789ABCDEF0123456789abcdef01234567", TextForm::Thumbprint),
            ("0", TextForm::Number),
            ("-1.5", TextForm::Number),
            ("True", TextForm::Flag),
            ("3:1234", TextForm::Message),
            ("jane@example.com", TextForm::Email),
            ("jane", TextForm::Other),
            ("nan", TextForm::Other),
            ("a@b c.de", TextForm::Other),
        ] {
            assert_eq!(TextForm::of(text), form, "{text}");
        }
    }
}
