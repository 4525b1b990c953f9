#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod constant;
#[rustfmt::skip]
mod generated;
mod min_cipher;
mod open;
mod operations;
mod overwrite_mode;
mod poll_plan;
mod reference;
mod request;
mod start;
mod task;
mod wait;
mod wait_error;

pub use generated::*;
pub use min_cipher::MinCipher;
pub use open::Builder;
pub use operations::TaskRef;
pub use overwrite_mode::OverwriteMode;
pub use python_bridge::{Connection, Error, ErrorKind, ExitReport, Json, SecretString};
pub use reference::Reference;
pub use request::Request;
pub use start::Start;
pub use task::{Task, TransferEnd};
pub use wait::Wait;
pub use wait_error::{WaitError, WaitErrorKind};
pub use wire_values::{AnyId, Microseconds};
