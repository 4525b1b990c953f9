//! Runs the command `mailstore` against the simulator, as a user does.
//!
//! All tests are in one binary, because linking a binary takes seconds.

#![allow(clippy::unwrap_used, reason = "tests")]

mod calls;
#[cfg(unix)]
mod interrupts;
mod mistakes;
mod secrets;
mod support;
mod tasks;
