#![doc = include_str!("../README.md")]

mod archive;
mod installation;
pub mod provision;
mod reading;
mod redact;
mod size;

pub use archive::AnyArchive;
pub use installation::{Installation, ListedArchive};
pub use reading::Reading;
pub use redact::{redact, redact_text};
pub use size::Size;
