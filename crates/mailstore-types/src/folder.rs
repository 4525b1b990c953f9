//! Folders of the archive, and the archives that they are in.

use std::borrow::Cow;

use crate::Malformed;

crate::text::text! {
    /// Name of an archive, which is a top-level folder and usually the name of a user, such as `jane`.
    ///
    /// Privileges are given on archives, not on the folders below (documented).
    ArchiveName,
    "name of an archive",
    "it is a folder of the top level, so not empty and without `/`",
    |text| (is_level(text) && !text.contains('/')).then_some(Cow::Borrowed(text))
}

crate::text::text! {
    /// A folder of the archive in full, levels separated by `/`, such as `jane/Outlook/Inbox`.
    FolderPath,
    "path of a folder",
    "its levels are separated by single `/`, with none at the beginning and end",
    |text| text.split('/').all(is_level).then_some(Cow::Borrowed(text))
}

fn is_level(level: &str) -> bool {
    !level.trim().is_empty() && !level.contains(char::is_control)
}

impl ArchiveName {
    /// The folder of this archive with this path below it, such as `Outlook/Inbox`.
    ///
    /// # Errors
    /// `below` is no path.
    pub fn folder(&self, below: &str) -> Result<FolderPath, Malformed> {
        format!("{self}/{below}").parse()
    }
}

impl FolderPath {
    /// The archive that the folder is in.
    pub fn archive(&self) -> ArchiveName {
        ArchiveName(self.levels().next().unwrap_or_default().into())
    }

    /// The names of its levels, the archive first.
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
    fn paths_are_levels_and_archives_are_the_first_of_them() {
        let archive: ArchiveName = "jane".parse().unwrap();
        let inbox = archive.folder("Outlook/Inbox").unwrap();
        assert_eq!(inbox.as_str(), "jane/Outlook/Inbox");
        assert_eq!(inbox.levels().count(), 3);
        assert_eq!(inbox.archive(), archive);
        assert_eq!(FolderPath::from(archive.clone()).archive(), archive);
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for bad in ["", "/", "/jane", "jane/", "jane//Inbox", "jane/ /x", "jane/\n"] {
            assert!(bad.parse::<FolderPath>().is_err(), "{bad:?}");
        }
        assert!("jane/Inbox".parse::<ArchiveName>().is_err());
        assert!("jane".parse::<ArchiveName>().unwrap().folder("").is_err());
    }

    /// Responses are decoded without validation; values are validated before they are sent back.
    #[test]
    fn a_malformed_path_of_a_server_is_read_but_not_sent() {
        let path = FolderPath::from_json(&"jane//Inbox".into()).unwrap();
        assert_eq!(path.as_str(), "jane//Inbox");
        assert!(path.to_argument().is_err());
    }
}
