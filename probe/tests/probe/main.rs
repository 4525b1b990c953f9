//! Tests of the command `cargo xtask probe` against simulated servers whose responses differ from the overlays.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

mod advice;
mod differences;
mod errors;
mod overlay;
mod place;
mod privacy;
mod requests;
