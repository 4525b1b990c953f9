//! Calls the read-only functions of a live server and compares the responses with the overlays: `cargo xtask probe`.
//!
//! The function list of the server and the overlays make the model that each answer is compared with. What comes out
//! holds shapes and no values, so that it can be handed on.

mod arguments;
mod call;
mod compare;
mod finding;
mod patch;
mod private;
mod probe;
mod report;
mod shape;
mod text;

/// Results as the generated clients read them: one decoder for each edition.
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
