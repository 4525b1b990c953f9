//! Folders and archives.

use std::borrow::Cow;

use crate::Malformed;

crate::text::text! {
    /// Name of an archive, which is a top-level folder. It is usually the name of a user, such as `jane`.
    ///
    /// Privileges are set on archives, not on the folders in them (documented).
    ArchiveName,
    "name of an archive",
    "it must not be empty or contain `/`, because an archive is a top-level folder",
    |text| (is_level(text) && !text.contains('/')).then_some(Cow::Borrowed(text))
}

crate::text::text! {
    /// The full path of a folder, with its levels separated by `/`, such as `jane/Outlook/Inbox`.
    FolderPath,
    "path of a folder",
    "its levels must be separated by single `/`, without `/` at the beginning and end",
    |text| text.split('/').all(is_level).then_some(Cow::Borrowed(text))
}

fn is_level(level: &str) -> bool {
    !level.trim().is_empty() && !level.contains(char::is_control)
}

impl ArchiveName {
    /// Returns the folder of this archive with this path below it, such as `Outlook/Inbox`.
    ///
    /// # Errors
    /// `below` is not a valid path.
    pub fn folder(&self, below: &str) -> Result<FolderPath, Malformed> {
        format!("{self}/{below}").parse()
    }
}

impl FolderPath {
    /// Returns the archive of the folder.
    pub fn archive(&self) -> ArchiveName {
        ArchiveName(self.levels().next().unwrap_or_default().into())
    }

    /// Returns the names of its levels, beginning with the archive.
    pub fn levels(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }
}

impl From<ArchiveName> for FolderPath {
    fn from(archive: ArchiveName) -> Self {
        Self(archive.0)
    }
}

#[cfg(test)]
mod tests {
    use wire_values::{FromJson, ToArgument};

    use super::*;

    #[test]
    fn the_archive_is_the_first_level_of_a_path() {
        let archive: ArchiveName = "jane".parse().unwrap();
        let inbox = archive.folder("Outlook/Inbox").unwrap();
        assert_eq!(inbox.as_str(), "jane/Outlook/Inbox");
        assert_eq!(inbox.levels().count(), 3);
        assert_eq!(inbox.archive(), archive);
        assert_eq!(FolderPath::from(archive.clone()).archive(), archive);
    }

    #[test]
    fn invalid_paths_are_rejected() {
        for bad in ["", "/", "/jane", "jane/", "jane//Inbox", "jane/ /x", "jane/\n"] {
            assert!(bad.parse::<FolderPath>().is_err(), "{bad:?}");
        }
        assert!("jane/Inbox".parse::<ArchiveName>().is_err());
        assert!("jane".parse::<ArchiveName>().unwrap().folder("").is_err());
    }

    /// Responses are decoded without validation; values are validated before they are sent back.
    #[test]
    fn an_invalid_path_from_a_server_is_decoded_but_not_sent() {
        let path = FolderPath::from_json(&"jane//Inbox".into()).unwrap();
        assert_eq!(path.as_str(), "jane//Inbox");
        assert!(path.to_argument().is_err());
    }
}
