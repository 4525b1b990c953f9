//! Where a document is in an export.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::file_name::is_file_name;

/// The place of a document, of all documents of a kind, or of all documents of an archive.
///
/// As a text it is a path in the export, such as `server/jobs.json`, `instances/demo/users/jane.doe.json`,
/// `server/users` or `instances/demo`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Place {
    pub(crate) archive: String,
    pub(crate) kind: Option<String>,
    /// The name of the file of a user, without its extension.
    pub(crate) user: Option<String>,
}

/// The kind whose documents are files of their own.
pub(crate) const USERS: &str = "users";
/// The folder of a MailStore Server.
pub(crate) const SERVER: &str = "server";
/// The folder of what all instances of the Service Provider Edition share.
pub(crate) const PLATFORM: &str = "platform";
/// The start of the folders of instances.
pub(crate) const INSTANCES: &str = "instances/";

impl Place {
    /// Returns the place of all documents of an archive.
    pub(crate) fn archive(archive: &str) -> Self {
        Self {
            archive: archive.to_owned(),
            kind: None,
            user: None,
        }
    }

    /// Returns the place of a kind in an archive.
    pub(crate) fn kind(archive: &str, kind: &str) -> Self {
        Self {
            kind: Some(kind.to_owned()),
            ..Self::archive(archive)
        }
    }

    /// Returns the place of a user in an archive. `file` is the name of the file without its extension.
    pub(crate) fn user(archive: &str, file: &str) -> Self {
        Self {
            user: Some(file.to_owned()),
            ..Self::kind(archive, USERS)
        }
    }

    /// Returns whether the other place is this one or below it.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        let covers = |own: &Option<String>, other: &Option<String>| own.is_none() || own == other;
        self.archive == other.archive && covers(&self.kind, &other.kind) && covers(&self.user, &other.user)
    }

    /// Returns whether the place is a file.
    pub(crate) fn is_file(&self) -> bool {
        match self.kind.as_deref() {
            None => false,
            Some(USERS) => self.user.is_some(),
            Some(_) => true,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.archive)?;
        match (&self.kind, &self.user) {
            (None, _) => Ok(()),
            (Some(kind), Some(user)) => write!(f, "/{kind}/{user}.json"),
            (Some(kind), None) if kind == USERS => write!(f, "/{kind}"),
            (Some(kind), None) => write!(f, "/{kind}.json"),
        }
    }
}

/// A path is not the place of a document.
#[derive(Debug, thiserror::Error)]
#[error("`{}` is not a path of an export", mailstore_api::printable(.0))]
pub(crate) struct NotAPlace(String);

/// Accepts only paths that stay in the folder of the export.
impl FromStr for Place {
    type Err = NotAPlace;

    fn from_str(path: &str) -> Result<Self, NotAPlace> {
        parse(path).ok_or_else(|| NotAPlace(path.to_owned()))
    }
}

fn parse(path: &str) -> Option<Place> {
    let mut parts = path.split('/');
    let archive = match parts.next()? {
        own @ (SERVER | PLATFORM) => own.to_owned(),
        "instances" => format!("{INSTANCES}{}", parts.next().filter(|id| is_file_name(id))?),
        _ => return None,
    };
    let rest: Vec<&str> = parts.collect();
    let without_extension = |file: &str| {
        let name = file.strip_suffix(".json")?;
        is_file_name(name).then(|| name.to_owned())
    };
    Some(match rest[..] {
        [] => Place::archive(&archive),
        [USERS] => Place::kind(&archive, USERS),
        [USERS, file] => Place::user(&archive, &without_extension(file)?),
        [file] => Place::kind(&archive, &without_extension(file)?),
        _ => return None,
    })
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let path = String::deserialize(deserializer)?;
        path.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_as_they_are_written() {
        for (path, is_file) in [
            ("server/jobs.json", true),
            ("instances/demo/users/jane.doe.json", true),
            ("instances/demo/users", false),
            ("instances/demo", false),
            ("platform/hosts.json", true),
        ] {
            let place: Place = path.parse().unwrap();
            assert_eq!(place.to_string(), path);
            assert_eq!(place.is_file(), is_file, "{path}");
        }
    }

    #[test]
    fn paths_outside_the_export_are_rejected() {
        for path in [
            "",
            "/etc/passwd.json",
            "../x.json",
            "server/../x.json",
            "server/users/../../x.json",
            "server/a/b.json",
            "instances/../x.json",
            "instances",
            "instances/demo/users/a\\b.json",
            "manifest.json",
            "server/x.txt",
            "other/x.json",
        ] {
            assert!(path.parse::<Place>().is_err(), "{path}");
        }
    }

    #[test]
    fn a_place_covers_what_is_below_it() {
        let place = |path: &str| path.parse::<Place>().unwrap();
        for (upper, lower, wanted) in [
            ("server", "server/jobs.json", true),
            ("server/users", "server/users/jane.json", true),
            ("server/users", "server/users", true),
            ("server/users/jane.json", "server/users", false),
            ("server/users/jane.json", "server/users/john.json", false),
            ("instances/a", "instances/b", false),
        ] {
            assert_eq!(place(upper).covers(&place(lower)), wanted, "{upper} {lower}");
        }
    }
}
