//! What a program passes to register or update an object.

use std::path::PathBuf;

use crate::error::Error;
use crate::folders;
use crate::object_id::ObjectId;
use crate::stamp::Stamp;
use crate::values::Values;

/// A new object. `Values` convert into it.
///
/// ```
/// use oaio_client::{Registration, Values};
///
/// let registration = Registration::new(Values::new().with("title", "note")).storage_host("Archive");
/// ```
#[derive(Clone, Debug)]
pub struct Registration {
    pub(crate) values: Values,
    pub(crate) stamp: Option<Stamp>,
    pub(crate) id: Option<ObjectId>,
    pub(crate) storage_host: Option<String>,
}

impl Registration {
    /// Creates a new object with these values.
    pub fn new(values: Values) -> Self {
        Self {
            values,
            stamp: None,
            id: None,
            storage_host: None,
        }
    }

    /// Sets the stamp. The default is the current time.
    #[must_use]
    pub fn stamp(mut self, stamp: Stamp) -> Self {
        self.stamp = Some(stamp);
        self
    }

    /// Sets the id. The default is made from the program, the user, the device, the name and the stamp.
    #[must_use]
    pub fn id(mut self, id: ObjectId) -> Self {
        self.id = Some(id);
        self
    }

    /// Sets the id of the storage host of the attached files. The default is that of the client.
    #[must_use]
    pub fn storage_host(mut self, id: &str) -> Self {
        self.storage_host = Some(id.to_owned());
        self
    }
}

impl From<Values> for Registration {
    fn from(values: Values) -> Self {
        Self::new(values)
    }
}

/// New values of an object. `Values` convert into it and are merged.
#[derive(Clone, Debug)]
pub struct Update {
    pub(crate) values: Values,
    pub(crate) stamp: Option<Stamp>,
    pub(crate) is_reset: bool,
}

impl Update {
    /// Sets these values. Other values of the object stay.
    pub fn merge(values: Values) -> Self {
        Self {
            values,
            stamp: None,
            is_reset: false,
        }
    }

    /// Sets these values and removes all others.
    pub fn reset(values: Values) -> Self {
        Self {
            is_reset: true,
            ..Self::merge(values)
        }
    }

    /// Sets the stamp, which must be newer than that of the object. The default is the current time.
    #[must_use]
    pub fn stamp(mut self, stamp: Stamp) -> Self {
        self.stamp = Some(stamp);
        self
    }
}

impl From<Values> for Update {
    fn from(values: Values) -> Self {
        Self::merge(values)
    }
}

/// A file that is attached to an object.
#[derive(Clone)]
pub struct AttachedFile {
    pub(crate) path: String,
    pub(crate) content: Option<Vec<u8>>,
    pub(crate) root: Option<String>,
    pub(crate) stamp: Option<Stamp>,
    pub(crate) storage_host: Option<String>,
}

impl AttachedFile {
    /// Takes an existing file. `root` is its folder on this machine: an absolute path, or a path that begins with a name
    /// that [`allow_root`](crate::Builder::allow_root) defines, such as `{usr}/notes`. `path` is the path of the file in
    /// this folder, with `/` between its parts.
    ///
    /// The folder is a value of the object. So other clients learn it, and Python clients write the file to the same
    /// folder of their machine.
    pub fn existing(root: &str, path: &str) -> Self {
        Self {
            path: path.to_owned(),
            content: None,
            root: Some(root.to_owned()),
            stamp: None,
            storage_host: None,
        }
    }

    /// Creates a file with this content in the folder of the client. `path` is its path in the folder of the object.
    pub fn new(path: &str, content: impl Into<Vec<u8>>) -> Self {
        Self {
            path: path.to_owned(),
            content: Some(content.into()),
            root: None,
            stamp: None,
            storage_host: None,
        }
    }

    /// Takes a file that is already in the folder of the object, to update the object after the program has changed it.
    pub fn in_place(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            content: None,
            root: None,
            stamp: None,
            storage_host: None,
        }
    }

    /// Sets the stamp. The default is the current time.
    #[must_use]
    pub fn stamp(mut self, stamp: Stamp) -> Self {
        self.stamp = Some(stamp);
        self
    }

    /// Sets the id of the storage host. The default is that of the client. Ignored by updates.
    #[must_use]
    pub fn storage_host(mut self, id: &str) -> Self {
        self.storage_host = Some(id.to_owned());
        self
    }
}

/// What a new version changes in the files of this machine.
#[derive(Default)]
pub(crate) struct Attached {
    /// The folder from which this machine registers the files. `None` if it stays.
    pub(crate) folder: Option<PathBuf>,
    /// Whether the whole folder is registered, and not one of its files.
    pub(crate) is_whole: bool,
    /// A file, and the folder that it belongs to.
    pub(crate) file: Option<(AttachedFile, PathBuf)>,
}

impl Attached {
    /// Writes the content of the file, or checks that the file exists.
    ///
    /// # Errors
    /// The file does not exist, or it cannot be written.
    pub(crate) fn place(&self) -> Result<(), Error> {
        match &self.file {
            None => Ok(()),
            Some((file, folder)) => match &file.content {
                Some(content) => folders::write(folder, &file.path, content),
                None => folders::open_for_reading(folder, &file.path).map(drop),
            },
        }
    }
}

/// Shows no content.
impl std::fmt::Debug for AttachedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AttachedFile")
            .field("path", &self.path)
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}

/// A folder whose files are attached to an object.
#[derive(Clone, Debug)]
pub struct AttachedFolder {
    pub(crate) root: Option<String>,
    pub(crate) stamp: Option<Stamp>,
    pub(crate) storage_host: Option<String>,
}

impl AttachedFolder {
    /// Takes a folder of this machine: an absolute path, or a path that begins with a name that
    /// [`allow_root`](crate::Builder::allow_root) defines.
    pub fn at(root: &str) -> Self {
        Self {
            root: Some(root.to_owned()),
            stamp: None,
            storage_host: None,
        }
    }

    /// Takes the folder that the object already has, to update the list of its files.
    pub fn in_place() -> Self {
        Self {
            root: None,
            stamp: None,
            storage_host: None,
        }
    }

    /// Sets the stamp. The default is the current time.
    #[must_use]
    pub fn stamp(mut self, stamp: Stamp) -> Self {
        self.stamp = Some(stamp);
        self
    }

    /// Sets the id of the storage host. The default is that of the client. Ignored by updates.
    #[must_use]
    pub fn storage_host(mut self, id: &str) -> Self {
        self.storage_host = Some(id.to_owned());
        self
    }
}
