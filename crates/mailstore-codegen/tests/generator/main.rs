//! Tests of the generator: its output and its errors.
#![allow(clippy::unwrap_used)]

mod bindings;
mod compiles;
mod coverage;
mod editions;
mod golden;
mod openapi;
mod overlay_errors;
mod parameters;
mod properties;
mod snapshots;
mod support;
mod tree;
mod types;
