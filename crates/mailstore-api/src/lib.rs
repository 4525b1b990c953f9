#![doc = include_str!("../README.md")]

#[rustfmt::skip]
mod generated;

#[cfg(all(feature = "server", feature = "spe"))]
pub use generated::Archive;
#[cfg(feature = "server")]
pub use generated::server;
#[cfg(feature = "server-9")]
pub use generated::server_9;
#[cfg(feature = "spe")]
pub use generated::spe;
pub mod guide;

pub use generated::types;
#[cfg(feature = "blocking")]
pub use mailstore_transport::peek_certificate_blocking;
pub use mailstore_transport::{
    Argument, ArgumentKind, Builder, Call, CallFuture, Change, ChangeKind, CheckFuture, Compatibility,
    ConnectCause, Connection, Edition, Effect, Error, ErrorKind, ExposeSecret, Failure, Fingerprint,
    FromJson, Function, Impact, IntoDateTime, IntoOption, Json, ParseWordError, PeerCertificate, Printable,
    Problem, RawFuture, Reply, Request, SecretString, ServerError, SettingsError, StartFuture, StatusCode,
    StatusToken, Surface, Task, Timestamp, ToArgument, ToArguments, ToJson, Unknown, UnknownWord, Unsendable,
    Update, Updates, Value, WaitLimit, WaitOptions, civil, from_json, is_printable, jiff, peek_certificate,
    printable, printable_json, printable_lines, unversioned,
};
pub use mailstore_types::{DayNumber, Malformed, TimeRange};
