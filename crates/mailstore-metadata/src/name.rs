//! Which names and paths a dump may use.
//!
//! Dumps come from outside, and their names end up in URLs, in form fields, in generated source code and its
//! comments. The rule therefore says what is allowed, not what is forbidden; it covers every name known from
//! any version and the three low-level operations.

use thiserror::Error;

/// The most characters a name or a path may have.
const MAX_LENGTH: usize = 255;

/// What is wrong with the name of a function or an argument.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NameFault {
    /// The name has no character at all.
    #[error("is empty")]
    Empty,
    /// The name has more than 255 characters.
    #[error("has {0} characters, more than 255")]
    TooLong(usize),
    /// A character other than ASCII letters, digits, `_`, `-` and `.`.
    #[error("contains the character {character:?} (U+{:04X})", u32::from(*character))]
    Character {
        /// The first such character.
        character: char,
        /// Where it starts, in bytes from the start of the name.
        offset: usize,
    },
    /// The first character is `-` or `.`, which would make an option or a relative path of the name.
    #[error("starts with {0:?}")]
    Start(char),
}

/// What is wrong with the path of a function.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PathFault {
    /// The path has no character at all.
    #[error("is empty")]
    Empty,
    /// The path has more than 255 characters.
    #[error("has {0} characters, more than 255")]
    TooLong(usize),
    /// The path starts with a slash, and so would replace the path of the server's address.
    #[error("starts with a slash")]
    Absolute,
    /// The path does not end with a slash, and the function's name would run into it.
    #[error("does not end with a slash")]
    Open,
    /// A part between two slashes is not a legal name.
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

/// Checks the path of a function: names, each followed by a slash.
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
    fn known_and_conceivable_names_are_legal() {
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
    fn every_other_character_is_refused() {
        let letters = ('\0'..='\u{17f}').chain(['\u{202e}', '\u{feff}', '\u{1f600}']);
        for character in letters.filter(|&character| !is_allowed(character)) {
            let fault = NameFault::Character { character, offset: 1 };
            assert_eq!(check(&format!("a{character}b")), Err(fault), "{character:?}");
        }
        let separators = r#" /\"'`?#%&=+<>{}[]()$;:,@!*|^~"#;
        assert!(separators.chars().all(|character| !is_allowed(character)));
    }

    #[test]
    fn a_name_is_no_option_and_no_relative_path() {
        assert_eq!(check("-x"), Err(NameFault::Start('-')));
        assert_eq!(check(".."), Err(NameFault::Start('.')));
    }

    #[test]
    fn faults_show_the_character_without_writing_it_raw() {
        let fault = check("a\u{1b}[0m").unwrap_err();
        assert_eq!(fault.to_string(), r"contains the character '\u{1b}' (U+001B)");
        assert_eq!(
            check("a b").unwrap_err().to_string(),
            "contains the character ' ' (U+0020)"
        );
    }

    #[test]
    fn paths_are_names_with_slashes() {
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
