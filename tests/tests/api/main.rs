//! Tests of the client against the simulator and against scripted servers.
//!
//! All tests are in one binary, because each binary takes seconds to link.

#![allow(
    clippy::unwrap_used,
    reason = "a panic in a test shows the place of the failure"
)]

mod answers;
mod archive;
mod blocking;
mod check;
mod compatibility;
mod dropped_and_moved;
mod editions;
mod every_call;
mod explorer;
mod fault_matrix;
mod limits;
mod lost_answers;
mod many_tasks;
mod not_sent;
mod peek;
mod pins;
mod read_only;
mod response_limits;
mod samples;
mod secrets;
mod send_and_sync;
mod simulated;
mod streams;
mod support;
mod tasks_on_sockets;
mod tls;
mod traces;
mod trust;
mod values_in_programs;
mod wire;
