//! Storage hosts, which keep the attached files. The server keeps only the objects.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use tokio::io::AsyncRead;
use wire_values::Json;

/// The error of a storage host.
pub type HostError = Box<dyn StdError + Send + Sync>;

/// The future of a method of a storage host.
pub type HostFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, HostError>> + Send + 'a>>;

/// The content of a file, as a stream.
pub struct Content {
    /// The bytes.
    pub reader: Pin<Box<dyn AsyncRead + Send>>,
    /// The number of bytes, if it is known. A transfer with another number of bytes fails.
    pub length: Option<u64>,
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Content")
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// A place that keeps files, such as a cloud storage.
///
/// A path has the form `<object id>/<client stamp>/<file path>`, with `/` between its parts. A path is never used for
/// two contents. So the client may deploy a file again after an interrupted transfer.
///
/// [`DirectoryHost`](crate::DirectoryHost) is an implementation.
pub trait StorageHost: Send + Sync {
    /// Returns the content of a file.
    ///
    /// # Errors
    /// There is no file at this path, or the host cannot be used.
    fn content<'a>(&'a self, path: &'a str) -> HostFuture<'a, Content>;

    /// Stores a file. The host may show the file only when it is complete. If the future is dropped, the file is stored
    /// again later.
    ///
    /// # Errors
    /// The file cannot be stored completely.
    fn deploy<'a>(&'a self, path: &'a str, content: Content) -> HostFuture<'a, ()>;

    /// Deletes a file, or a folder with all files in it. Succeeds if there is no such file or folder.
    ///
    /// # Errors
    /// The file or folder cannot be deleted.
    fn delete<'a>(&'a self, path: &'a str) -> HostFuture<'a, ()>;
}

/// The arguments of a storage host, as the server returns them. They usually contain credentials.
#[derive(Clone)]
pub struct StorageArguments(Json);

impl StorageArguments {
    pub(crate) fn new(arguments: Json) -> Self {
        Self(arguments)
    }

    /// Returns the arguments: an object whose form depends on the storage host. Do not log it.
    pub fn expose(&self) -> &Json {
        &self.0
    }
}

/// Shows nothing, because the arguments are secret.
impl fmt::Debug for StorageArguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StorageArguments")
    }
}

/// Connects to a storage host with the arguments from the server.
pub(crate) type OpenHost =
    Arc<dyn Fn(&StorageArguments) -> Result<Arc<dyn StorageHost>, HostError> + Send + Sync>;
