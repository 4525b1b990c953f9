//! Runs functions of MailStore on hundreds of servers with Restate, an engine for durable execution.
//!
//! A *job* is a file that describes what to run. It becomes a list of [calls](call::Call), which the engine runs and
//! keeps in its journal. A *worker* is the process that sends them.

mod advice;
pub mod api;
mod attach;
pub mod call;
pub mod cancel;
pub mod clients;
mod continued;
pub mod decide;
pub mod demo;
pub mod engine;
pub mod evidence;
pub mod exit;
pub mod export;
pub mod fleet_run;
mod folder;
mod follow;
pub mod gate;
mod hooks;
pub mod job;
pub mod known;
mod life;
pub mod logs;
pub mod mail_call;
pub mod order;
pub mod outcome;
mod pace;
pub mod place;
mod reason;
pub mod record;
pub mod registration;
mod request_cancel;
pub mod results;
pub mod run;
pub mod seeing;
mod serve;
pub mod servers;
mod services;
pub mod signals;
mod spans;
mod start;
mod starts;
pub mod status;
mod steps;
mod store;
pub mod terms;
mod tls;
mod together;
pub mod traces;
pub mod trouble;
mod waiting;
pub mod watch;
pub mod worker;
