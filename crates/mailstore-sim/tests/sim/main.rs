//! Tests over real TLS sockets. They write requests byte by byte and do not depend on a client library.

#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test shows the place of the failure"
)]

mod arguments;
mod bodies;
mod changes;
mod client;
mod command;
mod configurations;
mod every_function;
mod faults_on_statuses;
mod faults_on_the_wire;
mod http;
mod lifecycle;
mod load;
mod restarts;
mod rules;
mod runs;
mod spe_world;
mod stores;
mod tasks;
mod users;
mod wrappers;
