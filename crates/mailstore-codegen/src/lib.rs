#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod coverage;
mod emit;
mod error;
mod generator;
mod lower;
pub mod model;
mod names;
mod overlay;
mod reserved;
#[cfg(feature = "schema")]
mod schema;
mod tree;

pub use error::{OverlayError, OverlayProblem};
pub use generator::{Generated, Generator, Source};
pub use overlay::Overlay;
#[cfg(feature = "schema")]
pub use schema::overlay_schema;
pub use tree::{Difference, Tree};
