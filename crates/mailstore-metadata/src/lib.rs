#![doc = include_str!("../README.md")]
// Tests may use `unwrap`: the line of the panic shows what failed.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod advice;
mod canonical;
pub mod diff;
mod digest;
mod dump;
mod edition;
mod error;
#[cfg(feature = "diagnostics")]
mod excerpt;
mod failure;
mod function;
mod json;
mod known;
mod left_out;
mod low_level;
mod name;
mod parse;
#[cfg(feature = "diagnostics")]
mod picture;
mod problem;
#[cfg(feature = "diagnostics")]
mod report;
mod text;

pub use diff::Diff;
pub use digest::Digest;
pub use dump::Dump;
pub use edition::{Edition, INSTANCE_ARGUMENT, UnknownEdition};
pub use error::DumpError;
pub use function::{Argument, ArgumentKind, Function};
pub use known::Known;
pub use left_out::LeftOut;
pub use low_level::low_level;
pub use name::{NameFault, PathFault};
pub use problem::Problem;
pub use text::{NotText, decode_text};
pub use wire_values::Effect;
pub use wire_values::line_and_column;
