//! Calls the read-only functions of a live server and compares the responses with the overlays: `mailstore probe`.
//!
//! The expected model consists of the function list of the server and the overlays. Each response is compared with
//! it. The report contains shapes but no values, so it can be shared.

mod arguments;
mod budget;
mod call;
mod compare;
mod finding;
mod patch;
mod private;
mod probe;
mod report;
mod shape;
mod text;

/// Decodes results as the generated clients do, with one decoder per edition.
#[rustfmt::skip]
pub mod decoders {
    pub mod server;
    pub mod spe;
}

pub use arguments::Extent;
pub use call::Trouble;
pub use finding::{Finding, FindingKind, Member};
pub use patch::patch;
pub use probe::{Answer, Outcome, Probe, Probed, probe};
pub use report::{markdown, screen};
pub use shape::Shape;
