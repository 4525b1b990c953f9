//! Tests of the commands for function lists: `mailstore metadata`, `generate`, `openapi`, `coverage` and
//! `compatibility`, as a user runs them.

#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test shows the place of the failure"
)]

mod advice;
mod advice_options;
mod built_in;
mod check;
mod compatibility;
mod diff;
mod fetch;
mod generate;
mod hostile_text;
mod openapi;
mod pipes;
mod program;
mod show;
