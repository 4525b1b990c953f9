#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "tests"))]

mod assets;
mod clicks;
mod document;
mod explorer;
mod form;
mod guard;
mod operation;
mod page_token;
mod proxy;
mod refusal;
mod running;
mod schema;

pub use explorer::{Explorer, ExplorerError, Settings};
pub use running::Unfinished;
