//! The secrets of a connection, and how they are cut out of text that Python writes.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use secrecy::zeroize::Zeroizing;

/// Replaces a secret.
const MASK: &str = "[secret]";

/// Secrets with fewer bytes are not cut out, because they occur in ordinary words.
const SHORTEST: usize = 4;

/// The values that a connection sends as secrets. Text from Python is kept without them.
#[derive(Default)]
pub(crate) struct Secrets(Mutex<Vec<Zeroizing<String>>>);

/// Shows nothing.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

impl Secrets {
    pub(crate) fn add(&self, secret: &str) {
        if secret.len() < SHORTEST {
            return;
        }
        let forms = forms(secret);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for form in forms {
            if !known.contains(&form) {
                known.push(form);
            }
        }
        // A secret may contain another one.
        known.sort_by_key(|form| std::cmp::Reverse(form.len()));
    }

    /// Replaces each secret in a text with `[secret]`, also if it is written as Python or JSON write it.
    pub(crate) fn mask(&self, text: &mut String) {
        if text.is_empty() {
            return;
        }
        for form in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if text.contains(form.as_str()) {
                *text = text.replace(form.as_str(), MASK);
            }
        }
    }

    /// Cuts out the end of a secret at the start of a text whose first part was lost.
    pub(crate) fn mask_start(&self, text: &mut String) {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let parts = known.iter().flat_map(|form| {
            let starts = form.char_indices().skip(1).map(|(start, _)| start);
            starts.filter_map(|start| form.get(start..))
        });
        let found = parts.filter(|part| text.starts_with(part)).map(str::len).max();
        if let Some(length) = found {
            text.replace_range(..length, MASK);
        }
    }

    /// Cuts out the start of a secret at the end of a text whose last part was lost.
    pub(crate) fn mask_end(&self, text: &mut String) {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let parts = known.iter().flat_map(|form| {
            let ends = form
                .char_indices()
                .map(|(end, _)| end)
                .filter(|end| *end >= SHORTEST);
            ends.filter_map(|end| form.get(..end))
        });
        let found = parts.filter(|part| text.ends_with(part)).map(str::len).max();
        if let Some(length) = found {
            text.replace_range(text.len() - length.., MASK);
        }
    }
}

/// Returns the forms in which a secret may occur in a text.
fn forms(secret: &str) -> Vec<Zeroizing<String>> {
    let bytes = secret.as_bytes();
    let join = |write: &dyn Fn(u8) -> String| bytes.iter().map(|byte| write(*byte)).collect::<String>();
    let quoted = serde_json::Value::from(secret).to_string();
    // Without the quotation marks of the string.
    let json = quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned();
    let percent = |space: &str| {
        join(&|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'-' | b'~' => {
                char::from(byte).to_string()
            }
            b' ' => space.to_owned(),
            _ => format!("%{byte:02X}"),
        })
    };
    let mut all = vec![
        secret.to_owned(),
        escaped(&json, false),
        escaped(secret, true),
        escaped(&secret.replace('\\', "\\\\"), true),
        escaped(&secret.replace('\\', "\\\\").replace('\'', "\\'"), true),
        secret.replace('\\', "\\\\").replace('\'', "\\'"),
        secret.replace('\\', "\\\\"),
        // The form of `bytes`.
        join(&|byte| match byte {
            b'\\' => "\\\\".to_owned(),
            b' '..=b'~' => char::from(byte).to_string(),
            _ => format!("\\x{byte:02x}"),
        }),
        join(&|byte| format!("{byte:02x}")),
        join(&|byte| format!("{byte:02X}")),
        join(&|byte| format!("%{byte:02X}")),
        percent("%20"),
        percent("+"),
        in_markup(secret, "&#x27;"),
        in_markup(secret, "&#39;"),
        in_markup(secret, "'"),
        json,
    ];
    if !secret.is_ascii() && secret.contains(|character| char::is_ascii(&character)) {
        // Text in another encoding than UTF-8, and text for a terminal with fewer characters.
        for replacement in ["\u{fffd}", "?"] {
            all.push(secret.replace(|character| !char::is_ascii(&character), replacement));
        }
    }
    // A form inside a string that is written once more.
    for form in all.clone() {
        let again = form.replace('\\', "\\\\");
        all.push(again.replace('"', "\\\""));
        all.push(again);
    }
    // In Base64, the form of a part of a text depends on the place of the part.
    for offset in 0..3 {
        let padded = [&[0; 2][..offset.min(2)], bytes].concat();
        let start = [0, 2, 3][offset];
        for encoded in [
            BASE64_STANDARD_NO_PAD.encode(&padded),
            BASE64_URL_SAFE_NO_PAD.encode(&padded),
        ] {
            let end = padded.len() * 8 / 6;
            all.extend(encoded.get(start..end).map(str::to_owned));
        }
    }
    all.retain(|form| form.len() >= SHORTEST);
    all.into_iter().map(Zeroizing::new).collect()
}

/// Returns a text as HTML and XML write it.
fn in_markup(text: &str, apostrophe: &str) -> String {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', apostrophe)
}

/// Returns a text with escapes of Python or JSON for characters outside ASCII.
fn escaped(text: &str, is_python: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match u32::from(character) {
            32..127 => out.push(character),
            code if is_python && code < 256 => out.push_str(&format!("\\x{code:02x}")),
            code if is_python && code > 0xffff => out.push_str(&format!("\\U{code:08x}")),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(secret: &str, text: &str) -> String {
        let secrets = Secrets::default();
        secrets.add(secret);
        let mut text = text.to_owned();
        secrets.mask(&mut text);
        text
    }

    #[test]
    fn every_form_that_python_writes_is_cut_out() {
        let secret = "p\u{e4}s's \u{1f600}\"\\x";
        for form in [
            secret,
            r#"p\u00e4s's \ud83d\ude00\"\\x"#,
            r#"p\xe4s\'s \U0001f600"\\x"#,
            r#"p\xe4s's \U0001f600"\x"#,
            r#"p\xc3\xa4s's \xf0\x9f\x98\x80"\\x"#,
            "70c3a473277320f09f9880225c78",
            "70C3A473277320F09F9880225C78",
            "p%C3%A4s%27s%20%F0%9F%98%80%22%5Cx",
            "cMOkcydzIPCfmIAiXH",
            r#"p\\u00e4s's \\ud83d\\ude00\\\"\\\\x"#,
            r#"p\\u00e4s's \\ud83d\\ude00\\"\\\\x"#,
            "p%C3%A4s%27s+%F0%9F%98%80%22%5Cx",
            r#"p\xe4s's \U0001f600"\\x"#,
            "p\u{e4}s&#x27;s \u{1f600}&quot;\\x",
            "p\u{fffd}s's \u{fffd}\"\\x",
            "p?s's ?\"\\x",
        ] {
            assert_eq!(masked(secret, &format!("a {form} b")), "a [secret] b", "{form}");
        }
    }

    #[test]
    fn parts_of_a_secret_are_cut_out_where_the_text_was_cut() {
        let secrets = Secrets::default();
        secrets.add("h\u{fc}nter2");
        let mut text = "nter2 h\u{fc}nter2 h\u{fc}nt".to_owned();
        secrets.mask(&mut text);
        secrets.mask_start(&mut text);
        secrets.mask_end(&mut text);
        assert_eq!(text, "[secret] [secret] [secret]");
        let mut text = "a h\u{fc}".to_owned();
        secrets.mask_end(&mut text);
        assert_eq!(text, "a h\u{fc}", "ordinary words begin like secrets");
    }

    #[test]
    fn short_secrets_and_other_text_are_kept() {
        assert_eq!(masked("abc", "abc"), "abc");
        assert_eq!(masked("hunter2", "hunter 2"), "hunter 2");
        assert_eq!(masked("", ""), "");
    }
}
