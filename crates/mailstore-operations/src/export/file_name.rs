//! The names of files and folders for the names of users and instances.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest as _, Sha256};

/// Characters that are percent-encoded. The others are allowed in file names everywhere and need no quotes in a shell.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'.')
    .remove(b'_')
    .remove(b'-')
    .remove(b'@')
    .remove(b'+');

/// Longest encoded name. File systems allow 255 bytes, and the name gets an extension.
const LONGEST: usize = 180;
/// Number of bytes of the digest in the name of a file with a very long name.
const DIGEST: usize = 8;

/// Devices of Windows. A file cannot have the name of a device, also with an extension.
const DEVICES: [&str; 4] = ["aux", "con", "nul", "prn"];

/// Returns a file name for each name. MailStore ignores the case of names, so file names are in lower case. If this
/// gives two different names the same file name, upper-case letters are percent-encoded in all of these names.
pub(super) fn file_names<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeMap<&'a str, String> {
    let mut of_lower: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for name in names {
        let same = of_lower.entry(file_name(&name.to_lowercase())).or_default();
        if !same.contains(&name) {
            same.push(name);
        }
    }
    let mut files = BTreeMap::new();
    for (lower, same) in of_lower {
        match same[..] {
            [name] => drop(files.insert(name, lower)),
            _ => files.extend(same.into_iter().map(|name| (name, file_name(name)))),
        }
    }
    files
}

/// Returns whether a text can be the result of [`file_names`]. Such a text is the name of one file in one folder.
pub(super) fn is_file_name(text: &str) -> bool {
    let is_allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-@+%".contains(&byte);
    !text.is_empty() && text.len() <= LONGEST && text.bytes().all(is_allowed) && !text.starts_with('.')
}

/// Returns the file name of one name. Different names have different file names.
fn file_name(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            encoded.push_str(&escaped(character));
        } else {
            let mut buffer = [0; 4];
            let part = utf8_percent_encode(character.encode_utf8(&mut buffer), ENCODED).to_string();
            encoded.push_str(&part.to_ascii_lowercase());
        }
    }
    if let Some(rest) = encoded.strip_prefix('.') {
        encoded = format!("%2e{rest}");
    }
    // Windows removes a dot at the end.
    if let Some(rest) = encoded.strip_suffix('.') {
        encoded = format!("{rest}%2e");
    }
    if is_device(&encoded) {
        let first = encoded.remove(0);
        encoded.insert_str(0, &escaped(first));
    }
    if encoded.is_empty() {
        // No other name has this file name, because a percent sign is encoded.
        return "%".to_owned();
    }
    if encoded.len() > LONGEST {
        let digest = Sha256::digest(name.as_bytes());
        let digest: String = digest
            .iter()
            .take(DIGEST)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        // The encoded name is ASCII. `%%` is in no encoded name.
        encoded.truncate(LONGEST - 2 - digest.len());
        encoded = format!("{encoded}%%{digest}");
    }
    encoded
}

fn escaped(character: char) -> String {
    format!("%{:02x}", u32::from(character))
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    DEVICES.contains(&stem) || numbered.is_some_and(|number| matches!(number.as_bytes(), [b'0'..=b'9']))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(name: &str) -> String {
        file_names([name]).remove(name).unwrap()
    }

    #[test]
    fn names_are_safe_on_every_file_system() {
        for (name, file) in [
            ("jane.doe", "jane.doe"),
            ("Jane.Doe", "jane.doe"),
            ("jane@example.com", "jane@example.com"),
            ("$archiveadmin", "%24archiveadmin"),
            ("Jürgen Müller", "j%c3%bcrgen%20m%c3%bcller"),
            ("DOMAIN\\jane", "domain%5cjane"),
            ("../../etc/passwd", "%2e.%2f..%2fetc%2fpasswd"),
            (".", "%2e"),
            ("..", "%2e%2e"),
            (".git", "%2egit"),
            ("jane.", "jane%2e"),
            ("CON", "%63on"),
            ("nul.txt", "%6eul.txt"),
            ("com1", "%63om1"),
            ("LPT9.a.b", "%6cpt9.a.b"),
            ("com", "com"),
            ("com10", "com10"),
            ("console", "console"),
            ("%2e", "%252e"),
            ("a\u{202e}\nb\0", "a%e2%80%ae%0ab%00"),
            ("a:b*?\"<>|", "a%3ab%2a%3f%22%3c%3e%7c"),
            ("", "%"),
        ] {
            assert_eq!(of(name), file, "{name:?}");
            assert!(is_file_name(&of(name)), "{name:?}");
        }
    }

    #[test]
    fn names_that_differ_in_case_only_have_different_files() {
        let files = file_names(["jane", "Jane", "JOHN", "jane"]);
        assert_eq!(files["jane"], "jane");
        assert_eq!(files["Jane"], "%4aane");
        assert_eq!(files["JOHN"], "john");
        assert_eq!(files.len(), 3);
    }

    #[test]
    fn long_names_are_cut_and_stay_different() {
        let (one, other) = (format!("{}a", "ü".repeat(200)), format!("{}b", "ü".repeat(200)));
        assert!(of(&one).len() <= LONGEST && of(&other).len() <= LONGEST);
        assert_ne!(of(&one), of(&other));
    }

    #[test]
    fn paths_are_not_file_names() {
        for text in ["", ".", "..", "a/b", "a\\b", "C:", ".git", "a b", "A"] {
            assert!(!is_file_name(text), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn every_name_has_a_file_of_its_own(names in prop::collection::btree_set("\\PC{0,6}|[aA.%]{0,3}", 0..12)) {
            let files = file_names(names.iter().map(String::as_str));
            let mut different: Vec<&String> = files.values().collect();
            different.sort();
            different.dedup();
            prop_assert_eq!(different.len(), names.len());
            for file in files.values() {
                prop_assert!(is_file_name(file), "{}", file);
            }
        }
    }
}
