#![doc = include_str!("../README.md")]

mod answer;
mod arguments;
mod bodies;
mod builder;
mod changes;
mod connections;
mod core;
mod delivery;
mod envelope;
mod error;
mod faults;
mod functions;
mod handshake;
mod http;
mod logs;
mod misbehave;
mod poll;
mod received;
mod restart;
#[cfg(test)]
mod robustness;
mod route;
mod serve;
mod simulator;
mod state;
mod tasks;
mod time;
mod tls;
mod zones;

pub use builder::{Builder, function_list};
pub use error::Error;
pub use faults::{Fault, Injection, Phase, Rule, WrongRule};
pub use received::Received;
pub use simulator::Simulator;
pub use tasks::LongCall;

/// A function list, the argument of [`Builder::metadata`].
pub use mailstore_metadata::Dump;

/// The simulated product, and the error for a word that names no product.
pub use mailstore_metadata::{Edition, UnknownEdition};
