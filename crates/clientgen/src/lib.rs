#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod bindings;
mod bindings_error;
pub mod coverage;
mod emit;
mod error;
mod gave_way;
mod generator;
mod header;
pub mod listing;
mod lower;
pub mod model;
mod names;
mod one_file;
pub mod output;
mod overlay;
mod reserved;
#[cfg(feature = "schema")]
mod schema;
mod target;
pub mod text;
mod tree;

pub use bindings::{Bindings, rerun_if_changed};
pub use bindings_error::BindingsError;
pub use error::{OverlayError, OverlayProblem};
pub use gave_way::gave_way;
pub use generator::{Generated, Generator, Source};
pub use header::{JSON_MARK, is_generated};
pub use overlay::Overlay;
#[cfg(feature = "schema")]
pub use schema::overlay_schema;
pub use target::{ClientTemplate, Reserved, Target};
pub use tree::{Difference, Tree, TreeError};
