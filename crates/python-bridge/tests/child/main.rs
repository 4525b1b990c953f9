//! Tests with a real Python. They need `python3.11`.

#![allow(clippy::unwrap_used)]

mod calls;
mod canaries;
mod endings;
mod events;
mod generated;
mod handles;
mod host;
mod hostile;
mod loopback;
mod orphans;
mod process;
mod reading;
mod scene;
mod secrets;
mod start;
mod strangers;
mod support;
mod values;
