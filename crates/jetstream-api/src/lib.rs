#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]
#![cfg_attr(test, allow(clippy::unwrap_used))]

#[rustfmt::skip]
mod generated;
mod open;
mod operations;
mod poll_plan;
mod reference;
mod request;
mod task;
mod wait;
mod wait_error;

pub use generated::*;
pub use open::Builder;
pub use operations::TaskRef;
pub use python_bridge::{Connection, Error, ErrorKind, ExitReport, Json, SecretString};
pub use reference::Reference;
pub use request::Request;
pub use task::{Task, TransferEnd};
pub use wait::Wait;
pub use wait_error::{WaitError, WaitErrorKind};
