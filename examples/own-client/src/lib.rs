//! Two clients of the program's own: one checked in, one generated at every build.

#[rustfmt::skip]
pub mod client;

// The module `reports`, which the build script generates.
include!(concat!(env!("OUT_DIR"), "/reports.rs"));
