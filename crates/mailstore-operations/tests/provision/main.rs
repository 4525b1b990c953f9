//! Plans and their application, with the simulated server.

#![allow(clippy::unwrap_used, reason = "tests")]

mod applied;
mod changed_since;
mod desired;
mod guards;
mod lost;
mod planned;
mod property;
mod requests;
mod support;
