#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod bindings;
mod client_template;
mod generator;
pub mod input;
mod known;
mod listing;
pub mod openapi;
mod overlay;
mod target;

pub use bindings::{Bindings, BindingsError};
#[cfg(feature = "schema")]
pub use clientgen::overlay_schema;
#[doc(inline)]
pub use clientgen::{Difference, Generated, OverlayError, OverlayProblem, Tree, TreeError};
#[doc(inline)]
pub use clientgen::{coverage, model, output};
pub use generator::{Generator, Source};
pub use known::known_overlays;
pub use overlay::Overlay;

/// The edition of a server, from the crate `mailstore-metadata`.
pub use mailstore_metadata::Edition;

/// Whether this crate generated a file: its whole first line is the header of generated Rust, or it is a JSON document
/// with the mark of this crate near its beginning.
///
/// Headers of other generators are not accepted.
pub fn is_generated(bytes: &[u8]) -> bool {
    clientgen::is_generated(bytes, target::GENERATOR)
}
