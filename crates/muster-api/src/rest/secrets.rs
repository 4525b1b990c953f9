//! Cuts the password and the token out of texts that errors and logs show.

use secrecy::{ExposeSecret, SecretString};

/// What stands in the place of a secret.
const CUT: &str = "***";

/// Replaces each of the secrets in all forms in which a server may repeat it: as it is, in a URL, and in JSON.
pub(super) fn cut<'a>(text: &str, secrets: impl IntoIterator<Item = &'a SecretString>) -> String {
    let mut forms = Vec::new();
    for secret in secrets {
        let plain = secret.expose_secret();
        let encoded: String = form_urlencoded::byte_serialize(plain.as_bytes()).collect();
        forms.extend([
            encoded.replace('+', "%20"),
            encoded.to_ascii_lowercase(),
            encoded,
            serde_json::Value::from(plain)
                .to_string()
                .trim_matches('"')
                .to_owned(),
            plain.to_owned(),
        ]);
    }
    // The longest form comes first, because it may contain another one.
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    let mut text = text.to_owned();
    for form in forms.iter().filter(|form| !form.is_empty()) {
        text = text.replace(form.as_str(), CUT);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_cut_out_in_all_forms() {
        let secret = SecretString::from("a \"b/c");
        let text = "?p=a+%22b%2Fc&q=a%20%22b%2Fc&r=a+%22b%2fc {\"x\": \"a \\\"b/c\"} a \"b/c";
        let cut = cut(text, [&secret]);
        assert_eq!(cut, "?p=***&q=***&r=*** {\"x\": \"***\"} ***");
    }

    #[test]
    fn an_empty_secret_changes_nothing() {
        assert_eq!(cut("abc", [&SecretString::from("")]), "abc");
    }
}
