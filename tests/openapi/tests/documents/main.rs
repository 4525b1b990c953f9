//! Tests of the OpenAPI documents: they are valid, complete, and correct for the responses of servers.
#![allow(clippy::unwrap_used)]

mod client;
mod complete;
mod responses;
mod support;
mod valid;
