//! The OpenAPI documents: valid for tools that are not ours, complete, and true to the answers of servers.
#![allow(clippy::unwrap_used)]

mod answers;
mod client;
mod complete;
mod support;
mod valid;
