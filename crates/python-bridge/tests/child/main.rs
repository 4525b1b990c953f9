//! Tests with a real Python. They need `python3.11`.

#![allow(clippy::unwrap_used)]

mod calls;
mod endings;
mod generated;
mod handles;
mod hostile;
mod loopback;
mod orphans;
mod reading;
mod scene;
mod secrets;
mod start;
mod support;
mod values;
