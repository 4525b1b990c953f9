//! Runs the commands as a user does.
//!
//! All tests are in one binary, because linking a binary takes seconds.

#![allow(clippy::unwrap_used, reason = "tests")]

mod advice;
mod advice_options;
mod checkout;
mod closed_output;
mod codegen;
mod command_how;
mod command_table;
mod commands;
mod demo;
mod diff;
mod documents;
mod fuzz;
mod guide;
mod hostile_text;
mod lists;
mod programs;
