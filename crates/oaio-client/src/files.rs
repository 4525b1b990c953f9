//! Objects with attached files.

use std::path::PathBuf;

use wire_values::Json;

use crate::client::Client;
use crate::core::run_blocking;
use crate::error::Error;
use crate::folders;
use crate::local_state::LocalState;
use crate::object_id::ObjectId;
use crate::registered::Registered;
use crate::values::Values;
use crate::version::{Attached, AttachedFile, AttachedFolder, Registration, Update};

impl Client {
    /// Registers an object with one attached file. See [`register_object`](Self::register_object).
    ///
    /// # Errors
    /// Nothing was registered: the file does not exist, its path leaves its folder, or an error of `register_object`
    /// occurred.
    pub async fn register_file(&self, file: AttachedFile) -> Result<Registered, Error> {
        self.core.check_writable()?;
        folders::check_relative(&file.path)?;
        let mut values = Values::new().with(Values::FILE_PATHS, Json::from(vec![file.path.as_str()]));
        if let Some(root) = &file.root {
            values.set(Values::ROOT_PATH, root.as_str());
        }
        let registration = Registration {
            values,
            stamp: file.stamp,
            id: None,
            storage_host: file.storage_host.clone(),
        };
        // The id decides the folder of the file.
        let object = self.new_object(registration.clone())?;
        let registration = Registration {
            stamp: Some(object.client_stamp),
            ..registration
        };
        let state = self.state_of(file.root.as_deref())?;
        let folder = self.core.folders.folder_of(&object, &state)?;
        let attached = Attached {
            folder: state.folder,
            is_whole: false,
            file: Some((file, folder)),
        };
        self.register(registration, attached).await
    }

    /// Registers an object with all files of a folder, including hidden files. Files in hidden folders and symbolic links
    /// are left out. See [`register_object`](Self::register_object).
    ///
    /// # Errors
    /// Nothing was registered: the folder cannot be read, or an error of `register_object` occurred.
    pub async fn register_folder(&self, folder: AttachedFolder) -> Result<Registered, Error> {
        self.core.check_writable()?;
        let root = folder
            .root
            .ok_or_else(|| Error::invalid("a new object needs a folder: use `AttachedFolder::at`"))?;
        let root = trimmed(&root).to_owned();
        let state = self.state_of(Some(&root))?;
        let paths = list(state.folder.clone().unwrap_or_default()).await?;
        let values = Values::new()
            .with(Values::ROOT_PATH, root.as_str())
            .with(Values::FILE_PATHS, paths);
        let registration = Registration {
            values,
            stamp: folder.stamp,
            id: None,
            storage_host: folder.storage_host,
        };
        let attached = Attached {
            folder: state.folder,
            is_whole: true,
            file: None,
        };
        self.register(registration, attached).await
    }

    /// Replaces the attached file of an object, and sends the new version. The file becomes the only attached file. A
    /// replaced file with another name stays in the folder. See [`update_object`](Self::update_object).
    ///
    /// # Errors
    /// Nothing was updated: the file does not exist, its path leaves its folder, or an error of `update_object` occurred.
    pub async fn update_file(&self, id: &ObjectId, file: AttachedFile) -> Result<Registered, Error> {
        self.core.check_writable()?;
        folders::check_relative(&file.path)?;
        let (object, mut state) = self.core.object(id).await?;
        let mut values = Values::new().with(Values::FILE_PATHS, Json::from(vec![file.path.as_str()]));
        if let Some(root) = &file.root {
            values.set(Values::ROOT_PATH, root.as_str());
            state.folder = self.state_of(Some(root))?.folder;
        }
        let update = Update {
            stamp: file.stamp,
            ..Update::merge(values)
        };
        let folder = self.core.folders.folder_of(&object, &state)?;
        let attached = Attached {
            folder: state.folder,
            is_whole: false,
            file: Some((file, folder)),
        };
        self.update(id, update, attached).await
    }

    /// Takes the current files of a folder as the attached files of an object, and sends the new version. See
    /// [`register_folder`](Self::register_folder) and [`update_object`](Self::update_object).
    ///
    /// # Errors
    /// Nothing was updated: the folder cannot be read, or an error of `update_object` occurred.
    pub async fn update_folder(&self, id: &ObjectId, folder: AttachedFolder) -> Result<Registered, Error> {
        self.core.check_writable()?;
        let (object, mut state) = self.core.object(id).await?;
        let mut values = Values::new();
        if let Some(root) = &folder.root {
            let root = trimmed(root);
            values.set(Values::ROOT_PATH, root);
            state.folder = self.state_of(Some(root))?.folder;
        }
        let place = self.core.folders.folder_of(&object, &state)?;
        values.set(Values::FILE_PATHS, list(place).await?);
        let update = Update {
            stamp: folder.stamp,
            ..Update::merge(values)
        };
        let attached = Attached {
            folder: state.folder,
            is_whole: true,
            file: None,
        };
        self.update(id, update, attached).await
    }

    /// Returns the places of the attached files of an object on this machine. Files that were not downloaded do not
    /// exist.
    ///
    /// # Errors
    /// The object is unknown, or one of its paths leaves its folder.
    pub async fn file_paths(&self, id: &ObjectId) -> Result<Vec<PathBuf>, Error> {
        let (object, state) = self.core.object(id).await?;
        let folder = self.core.folders.folder_of(&object, &state)?;
        let paths = object.values.file_paths()?.into_iter().map(|path| {
            folders::check_relative(&path)?;
            Ok(folder.join(path))
        });
        paths.collect()
    }

    /// Returns the state of an object whose files are in this folder of the machine.
    fn state_of(&self, root: Option<&str>) -> Result<LocalState, Error> {
        Ok(LocalState {
            folder: root.map(|root| self.core.folders.resolve(root)).transpose()?,
            ..LocalState::default()
        })
    }
}

async fn list(folder: PathBuf) -> Result<Json, Error> {
    let paths = run_blocking(move || folders::list(&folder)).await?;
    Ok(Json::from(paths.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// Returns the path without slashes at its end, as the Python client writes it.
fn trimmed(root: &str) -> &str {
    match root.trim_end_matches('/') {
        "" => root,
        trimmed => trimmed,
    }
}
