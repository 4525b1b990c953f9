//! Two clients of the program's own: one checked in, one generated at every build.

#[rustfmt::skip]
pub mod client;
pub mod reports;
