#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod access;
mod api;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod client;
mod copies;
mod core;
mod defuse;
mod directory_host;
mod engine;
mod error;
mod files;
mod folders;
mod host;
mod http;
mod identity;
mod invalid;
mod json_text;
mod list;
mod literal;
mod local_state;
mod object;
mod object_id;
mod progress;
mod record_file;
mod registered;
mod report;
mod session;
mod stamp;
mod store;
mod sync;
mod transfer;
mod values;
mod version;

pub use access::AccessRight;
pub use api::{SubscriptionId, UserAccess};
pub use builder::Builder;
pub use client::Client;
pub use copies::Copy;
pub use directory_host::DirectoryHost;
pub use error::{Error, ErrorKind};
pub use host::{Content, HostError, HostFuture, StorageArguments, StorageHost};
pub use https_connect::{ConnectCause, Fingerprint};
pub use invalid::Invalid;
pub use object::Object;
pub use object_id::ObjectId;
pub use progress::{Direction, FileProgress};
pub use registered::Registered;
pub use report::{Conflict, ConflictKind, Failed, SkipReason, Skipped, SyncReport};
pub use secrecy::{ExposeSecret, SecretString};
pub use stamp::Stamp;
pub use values::Values;
pub use version::{AttachedFile, AttachedFolder, Registration, Update};
pub use wire_values::Json;
