//! An assistant's client with the tools of a simulated server.
#![allow(clippy::unwrap_used, reason = "tests")]

mod calls;
mod confirmations;
mod listing;
mod long_calls;
mod protocol;
mod results;
mod support;
