//! One simulated server without its sockets: settings, world, tasks, and the calls it has seen.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use mailstore_metadata::{Dump, Function};
use serde_json::Value;

use crate::Edition;
use crate::arguments::{Arguments, Form};
use crate::envelope::{Envelope, Failure};
use crate::functions::{self, Call, Reply};
use crate::received::{Calls, Received};
use crate::state::State;
use crate::task::{Poll, Script, Tasks};

/// What the builder decides.
pub(crate) struct Settings {
    pub(crate) edition: Edition,
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) dump: Dump,
    pub(crate) step: Duration,
    pub(crate) token_lifetime: Duration,
    pub(crate) bom: bool,
    pub(crate) immediate: bool,
    pub(crate) long: BTreeSet<String>,
}

/// The server behind the sockets.
pub(crate) struct Core {
    pub(crate) settings: Settings,
    /// The dump as get-metadata answers it.
    pub(crate) metadata: String,
    world: Mutex<World>,
}

/// Everything that changes.
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) tasks: Tasks,
    pub(crate) calls: Calls,
}

impl Core {
    pub(crate) fn new(settings: Settings) -> Core {
        let world = World {
            state: State::new(settings.edition, &settings.user, settings.step, Timestamp::now()),
            tasks: Tasks::new(settings.step, settings.token_lifetime),
            calls: Calls::default(),
        };
        Core {
            metadata: settings.dump.canonical(),
            settings,
            world: Mutex::new(world),
        }
    }

    /// The world, up to date. A handler that panicked leaves nothing half written that matters to a simulator.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        let mut guard = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        let world = &mut *guard;
        world.tasks.advance(&mut world.state, Instant::now());
        guard
    }

    /// Runs one API function, or starts it.
    pub(crate) fn invoke(&self, function: &Function, form: Form) -> Envelope {
        let mut problems = form.oddities(function);
        let arguments = Arguments::check(&form, function);
        problems.extend(form.problems);
        if let Err(failure) = &arguments {
            problems.insert(0, failure.message().to_owned());
        }
        let mut world = self.world();
        world.calls.add(Received {
            function: function.name.clone(),
            arguments: form.fields,
            problems,
            accepted: arguments.is_ok(),
        });
        match arguments {
            Ok(arguments) => self.run(&mut world, &function.name, arguments),
            Err(failure) => Envelope::immediate(Err(failure), None, &function.name),
        }
    }

    fn run(&self, world: &mut World, function: &str, arguments: Arguments) -> Envelope {
        let long = self.settings.long.contains(function) && !self.settings.immediate;
        let reply = if long && !functions::is_long(function) {
            Ok(Reply::Long(postponed(function, arguments)))
        } else {
            functions::call(
                function,
                &mut Call::new(&mut world.state, &arguments, Timestamp::now()),
            )
        };
        match reply {
            Ok(Reply::Done(result)) => Envelope::immediate(Ok(result), None, function),
            Ok(Reply::Long(script)) if self.settings.immediate => {
                let outcome = (script.finish)(&mut world.state, Timestamp::now());
                let log = Some(script.log.concat()).filter(|log| outcome.is_ok() && !log.is_empty());
                Envelope::immediate(outcome, log, function)
            }
            Ok(Reply::Long(script)) => world.tasks.start(function, script),
            Err(failure) => Envelope::immediate(Err(failure), None, function),
        }
    }

    /// Looks at a long call for a poll. Without a clock every look takes the call one step further.
    pub(crate) fn poll(&self, token: &str, known: i64) -> Poll {
        let mut world = self.world();
        let world = &mut *world;
        world.tasks.nudge(token, &mut world.state);
        world.tasks.poll(token, known)
    }

    /// Notes a call of a function that does not exist.
    pub(crate) fn note_unknown(&self, function: &str, form: Form) {
        let problems = vec![format!("there is no function {function}")];
        let call = Received {
            function: function.to_owned(),
            arguments: form.fields,
            problems,
            accepted: false,
        };
        self.world().calls.add(call);
    }
}

/// A function that answers at once by itself, but was told to take its time: it does its work at the end.
fn postponed(function: &str, arguments: Arguments) -> Script {
    let name = function.to_owned();
    Script {
        log: vec![String::new(); 4],
        percent: true,
        finish: Box::new(move |state, now| -> Result<Value, Failure> {
            match functions::call(&name, &mut Call::new(state, &arguments, now))? {
                Reply::Done(result) => Ok(result),
                Reply::Long(script) => (script.finish)(state, now),
            }
        }),
    }
}
