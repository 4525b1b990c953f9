#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod canonical;
mod client_template;
mod consequence;
mod diff;
mod diff_text;
mod error;
mod function;
mod judge;
mod known;
mod list;
mod listing;
mod name;
mod parse;
mod product;
mod target;
mod unique;

#[doc(inline)]
pub use clientgen::{Difference, Generated, Overlay, OverlayError, OverlayProblem, Tree, TreeError};
#[doc(inline)]
pub use clientgen::{model, output};
pub use consequence::Consequence;
pub use diff::{Change, Diff, Item};
pub use error::ListError;
pub use function::{Evidence, Function, Parameter, ParameterKind};
pub use list::BridgeDump;
pub use product::{GenerateError, Product};
