#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "tests"))]

mod answer;
mod arguments;
mod confirmation;
mod cut;
mod effect;
mod failure;
mod gatekeeper;
mod handler;
mod instructions;
mod outcomes;
mod progress;
mod question;
mod refusal;
mod run;
mod schema;
mod settings;
mod shown;
mod terminal;
mod tool;
mod unsendable;

pub use effect::needs_confirmation;
pub use handler::{ServeError, Tools};
pub use mailstore_reach::Catalog;
pub use outcomes::Outcomes;
pub use settings::{Limits, Settings, WrongSettings};
pub use terminal::{ControllingTerminal, Terminal};
