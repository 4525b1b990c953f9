#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod answer;
#[cfg(feature = "blocking")]
mod blocking;
mod bridge;
mod call;
mod channel;
mod child;
mod connection;
mod error;
mod exit;
mod form;
mod function;
pub mod generated_v1;
mod handle;
mod handle_table;
mod handshake;
mod hello;
mod job;
mod line;
mod loopback;
mod module;
mod new_object;
mod outgoing;
mod owner;
mod placement;
mod private_file;
mod python_value;
mod request;
mod returned;
mod script;
mod secrets;
mod stderr_tail;
mod version;

#[cfg(feature = "blocking")]
pub use blocking::block_on;
pub use bridge::{Bridge, Builder};
pub use call::{Call, CallFuture, RawFuture};
pub use connection::Connection;
pub use error::{Error, ErrorKind};
pub use exit::ExitReport;
pub use function::{Argument, ArgumentKind, Effect, Function, OutParameter, Surface};
pub use handle::Handle;
pub use hello::Hello;
pub use module::{Class, FirstResult, Step};
pub use python_value::PythonValue;
pub use request::Request;
pub use script::{BRIDGE, write_bridge};
pub use secrecy::{ExposeSecret, SecretString};
pub use wire_values::{FromJson, Json, ToJson};
