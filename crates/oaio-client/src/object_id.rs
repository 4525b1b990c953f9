//! The id of an object.

use std::fmt;
use std::str::FromStr;

use crate::defuse::{defuse, restore};
use crate::invalid::Invalid;
use crate::stamp::Stamp;

/// The id of an object, which is also the name of its files in the folder of the client.
///
/// The client that registers an object makes its id: the app, the user, the device, a name if the object has one, and
/// the stamp of the first version. Characters that a file name cannot contain are replaced by characters that look like
/// them. [`readable`](Self::readable) returns the text with the original characters.
///
/// ```
/// use oaio_client::ObjectId;
///
/// let id: ObjectId = "demo⫻alice﹫dev1⁄first␣note⁄20261128113911005910".parse()?;
/// assert_eq!(id.readable(), "demo://alice@dev1/first note/20261128113911005910");
/// # Ok::<(), oaio_client::Invalid>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(Box<str>);

impl ObjectId {
    /// The longest file name of common file systems, in bytes.
    const MAX_BYTES: usize = 255;

    /// Makes the id of a new object, as the Python client does (observed). An empty `name` is a name too.
    ///
    /// # Errors
    /// The app, the user or the device is empty, or the id is too long.
    pub(crate) fn new(
        app_id: &str,
        user_name: &str,
        device_id: &str,
        name: Option<&str>,
        stamp: Stamp,
    ) -> Result<Self, Invalid> {
        for (part, text) in [("app", app_id), ("user", user_name), ("device", device_id)] {
            if text.is_empty() {
                return Err(Invalid::new(format!(
                    "the name of the {part} is empty, so the object gets no id"
                )));
            }
        }
        let name = name.map(|name| format!("/{name}")).unwrap_or_default();
        defuse(&format!("{app_id}://{user_name}@{device_id}{name}/{stamp}")).parse()
    }

    /// Returns the text of the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the text with the original characters. It is for people: it is not an id, and it may contain control
    /// characters.
    ///
    /// If the name of the object already contained a look-alike such as `⁄`, the text differs from the name: every
    /// look-alike becomes the original character.
    pub fn readable(&self) -> String {
        restore(&self.0)
    }
}

/// Checks that the text can be the name of a file. The client does not check the parts, so an id may have any name.
///
/// # Errors
/// The text is empty, longer than 255 bytes, `.` or `..`, or it contains a character that ids replace.
impl FromStr for ObjectId {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() {
            return Err(Invalid::new("the id of an object is empty"));
        }
        if text.len() > Self::MAX_BYTES {
            return Err(Invalid::new(format!(
                "the id of an object has {} bytes. The longest name of a file has {} bytes",
                text.len(),
                Self::MAX_BYTES
            )));
        }
        if matches!(text, "." | "..") {
            return Err(Invalid::new(format!(
                "the id of an object is `{text}`, which is the name of a folder"
            )));
        }
        let defused = defuse(text);
        if let Some((found, expected)) = text.chars().zip(defused.chars()).find(|(a, b)| a != b) {
            return Err(Invalid::new(format!(
                "the id {text:?} contains {found:?}, which an id cannot contain. Ids contain {expected:?} instead"
            )));
        }
        Ok(Self(text.into()))
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STAMP: &str = "20261128113911005910";

    fn made(user: &str, device: &str, name: Option<&str>) -> Result<ObjectId, Invalid> {
        ObjectId::new("demo", user, device, name, STAMP.parse().unwrap())
    }

    #[test]
    fn ids_are_those_of_the_python_client() {
        for (name, part) in [
            (None, ""),
            (Some(""), "⁄"),
            (Some("first note"), "⁄first␣note"),
            (Some("home/x/y"), "⁄home⁄x⁄y"),
            (Some("{usr}/y"), "⁄﹛usr﹜⁄y"),
            (Some("sub/a.txt"), "⁄sub⁄a.txt"),
        ] {
            let id = made("alice", "dev1", name).unwrap();
            assert_eq!(id.as_str(), format!("demo⫻alice﹫dev1{part}⁄{STAMP}"));
        }
        let id = made("u v", "d/e", None).unwrap();
        assert_eq!(id.as_str(), format!("demo⫻u␣v﹫d⁄e⁄{STAMP}"));
    }

    #[test]
    fn an_id_needs_a_user_and_a_device() {
        for (user, device, problem) in [
            ("", "dev1", "the user is empty"),
            ("alice", "", "the device is empty"),
        ] {
            let error = made(user, device, None).unwrap_err().to_string();
            assert!(error.contains(problem), "{error}");
        }
    }

    #[test]
    fn text_that_cannot_be_the_name_of_a_file_is_rejected() {
        for (text, problem) in [
            ("", "is empty"),
            (".", "the name of a folder"),
            ("..", "the name of a folder"),
            ("../x", "contains '/'"),
            ("a\\b", "contains '\\\\'"),
            ("a b", "contains ' '"),
            ("a\0", "contains '\\0'"),
            ("a\n", "contains '\\n'"),
            ("a:b", "contains ':'"),
            ("demo://x", "contains ':'"),
        ] {
            let error = text.parse::<ObjectId>().expect_err(text).to_string();
            assert!(error.contains(problem), "{text:?}: {error}");
        }
    }

    #[test]
    fn an_id_is_at_most_as_long_as_the_name_of_a_file() {
        assert!("⁄".repeat(85).parse::<ObjectId>().is_ok());
        let error = "x".repeat(256).parse::<ObjectId>().unwrap_err().to_string();
        assert!(error.contains("256 bytes"), "{error}");
        let error = made("alice", "dev1", Some(&"ü".repeat(200)))
            .unwrap_err()
            .to_string();
        assert!(error.contains("bytes"), "{error}");
    }

    proptest! {
        #[test]
        fn names_without_look_alikes_are_readable(name in "[ -~ü☃]{0,40}") {
            let id = made("alice", "dev1", Some(&name)).unwrap();
            prop_assert_eq!(id.readable(), format!("demo://alice@dev1/{name}/{STAMP}"));
            prop_assert_eq!(id.as_str().parse::<ObjectId>().unwrap(), id);
        }

        #[test]
        fn any_text_is_an_id_or_an_error(text in any::<String>()) {
            if let Ok(id) = text.parse::<ObjectId>() {
                prop_assert_eq!(id.as_str(), &text);
                prop_assert!(!text.contains(['/', '\\', '\0', '\n']));
            }
        }
    }
}
