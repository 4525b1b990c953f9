//! Objects that stay in Python.

use python_bridge::{Error, FromJson, Handle, Json, ToJson};
use wire_values::{Problem, Reader, Unsendable};

/// Declares the types of objects.
macro_rules! objects {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        ///
        /// The object stays in Python. Clones refer to the same object.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(Handle);

        impl $name {
            /// Returns the handle, which calls methods of the object.
            pub fn handle(&self) -> &Handle {
                &self.0
            }

            /// Returns the result of a getter, such as `getName`: from the moment in which the object was returned if
            /// the getter is known, otherwise from a new call.
            ///
            /// Only the methods that both the client and the template list can be called. See
            /// [`Connect::class`](crate::Connect::class) and the setting `METHODS` of the template.
            ///
            /// # Errors
            /// Those of a call.
            pub async fn get(&self, getter: &str) -> Result<Json, Error> {
                match self.0.get(getter) {
                    Some(value) => Ok(value),
                    None => self.0.call(getter, ()).await,
                }
            }
        }

        impl From<Handle> for $name {
            fn from(handle: Handle) -> Self {
                Self(handle)
            }
        }

        impl FromJson for $name {
            fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
                Handle::read(reader).map(Self)
            }
        }

        impl ToJson for $name {
            fn to_json(&self) -> Result<Json, Unsendable> {
                self.0.to_json()
            }
        }
    )*};
}

objects! {
    /// A job of the queue.
    Job
    /// A chunk of a job.
    Chunk
    /// An entry of the history of a chunk.
    HistoryChunk
    /// A render node.
    Node
    /// A connected Console.
    Console
    /// A connected notificator.
    Notificator
    /// The configuration of the Dispatcher.
    Configuration
    /// A user.
    User
    /// A group of users.
    Group
    /// A pool of nodes.
    Pool
    /// A repository.
    Repository
    /// A job of the backup archive.
    BackupJob
    /// The extent of the backup archive.
    BackupBoundaries
    /// A query of the backup archive.
    BackupQuery
    /// A text that a function fills or returns.
    StringRef
}
