//! The implementation of every API function: a table from names to handlers, and one file per area.

mod call;
mod folders;
mod instances;
mod jobs;
mod maintenance;
mod platform;
mod profiles;
mod settings;
mod stores;
mod system;
mod users;

pub(crate) use call::{Call, Reply};
use call::{Handler, Outcome, null};

/// Runs a function. A function without an implementation succeeds with null.
pub(crate) fn run(function: &str, call: &mut Call<'_>) -> Outcome {
    match handler(function) {
        Some(handler) => handler(call),
        // A function without an implementation fails too if its instance does not exist.
        None if call.arguments.optional_text("instanceID").is_some() => {
            call.guarded_site().and_then(|_| null())
        }
        None => null(),
    }
}

/// Returns whether a function is a long call by default.
pub(crate) fn is_long(function: &str) -> bool {
    maintenance::handler(function).is_some()
        || folders::is_long(function)
        || profiles::is_long(function)
        || users::is_long(function)
        || instances::is_long(function)
}

fn handler(function: &str) -> Option<Handler> {
    folders::handler(function)
        .or_else(|| instances::handler(function))
        .or_else(|| jobs::handler(function))
        .or_else(|| maintenance::handler(function))
        .or_else(|| platform::handler(function))
        .or_else(|| profiles::handler(function))
        .or_else(|| settings::handler(function))
        .or_else(|| stores::handler(function))
        .or_else(|| system::handler(function))
        .or_else(|| users::handler(function))
}
