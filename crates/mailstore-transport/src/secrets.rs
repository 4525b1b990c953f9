//! The secrets of a request, and how they are cut out of text that the server returns.

use std::fmt;
use std::sync::{Arc, OnceLock};

use base64::Engine;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use wire_values::Json;

/// Replaces a secret.
const MASK: &str = "[secret]";

/// Secrets with fewer bytes are not cut out, because they occur in ordinary words.
const SHORTEST: usize = 4;

/// The values that a request sends as secrets.
///
/// A server may return an argument in a message, in a status word or in its log. Text from the server is kept without
/// these values, so that no program logs them by accident.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<Arc<Secret>>);

/// One secret. Every response of a client has it, so it is shared.
struct Secret {
    value: SecretString,
    /// The forms in which it may occur. They are created for the first text that is searched.
    forms: OnceLock<Vec<Zeroizing<String>>>,
}

impl Secret {
    fn forms(&self) -> &[Zeroizing<String>] {
        self.forms.get_or_init(|| forms(self.value.expose_secret()))
    }
}

/// Shows nothing.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

impl Secrets {
    pub(crate) fn extend(&mut self, more: &Self) {
        for secret in &more.0 {
            if !self.has(secret.value.expose_secret()) {
                self.0.push(Arc::clone(secret));
            }
        }
    }

    pub(crate) fn add(&mut self, secret: &str) {
        if secret.len() >= SHORTEST && !self.has(secret) {
            self.0.push(Arc::new(Secret {
                value: secret.into(),
                forms: OnceLock::new(),
            }));
        }
    }

    fn has(&self, secret: &str) -> bool {
        self.0.iter().any(|known| known.value.expose_secret() == secret)
    }

    /// Adds the strings of a JSON value that are missing in its public form.
    pub(crate) fn add_json(&mut self, whole: &Json, public: &Json) {
        let mut shown = Vec::new();
        strings(public, &mut |text| shown.push(text.to_owned()));
        strings(whole, &mut |text| {
            if !shown.iter().any(|shown| shown == text) {
                self.add(text);
            }
        });
    }

    /// Replaces each secret in a text with `[secret]`, also if it is encoded as in a URL, in JSON, in Base64 or in
    /// hexadecimal digits.
    pub(crate) fn mask(&self, text: &mut String) {
        if text.is_empty() {
            return;
        }
        for secret in &self.0 {
            for form in secret.forms() {
                if text.contains(form.as_str()) {
                    *text = text.replace(form.as_str(), MASK);
                }
            }
        }
    }
}

/// Calls `each` with the strings in a JSON value.
fn strings(json: &Json, each: &mut dyn FnMut(&str)) {
    fn walk(value: &serde_json::Value, each: &mut dyn FnMut(&str)) {
        match value {
            serde_json::Value::String(text) => each(text),
            serde_json::Value::Array(items) => items.iter().for_each(|item| walk(item, each)),
            serde_json::Value::Object(members) => members.values().for_each(|value| walk(value, each)),
            _ => {}
        }
    }
    if let Ok(value) = json.decode() {
        walk(&value, each);
    }
}

/// Returns the forms in which a secret may occur in a text: as it is, and encoded as in a URL, in JSON, in Base64 or in
/// hexadecimal digits. A form that contains another one comes first. A secret with fewer than four bytes has none,
/// because it occurs in ordinary words.
pub fn forms_of_secret(secret: &str) -> Vec<SecretString> {
    if secret.len() < SHORTEST {
        return Vec::new();
    }
    let forms = forms(secret);
    forms.iter().map(|form| form.as_str().into()).collect()
}

/// Returns the forms in which a secret may occur in a text. The longest form of a kind comes first.
fn forms(secret: &str) -> Vec<Zeroizing<String>> {
    let bytes = secret.as_bytes();
    let quoted = Json::from(secret);
    // Without the quotation marks of the string.
    let json = quoted.text().get(1..quoted.text().len() - 1).unwrap_or_default();
    let percent: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut all = vec![percent.to_lowercase(), percent, hex.to_uppercase(), hex];
    // An object in a form is JSON in the encoding of URLs.
    for text in [json, secret] {
        let form: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let spaces = form.replace('+', "%20");
        all.extend([lower_escapes(&spaces), spaces, lower_escapes(&form), form]);
        all.extend([text.replace('/', "\\/"), text.to_owned()]);
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

/// Returns a text with its percent escapes in lower case.
fn lower_escapes(text: &str) -> String {
    let mut lower = String::with_capacity(text.len());
    let mut left = 0;
    for character in text.chars() {
        lower.push(if left > 0 {
            character.to_ascii_lowercase()
        } else {
            character
        });
        left = if character == '%' { 2 } else { left.max(1) - 1 };
    }
    lower
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::BASE64_STANDARD;
    use proptest::prelude::*;

    fn masked(secret: &str, text: &str) -> String {
        let mut secrets = Secrets::default();
        secrets.add(secret);
        let mut text = text.to_owned();
        secrets.mask(&mut text);
        text
    }

    #[test]
    fn every_form_of_a_secret_is_cut_out() {
        let secret = "p\u{e4}ss w/\"+%";
        for form in [
            secret.to_owned(),
            "p%C3%A4ss+w%2F%22%2B%25".to_owned(),
            "p%c3%a4ss%20w%2f%22%2b%25".to_owned(),
            "p\u{e4}ss w/\\\"+%".to_owned(),
            "p\u{e4}ss w\\/\\\"+%".to_owned(),
            "70c3a4737320772f222b25".to_owned(),
            "70C3A4737320772F222B25".to_owned(),
        ] {
            assert_eq!(masked(secret, &format!("a {form} b")), "a [secret] b");
        }
    }

    #[test]
    fn short_secrets_and_other_text_are_kept() {
        assert_eq!(masked("abc", "abc"), "abc");
        assert_eq!(masked("hunter2", "hunter 2"), "hunter 2");
        assert_eq!(masked("", ""), "");
    }

    #[test]
    fn the_secrets_of_an_object_are_those_that_its_public_form_lacks() {
        let json = |text: &str| -> Json { text.parse().unwrap() };
        let mut secrets = Secrets::default();
        secrets.add_json(
            &json(r#"{"user":"jane","nested":[{"password":"hunter2"}],"port":25}"#),
            &json(r#"{"user":"jane","nested":[{}],"port":25}"#),
        );
        let mut text = "jane hunter2 25".to_owned();
        secrets.mask(&mut text);
        assert_eq!(text, "jane [secret] 25");
    }

    proptest! {
        #[test]
        fn a_secret_inside_base64_is_cut_out(secret in "[ -~]{8,20}", before in "[ -~]{0,5}", after in "[ -~]{0,5}") {
            let encoded = BASE64_STANDARD.encode(format!("{before}{secret}{after}"));
            prop_assert!(masked(&secret, &encoded).contains(MASK), "{}", encoded);
        }
    }
}
