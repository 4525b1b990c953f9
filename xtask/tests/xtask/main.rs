//! Tests of the commands, which run as a user would run them.
//!
//! They are one binary, because each binary takes seconds to link.

#![allow(clippy::unwrap_used, reason = "tests")]

mod advice;
mod advice_options;
mod checkout;
mod closed_output;
mod codegen;
mod commands;
mod demo;
mod diff;
mod documents;
mod fetch;
mod guide;
mod openapi;
mod pipes;
mod programs;
