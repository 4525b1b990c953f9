//! Tests of the explorer against the simulator, over TLS on this machine.

#![allow(clippy::unwrap_used, reason = "tests")]

mod assets;
mod calls;
mod confirmation;
mod documents;
mod long_calls;
mod read_only;
mod refusals;
mod secrets;
mod support;
