//! Recognizes the names of secrets.

/// Parts of a name that make it the name of a secret, wherever they are.
const PARTS: [&str; 10] = [
    "authorization",
    "cookie",
    "kennwort",
    "passcode",
    "passphrase",
    "passwd",
    "passwor", // `password` and the German `Passwort`
    "pwd",
    "secret",
    "token",
];

/// Words of a name that make it the name of a secret.
const WORDS: [&str; 7] = ["credentials", "key", "keys", "otp", "pin", "psk", "pw"];

/// Names that end in `key` and have no secret.
const NOT_KEYS: [&str; 2] = ["hotkey", "monkey"];

/// Returns whether a value with this name is a secret. Case does not matter. Names that only resemble the name of a
/// secret are included: a hidden setting is better than a shown password.
pub(super) fn is_secret(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    if PARTS.iter().any(|part| lower.contains(part)) {
        return true;
    }
    let ends_in_key = lower.ends_with("key") || lower.ends_with("keys");
    if ends_in_key && !NOT_KEYS.iter().any(|word| lower.contains(word)) {
        return true;
    }
    words(name).any(|word| word.starts_with("pass") || WORDS.contains(&word.as_str()))
}

/// Returns the words of a name such as `apiKeyFile`, `api_key_file` or `APIKeyFile`, in lower case.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let characters: Vec<char> = name.chars().collect();
    for (place, &character) in characters.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|place| characters.get(place));
        let after = characters.get(place + 1);
        let starts = character.is_uppercase()
            && (before.is_some_and(|before| !before.is_uppercase())
                || after.is_some_and(|after| after.is_lowercase()));
        if starts || !character.is_alphabetic() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| character.is_alphabetic()) {
            word.extend(character.to_lowercase());
        }
    }
    words.into_iter().filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_recognized_in_every_spelling() {
        for name in [
            "password",
            "Password",
            "smtpPassword",
            "SMTP_PASSWORD",
            "Kennwort",
            "passwort",
            "pass",
            "userPass",
            "passPhrase",
            "clientSecret",
            "secrets",
            "accesstoken",
            "TokenValue",
            "key",
            "apiKey",
            "apikey",
            "APIKey",
            "APIKeyFile",
            "licenseKeys",
            "private-key-pem",
            "db_pwd",
            "pin",
            "otpSeed",
            "Authorization",
            "credentials",
        ] {
            assert!(is_secret(name), "{name}");
        }
    }

    #[test]
    fn names_of_settings_are_not_secrets() {
        for name in [
            "",
            "userName",
            "keywords",
            "monkey",
            "compass",
            "bypass",
            "credentialId",
            "CertificateThumbprint",
            "authenticationType",
            "spinning",
            "emailAddresses",
            "timeout",
            "privilegesOnFolders",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
