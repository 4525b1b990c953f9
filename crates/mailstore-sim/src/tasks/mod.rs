//! Long calls: their logs, polls and results.
//!
//! Nothing runs in the background. Every task stores the time of its next step, and every access to the tasks first
//! advances the tasks that are due. With a step of zero, no clock is used: every poll advances its task by one step.

mod all;
mod long_call;
mod task;
mod written;

pub(crate) use all::Tasks;
pub use long_call::LongCall;
pub(crate) use task::{Finish, Script};
pub(crate) use written::LogText;
