//! Exports of simulated servers, their folders, and comparisons.

#![allow(clippy::unwrap_used, reason = "tests")]

mod compared;
mod documents;
mod folders;
mod secrets;
mod support;
