//! The client of JetStream with a Python package that stands in for that of the vendor.
#![allow(clippy::unwrap_used, reason = "a test")]

mod blocking;
mod connection;
mod constants;
mod requests;
mod snippets;
mod support;
mod values;
mod vendor_waits;
mod waits;
