//! Long calls: what they write while they run, how polls see them, how they end.
//!
//! Nothing runs in the background. A task knows when its next step is due, and whoever looks at the tasks first brings
//! them up to date. With a step of zero there is no clock at all: every poll takes its task one step further.

mod all;
mod long_call;
mod task;
mod written;

pub(crate) use all::Tasks;
pub use long_call::LongCall;
pub(crate) use task::{Finish, Script};
pub(crate) use written::LogText;
