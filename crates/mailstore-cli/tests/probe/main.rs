//! Tests of the command `mailstore probe` against simulated servers whose responses differ from the overlays.

#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test shows the place of the failure"
)]

mod advice;
mod differences;
mod errors;
mod hostile_text;
mod memory;
mod place;
mod privacy;
mod requests;
