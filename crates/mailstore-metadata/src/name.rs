//! Validates the names and paths of a dump.
//!
//! Dumps come from outside, and their names are used in URLs, form fields, generated source code and its comments.
//! Only listed characters are therefore allowed. All names of the known versions and of the three low-level operations
//! consist of them.

use thiserror::Error;

/// Maximum number of characters of a name or a path.
const MAX_LENGTH: usize = 255;

/// The problem with the name of a function or an argument.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NameFault {
    /// The name is empty.
    #[error("is empty")]
    Empty,
    /// The name has more than 255 characters.
    #[error("has {0} characters; the maximum is 255")]
    TooLong(usize),
    /// The name contains a character other than ASCII letters, digits, `_`, `-` and `.`.
    #[error("contains the character {character:?} (U+{:04X})", u32::from(*character))]
    Character {
        /// The first such character.
        character: char,
        /// Its offset in the name, in bytes.
        offset: usize,
    },
    /// The first character is `-` or `.`, which would turn the name into an option or a relative path.
    #[error("starts with {0:?}")]
    Start(char),
}

/// The problem with the path of a function.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PathFault {
    /// The path is empty.
    #[error("is empty")]
    Empty,
    /// The path has more than 255 characters.
    #[error("has {0} characters; the maximum is 255")]
    TooLong(usize),
    /// The path starts with a slash, which would replace the path of the server's address.
    #[error("starts with a slash")]
    Absolute,
    /// The path does not end with a slash, so the name of the function would be joined to its last part.
    #[error("does not end with a slash")]
    Open,
    /// A part between two slashes is not a valid name.
    #[error("has a part that {0}")]
    Segment(NameFault),
}

/// Checks the name of a function or an argument.
pub(crate) fn check(name: &str) -> Result<(), NameFault> {
    let first = name.chars().next().ok_or(NameFault::Empty)?;
    let length = name.chars().count();
    if length > MAX_LENGTH {
        return Err(NameFault::TooLong(length));
    }
    if let Some((offset, character)) = name.char_indices().find(|&(_, character)| !is_allowed(character)) {
        return Err(NameFault::Character { character, offset });
    }
    if matches!(first, '-' | '.') {
        return Err(NameFault::Start(first));
    }
    Ok(())
}

/// Checks the path of a function: valid names, each followed by a slash.
pub(crate) fn check_path(path: &str) -> Result<(), PathFault> {
    let length = path.chars().count();
    if length > MAX_LENGTH {
        return Err(PathFault::TooLong(length));
    }
    if path.is_empty() {
        return Err(PathFault::Empty);
    }
    if path.starts_with('/') {
        return Err(PathFault::Absolute);
    }
    let segments = path.strip_suffix('/').ok_or(PathFault::Open)?;
    segments
        .split('/')
        .try_for_each(check)
        .map_err(PathFault::Segment)
}

fn is_allowed(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_and_plausible_names_are_valid() {
        for name in [
            "GetServerInfo",
            "timeZoneID",
            "get-status",
            "a",
            "_",
            "2fa",
            "v1.2",
            "type",
            "Self",
        ] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        assert_eq!(check(&"x".repeat(255)), Ok(()));
    }

    #[test]
    fn lengths_are_limited() {
        assert_eq!(check(""), Err(NameFault::Empty));
        assert_eq!(check(&"x".repeat(256)), Err(NameFault::TooLong(256)));
        assert_eq!(check_path(""), Err(PathFault::Empty));
        assert_eq!(check_path(&"x/".repeat(128)), Err(PathFault::TooLong(256)));
    }

    #[test]
    fn every_other_character_is_rejected() {
        let letters = ('\0'..='\u{17f}').chain(['\u{202e}', '\u{feff}', '\u{1f600}']);
        for character in letters.filter(|&character| !is_allowed(character)) {
            let fault = NameFault::Character { character, offset: 1 };
            assert_eq!(check(&format!("a{character}b")), Err(fault), "{character:?}");
        }
        let separators = r#" /\"'`?#%&=+<>{}[]()$;:,@!*|^~"#;
        assert!(separators.chars().all(|character| !is_allowed(character)));
    }

    #[test]
    fn a_name_that_looks_like_an_option_or_relative_path_is_rejected() {
        assert_eq!(check("-x"), Err(NameFault::Start('-')));
        assert_eq!(check(".."), Err(NameFault::Start('.')));
    }

    #[test]
    fn errors_show_the_character_in_escaped_form() {
        let fault = check("a\u{1b}[0m").unwrap_err();
        assert_eq!(fault.to_string(), r"contains the character '\u{1b}' (U+001B)");
        assert_eq!(
            check("a b").unwrap_err().to_string(),
            "contains the character ' ' (U+0020)"
        );
    }

    #[test]
    fn paths_are_names_followed_by_slashes() {
        for path in ["api/", "api/invoke/", "v2/api.x/"] {
            assert_eq!(check_path(path), Ok(()), "{path}");
        }
        assert_eq!(check_path("/api/"), Err(PathFault::Absolute));
        assert_eq!(check_path("/"), Err(PathFault::Absolute));
        assert_eq!(check_path("api"), Err(PathFault::Open));
        assert_eq!(check_path("api//"), Err(PathFault::Segment(NameFault::Empty)));
        assert_eq!(
            check_path("api/../"),
            Err(PathFault::Segment(NameFault::Start('.')))
        );
        assert_eq!(
            check_path("api/?a=/").unwrap_err().to_string(),
            "has a part that contains the character '?' (U+003F)"
        );
    }
}
