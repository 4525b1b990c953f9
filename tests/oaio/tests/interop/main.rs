//! Tests of the Rust client together with the published Python client, on one Django server.
#![allow(clippy::unwrap_used)]

mod codecs;
mod crash;
mod dropped;
mod faults;
mod files;
mod folder;
mod objects;
mod races;
mod requests;
mod rust_client;
mod tls;
