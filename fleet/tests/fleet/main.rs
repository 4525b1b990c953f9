//! Tests of the fleet with the real engine, real workers and simulated servers. The simulators live in the process of
//! the tests, so their counts survive the death of workers and engines.

#![allow(clippy::unwrap_used, reason = "tests")]

mod cancel;
mod cancel_command;
mod closed_output;
mod commands;
mod continued;
mod decide;
mod end_to_end;
#[cfg(target_os = "linux")]
mod engine_command;
mod job_file;
mod journal;
mod kill_matrix;
mod killed;
mod limits;
mod object_store;
mod order;
mod password;
mod places;
mod recorded;
mod registration;
mod results;
mod s3;
mod scale;
mod secrets;
mod seeing;
#[path = "../../examples/measure/servers.rs"]
mod servers;
mod steps;
mod stopping;
mod support;
mod traces;
mod waited;
mod windows;
