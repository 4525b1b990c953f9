//! What every API function does: a table from its name to its handler, one file per field of work.

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

use jiff::Timestamp;
use serde_json::Value;

use crate::Edition;
use crate::arguments::Arguments;
use crate::envelope::Failure;
use crate::state::{Archive, Site, State};
use crate::tasks::{Finish, Script};

/// One call of a function whose arguments are accepted.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) arguments: &'a Arguments,
    pub(crate) now: Timestamp,
}

/// What a function does about a call.
pub(crate) enum Reply {
    /// It is done, with this result.
    Done(Value),
    /// It goes on.
    Long(Script),
}

/// What a handler gives back.
pub(crate) type Outcome = Result<Reply, Failure>;

/// The behaviour of a function.
type Handler = fn(&mut Call<'_>) -> Outcome;

impl<'a> Call<'a> {
    pub(crate) fn new(state: &'a mut State, arguments: &'a Arguments, now: Timestamp) -> Call<'a> {
        Call {
            state,
            arguments,
            now,
        }
    }

    /// Which archive the call is about.
    fn site(&self) -> Result<Site, Failure> {
        match self.state.edition {
            Edition::Server => Ok(Site::Server),
            Edition::Spe => {
                let id = self.arguments.text("instanceID")?;
                let instance = self.state.instances.find(id)?;
                instance.reachable()?;
                Ok(Site::Instance(instance.id().to_owned()))
            }
        }
    }

    /// Which archive, for functions that an instance's archive admin must be enabled for: all with `instanceID`
    /// except those on stores and search indexes (documented).
    fn guarded_site(&self) -> Result<Site, Failure> {
        let site = self.site()?;
        if let Site::Instance(id) = &site
            && !self.state.instances.find(id)?.archive_admin_enabled
        {
            return Err(Failure::new(format!(
                "Service provider access is disabled on the instance {id}."
            )));
        }
        Ok(site)
    }

    /// The archive, for functions on stores and search indexes.
    fn open_archive(&mut self) -> Result<&mut Archive, Failure> {
        let site = self.site()?;
        self.state.archive(&site)
    }

    /// The archive, for all other functions.
    fn archive(&mut self) -> Result<&mut Archive, Failure> {
        let site = self.guarded_site()?;
        self.state.archive(&site)
    }
}

/// A setter's reply.
fn null() -> Outcome {
    Ok(Reply::Done(Value::Null))
}

/// A getter's reply.
fn value(value: impl Into<Value>) -> Outcome {
    Ok(Reply::Done(value.into()))
}

/// A long call with a log and progress in percent.
fn long(log: Vec<String>, finish: Finish) -> Outcome {
    Ok(Reply::Long(Script {
        log,
        percent: true,
        finish,
    }))
}

/// The end of a long call that changes nothing a getter could show.
fn no_change() -> Finish {
    Box::new(|_, _| Ok(Value::Null))
}

/// Runs a function. One without a behaviour succeeds with null.
pub(crate) fn call(function: &str, call: &mut Call<'_>) -> Outcome {
    match handler(function) {
        Some(handler) => handler(call),
        // Whatever a foreign function is about, it cannot be about an instance that does not exist.
        None if call.arguments.optional_text("instanceID").is_some() => {
            call.guarded_site().and_then(|_| null())
        }
        None => null(),
    }
}

/// Whether a function takes its time by itself.
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
