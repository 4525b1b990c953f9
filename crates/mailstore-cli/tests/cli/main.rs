//! Runs the command `mailstore` against the simulator, as a user does.
//!
//! All tests are in one binary, because linking a binary takes seconds.

#![allow(clippy::unwrap_used, reason = "tests")]

#[cfg(target_os = "linux")]
mod assistants;
mod audits;
mod calls;
mod check;
mod check_formats;
mod check_scenes;
mod check_states;
mod completions;
#[cfg(unix)]
mod explore;
mod exports;
mod instances;
#[cfg(unix)]
mod interrupts;
mod login;
mod mistakes;
mod output;
mod precedence;
mod profiles;
mod provisioning;
#[cfg(unix)]
mod pty;
mod report;
mod schedules;
mod secrets;
mod snapshot;
mod support;
mod tasks;
#[cfg(unix)]
mod terminal;
mod topics;
mod transcript;
mod transcripts;
