//! Tests of job files: how they are read, checked and expanded to calls.
#![allow(clippy::unwrap_used, reason = "tests")]

mod checked;
mod expanded;
mod properties;
mod read;
mod schema;
mod support;
