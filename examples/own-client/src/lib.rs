//! Two separate clients: one is checked in, and one is generated at every build.

#[rustfmt::skip]
pub mod client;

// The module `reports`, which the build script generates.
include!(concat!(env!("OUT_DIR"), "/reports.rs"));
