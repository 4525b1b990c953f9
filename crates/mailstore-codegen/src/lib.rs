#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod bindings;
mod bindings_error;
pub mod coverage;
mod emit;
mod error;
mod generator;
mod header;
pub mod input;
mod known;
mod lower;
pub mod model;
mod names;
mod one_file;
pub mod openapi;
pub mod output;
mod overlay;
mod reserved;
#[cfg(feature = "schema")]
mod schema;
mod tree;

pub use bindings::Bindings;
pub use bindings_error::BindingsError;
pub use error::{OverlayError, OverlayProblem};
pub use generator::{Generated, Generator, Source};
pub use header::is_generated;
pub use known::known_overlays;
pub use overlay::Overlay;
#[cfg(feature = "schema")]
pub use schema::overlay_schema;
pub use tree::{Difference, Tree, TreeError};

/// The edition of a server, from the crate `mailstore-metadata`.
pub use mailstore_metadata::Edition;
