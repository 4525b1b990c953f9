#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod address;
mod arguments;
#[cfg(feature = "blocking")]
mod blocking;
mod builder;
mod call;
mod call_future;
mod change;
mod compatibility;
mod compression;
mod connection;
mod drop_guard;
mod envelope;
mod error;
mod error_kind;
mod excerpt;
mod exchange;
mod failure;
mod form;
mod function;
mod function_list;
mod gate;
#[doc(hidden)]
pub mod generated_v1;
mod https;
mod incompatible;
mod json_text;
mod known_edition;
mod log;
mod not_found;
mod pace;
mod pauses;
mod peek;
mod poller;
mod relay;
mod request;
mod retry;
mod retry_after;
mod runtime;
mod secrets;
mod slots;
mod status;
mod task;
mod task_core;
mod text;
mod token;
mod trace;
pub mod unversioned;
mod update;
mod updates;
mod wait;

#[cfg(feature = "blocking")]
#[doc(hidden)]
pub use blocking::block_on;
pub use builder::Builder;
pub use call::{Call, RawFuture, StartFuture};
pub use call_future::CallFuture;
pub use change::{Change, ChangeKind, Impact};
pub use compatibility::{CheckFuture, Compatibility};
pub use connection::Connection;
pub use envelope::{Reply, ServerError};
pub use error::{Error, ErrorKind};
pub use failure::Failure;
pub use function::{Argument, ArgumentKind, Effect, Function, Surface};
pub use https_connect::{ConnectCause, Fingerprint, PeerCertificate, SettingsError};
pub use mailstore_metadata::Edition;
pub use peek::peek_certificate;
#[cfg(feature = "blocking")]
pub use peek::peek_certificate_blocking;
pub use request::Request;
pub use status::StatusCode;
pub use task::Task;
pub use token::StatusToken;
pub use update::Update;
pub use updates::Updates;
pub use wait::{WaitLimit, WaitOptions};
pub use wire_values::{
    DateTime, ExposeSecret, FromJson, IntoDateTime, IntoOption, Json, ParseWordError, Printable, Problem,
    Reader, SecretString, Serialize, Time, Timestamp, ToArgument, ToArguments, ToJson, Unknown, UnknownWord,
    Unsendable, Value, civil, from_json, is_printable, jiff, printable, printable_json, printable_lines,
};
