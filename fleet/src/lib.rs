//! Runs functions of MailStore on hundreds of servers with Restate, an engine for durable execution.
//!
//! A *job* is a file that describes what to run. It becomes a list of [calls](call::Call), which the engine runs and
//! keeps in its journal. A *worker* is the process that sends them.

pub mod call;
pub mod exit;
pub mod job;
