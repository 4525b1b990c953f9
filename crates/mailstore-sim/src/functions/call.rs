//! One call of a function, and the possible outcomes.

use jiff::Timestamp;
use serde_json::Value;

use crate::Edition;
use crate::arguments::Arguments;
use crate::envelope::Failure;
use crate::state::{Archive, Site, State};
use crate::tasks::{Finish, Script};

/// One call of a function with validated arguments.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) arguments: &'a Arguments,
    pub(crate) now: Timestamp,
}

/// The outcome of a call.
pub(crate) enum Reply {
    /// The call has finished with this result.
    Done(Value),
    /// The call is still running.
    Long(Script),
}

/// The result of a handler.
pub(crate) type Outcome = Result<Reply, Failure>;

/// The implementation of a function.
pub(super) type Handler = fn(&mut Call<'_>) -> Outcome;

impl<'a> Call<'a> {
    pub(crate) fn new(state: &'a mut State, arguments: &'a Arguments, now: Timestamp) -> Call<'a> {
        Call {
            state,
            arguments,
            now,
        }
    }

    /// Returns the archive of the call.
    pub(super) fn site(&self) -> Result<Site, Failure> {
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

    /// Returns the archive for functions that require archive administration to be enabled on the instance: all
    /// functions with `instanceID` except those on stores and search indexes (documented).
    pub(super) fn guarded_site(&self) -> Result<Site, Failure> {
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

    /// Returns the archive for functions on stores and search indexes.
    pub(super) fn open_archive(&mut self) -> Result<&mut Archive, Failure> {
        let site = self.site()?;
        self.state.archive(&site)
    }

    /// Returns the archive for all other functions.
    pub(super) fn archive(&mut self) -> Result<&mut Archive, Failure> {
        let site = self.guarded_site()?;
        self.state.archive(&site)
    }
}

/// Returns the outcome of a setter.
pub(super) fn null() -> Outcome {
    Ok(Reply::Done(Value::Null))
}

/// Returns the outcome of a getter.
pub(super) fn value(value: impl Into<Value>) -> Outcome {
    Ok(Reply::Done(value.into()))
}

/// Returns the outcome of a long call with a log and progress in percent.
pub(super) fn long(log: Vec<String>, finish: Finish) -> Outcome {
    Ok(Reply::Long(Script {
        log,
        percent: true,
        finish,
    }))
}

/// Returns the end of a long call that does not change the state.
pub(super) fn no_change() -> Finish {
    Box::new(|_, _| Ok(Value::Null))
}
