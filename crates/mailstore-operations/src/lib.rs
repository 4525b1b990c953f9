#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "tests"))]

mod archive;
pub mod audit;
mod compare;
mod contract;
mod export;
pub mod history;
mod installation;
mod name_globs;
pub mod page;
pub mod provision;
mod reading;
mod redact;
pub mod report;
pub mod runs;
mod service_accounts;
mod size;
pub mod snapshot;
pub mod spreadsheet;
mod toml_text;

pub use archive::AnyArchive;
pub use compare::{Change, Comparison, Difference, Field, Side, Unknown, What};
pub use contract::{Contract, ContractError};
pub use export::{Cause, Export, ExportError, Manifest, NotRead, Written};
pub use installation::{Installation, ListedArchive};
pub use reading::Reading;
pub use redact::{has_placeholder, redact, redact_text};
pub use service_accounts::{ServiceAccounts, WrongPattern};
pub use size::Size;
pub use toml_text::toml_message;
