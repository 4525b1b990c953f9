//! A storage host that keeps files in a folder of this machine.

use std::io;
use std::path::{Path, PathBuf};

use tokio::fs;
use tokio::io::AsyncWriteExt;

use crate::host::{Content, HostError, HostFuture, StorageHost};

/// A storage host that keeps files in a folder, such as a network drive or a folder for tests.
///
/// ```
/// use std::sync::Arc;
/// use oaio_client::{DirectoryHost, StorageHost};
///
/// let host: Arc<dyn StorageHost> = Arc::new(DirectoryHost::new("/srv/oaio-files"));
/// ```
#[derive(Clone, Debug)]
pub struct DirectoryHost {
    root: PathBuf,
}

impl DirectoryHost {
    /// Creates a host for this folder. The folder is created when the first file is stored.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Returns the place of a file.
    ///
    /// # Errors
    /// The path has parts that leave the folder.
    fn place(&self, path: &str) -> Result<PathBuf, HostError> {
        let is_valid = |part: &str| {
            !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0']) && Path::new(part).is_relative()
        };
        match path.split('/').all(is_valid) {
            true => Ok(path
                .split('/')
                .fold(self.root.clone(), |place, part| place.join(part))),
            false => Err("the path is not a relative path without `.` and `..`".into()),
        }
    }
}

impl StorageHost for DirectoryHost {
    fn content<'a>(&'a self, path: &'a str) -> HostFuture<'a, Content> {
        Box::pin(async move {
            let place = self.place(path)?;
            let file = fs::File::open(&place).await.map_err(|error| at(&place, error))?;
            let length = file.metadata().await.map_err(|error| at(&place, error))?.len();
            Ok(Content {
                reader: Box::pin(file),
                length: Some(length),
            })
        })
    }

    fn deploy<'a>(&'a self, path: &'a str, mut content: Content) -> HostFuture<'a, ()> {
        Box::pin(async move {
            let place = self.place(path)?;
            let folder = place.parent().unwrap_or(&self.root);
            fs::create_dir_all(folder)
                .await
                .map_err(|error| at(folder, error))?;
            // The file is removed if the transfer fails or is dropped.
            let part = part_in(folder).map_err(|error| at(folder, error))?;
            let (file, part) = part.into_parts();
            let mut file = fs::File::from_std(file);
            let copied = tokio::io::copy(&mut content.reader, &mut file).await?;
            file.flush().await?;
            file.sync_all().await?;
            if content.length.is_some_and(|length| length != copied) {
                return Err("the file changed while it was read".into());
            }
            part.persist(&place).map_err(|error| at(&place, error.error))?;
            Ok(())
        })
    }

    fn delete<'a>(&'a self, path: &'a str) -> HostFuture<'a, ()> {
        Box::pin(async move {
            let place = self.place(path)?;
            let deleted = match fs::symlink_metadata(&place).await {
                Ok(found) if found.is_dir() => fs::remove_dir_all(&place).await,
                Ok(_) => fs::remove_file(&place).await,
                Err(error) => Err(error),
            };
            match deleted {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(&place, error)),
                _ => Ok(()),
            }
        })
    }
}

/// Creates a temporary file. Other users may read it if the umask of the process allows this.
fn part_in(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

fn at(place: &Path, error: io::Error) -> HostError {
    io::Error::new(error.kind(), format!("{}: {error}", place.display())).into()
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;

    fn content(text: &'static str, length: u64) -> Content {
        Content {
            reader: Box::pin(text.as_bytes()),
            length: Some(length),
        }
    }

    #[tokio::test]
    async fn a_file_is_stored_returned_and_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let host = DirectoryHost::new(folder.path().join("files"));
        host.deploy("id/1/sub/a.txt", content("hello", 5)).await.unwrap();
        let mut found = host.content("id/1/sub/a.txt").await.unwrap();
        let mut text = String::new();
        found.reader.read_to_string(&mut text).await.unwrap();
        assert_eq!((text.as_str(), found.length), ("hello", Some(5)));
        host.delete("id/1").await.unwrap();
        host.delete("id/1").await.unwrap();
        let error = host.content("id/1/sub/a.txt").await.unwrap_err();
        assert!(error.to_string().contains("a.txt"), "{error}");
    }

    #[tokio::test]
    async fn an_incomplete_file_is_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let host = DirectoryHost::new(folder.path());
        host.deploy("id/a", content("hell", 5)).await.unwrap_err();
        assert!(host.content("id/a").await.is_err());
        assert_eq!(std::fs::read_dir(folder.path().join("id")).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn paths_that_leave_the_folder_are_rejected() {
        let folder = tempfile::tempdir().unwrap();
        let host = DirectoryHost::new(folder.path());
        for path in ["", "..", "a/../b", "/etc/passwd", "a//b", "a\\b", "./a", "a/\0"] {
            assert!(host.content(path).await.is_err(), "{path:?}");
            assert!(host.deploy(path, content("x", 1)).await.is_err(), "{path:?}");
            assert!(host.delete(path).await.is_err(), "{path:?}");
        }
    }
}
