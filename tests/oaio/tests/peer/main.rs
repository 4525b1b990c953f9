//! Tests of the published Python client with the Django server, without the Rust client.
//!
//! They fix what the Rust client is compared with: a new release of the Python client that behaves differently fails here.
#![allow(clippy::unwrap_used)]

mod codecs;
mod exchange;
mod failures;
mod files;
mod requests;
