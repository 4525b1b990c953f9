//! Audits of simulated servers.

#![allow(clippy::unwrap_used, reason = "tests")]

mod cases;
mod exceptions;
mod files;
mod instances;
mod support;
mod whole;
