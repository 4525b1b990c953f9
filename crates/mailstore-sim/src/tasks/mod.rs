//! Long calls: their logs, polls and results.
//!
//! Nothing runs in the background. A task knows when its next step is due, and every access to the tasks first advances
//! those that are due. With a step of zero, no clock is used: every poll advances its task by one step.

mod all;
mod long_call;
mod task;
mod written;

pub(crate) use all::Tasks;
pub use long_call::LongCall;
pub(crate) use task::{Finish, Script};
pub(crate) use written::LogText;
