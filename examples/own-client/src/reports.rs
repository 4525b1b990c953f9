//! The client that the build script generates.

include!(concat!(env!("OUT_DIR"), "/reports.rs"));
pub use reports::*;
