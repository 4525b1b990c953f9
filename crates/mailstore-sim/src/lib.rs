#![doc = include_str!("../README.md")]

mod answer;
mod arguments;
mod builder;
mod core;
mod edition;
mod envelope;
mod error;
mod functions;
mod http;
mod logs;
mod received;
#[cfg(test)]
mod robustness;
mod route;
mod simulator;
mod state;
mod task;
mod time;
mod tls;
mod zones;

pub use builder::Builder;
pub use edition::{Edition, UnknownEdition};
pub use error::Error;
pub use received::Received;
pub use simulator::Simulator;

/// The metadata crate's description of a dump, as [`Builder::metadata`] takes it.
pub use mailstore_metadata::Dump;
