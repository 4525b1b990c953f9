//! The user, the device and the program of a client, and their headers.

use std::fmt::Write as _;

use crate::error::Error;

/// The user, the device and the program of a client.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) user_name: String,
    pub(crate) device_id: String,
    pub(crate) app_id: String,
}

impl Identity {
    /// Returns the names and values of the headers that every request has.
    pub(crate) fn headers(&self) -> [(&'static str, String); 3] {
        [
            ("x-oaio-user", bytes_literal(&self.user_name)),
            ("x-oaio-dvc", bytes_literal(&self.device_id)),
            ("x-oaio-app", bytes_literal(&self.app_id)),
        ]
    }

    /// # Errors
    /// A part is empty.
    pub(crate) fn check(&self) -> Result<(), Error> {
        for (part, text) in [
            ("user name", &self.user_name),
            ("id of the device", &self.device_id),
            ("id of the program", &self.app_id),
        ] {
            if text.is_empty() {
                return Err(Error::invalid(format!("the {part} is empty")));
            }
        }
        Ok(())
    }
}

/// Returns the Python literal of the UTF-8 bytes of a text, such as `b'zo\xc3\xab'` for `zoë`. The server expects it in
/// headers (observed).
fn bytes_literal(text: &str) -> String {
    let quote = match text.contains('\'') && !text.contains('"') {
        true => '"',
        false => '\'',
    };
    let mut literal = format!("b{quote}");
    for byte in text.bytes() {
        match byte {
            b'\\' => literal.push_str("\\\\"),
            b'\n' => literal.push_str("\\n"),
            b'\r' => literal.push_str("\\r"),
            b'\t' => literal.push_str("\\t"),
            b'\'' if quote == '\'' => literal.push_str("\\'"),
            b' '..=b'~' => literal.push(char::from(byte)),
            // Writing to a string cannot fail.
            other => _ = write!(literal, "\\x{other:02x}"),
        }
    }
    literal.push(quote);
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_have_the_form_of_the_python_client() {
        for (text, expected) in [
            ("alice", "b'alice'"),
            ("zoë", r"b'zo\xc3\xab'"),
            ("it's", r#"b"it's""#),
            ("a\"'\\\n☃", r#"b'a"\'\\\n\xe2\x98\x83'"#),
            ("\u{0}\t\r\u{7f}", r"b'\x00\t\r\x7f'"),
        ] {
            assert_eq!(bytes_literal(text), expected);
        }
    }
}
