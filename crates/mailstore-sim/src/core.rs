//! A simulated server without sockets: settings, world, tasks, faults and received calls.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use hyper::StatusCode;
use jiff::Timestamp;
use mailstore_metadata::{Dump, Function};
use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;

use crate::Edition;
use crate::answer::{Answer, Content};
use crate::arguments::{Arguments, Form};
use crate::bodies::Bodies;
use crate::changes::{Changes, ResultChange};
use crate::connections::Connections;
use crate::envelope::{Envelope, Failure};
use crate::faults::{Fault, Faults, Kind, Occasion, Phase, Point, Report};
use crate::functions::{self, Call, Reply};
use crate::received::{Calls, Received};
use crate::restart::Restart;
use crate::state::State;
use crate::tasks::{Script, Tasks};

/// The settings from the builder.
pub(crate) struct Settings {
    pub(crate) edition: Edition,
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) dump: Dump,
    pub(crate) version: String,
    pub(crate) step: Duration,
    pub(crate) steps: Option<usize>,
    pub(crate) token_lifetime: Duration,
    pub(crate) bom: bool,
    pub(crate) immediate: bool,
    pub(crate) long: BTreeSet<String>,
}

/// The server without its sockets.
pub(crate) struct Core {
    pub(crate) settings: Settings,
    /// The dump that get-metadata returns.
    pub(crate) metadata: String,
    pub(crate) connections: Connections,
    pub(crate) bodies: Bodies,
    /// The channel for restart requests.
    pub(crate) restarts: UnboundedSender<Restart>,
    world: Mutex<World>,
}

/// The mutable state.
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) tasks: Tasks,
    pub(crate) calls: Calls,
    pub(crate) faults: Faults,
    pub(crate) changes: Changes,
}

/// A response, and the fault that applies to it.
pub(crate) type Verdict = (Content, Option<Fault>);

impl Core {
    pub(crate) fn new(settings: Settings, restarts: UnboundedSender<Restart>) -> Core {
        let world = World {
            state: State::new(
                settings.edition,
                &settings.user,
                &settings.version,
                settings.step,
                Timestamp::now(),
            ),
            tasks: Tasks::new(settings.step, settings.steps, settings.token_lifetime),
            calls: Calls::default(),
            faults: Faults::default(),
            changes: Changes::default(),
        };
        Core {
            metadata: settings.dump.canonical(),
            settings,
            connections: Connections::default(),
            bodies: Bodies::default(),
            restarts,
            world: Mutex::new(world),
        }
    }

    /// Locks the world and advances its tasks to the current time. The lock works even after a handler panicked: a
    /// partly changed state is sufficient for a simulator.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        let mut guard = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        let world = &mut *guard;
        world.tasks.advance(&mut world.state, Instant::now());
        guard
    }

    /// Executes or starts an API function.
    pub(crate) fn invoke(&self, function: &Function, form: Form) -> Verdict {
        let name = function.name.as_str();
        let mut world = self.world();
        let before = world
            .faults
            .meet(Occasion::new(Phase::Start, Point::Before, Some(name)));
        let mut problems = form.oddities(function);
        let arguments = Arguments::check(&form, function);
        problems.extend(form.problems);
        if let Err(failure) = &arguments {
            problems.insert(0, failure.message().to_owned());
        }
        world.calls.add(Received {
            function: function.name.clone(),
            arguments: form.fields,
            problems,
            accepted: arguments.is_ok() && before.is_none(),
        });
        if before.is_some() {
            return (Content::Nothing, before);
        }
        let envelope = match arguments {
            Ok(arguments) => match self.run(&mut world, name, arguments) {
                Ok(envelope) => envelope,
                Err(number) => return world.tell_start(name, number),
            },
            Err(failure) => Envelope::immediate(Err(failure), None, name),
        };
        let mut after = Occasion::new(Phase::Start, Point::After, Some(name));
        after.json = true;
        (Content::Envelope(envelope), world.faults.meet(after))
    }

    /// Returns the response of a finished call, or the number of a running call.
    fn run(&self, world: &mut World, function: &str, arguments: Arguments) -> Result<Envelope, u64> {
        let long = self.settings.long.contains(function) && !self.settings.immediate;
        let reply = if long && !functions::is_long(function) {
            Ok(Reply::Long(postponed(function, arguments)))
        } else {
            functions::run(
                function,
                &mut Call::new(&mut world.state, &arguments, Timestamp::now()),
            )
        };
        let reply = match world.changes.of(function) {
            Some(change) => reply.map(|reply| changed(reply, change)),
            None => reply,
        };
        let (outcome, log) = match reply {
            Ok(Reply::Done(result)) => (Ok(result), None),
            Ok(Reply::Long(script)) if self.settings.immediate => {
                let outcome = (script.finish)(&mut world.state, Timestamp::now());
                let log = Some(script.log.concat()).filter(|log| outcome.is_ok() && !log.is_empty());
                (outcome, log)
            }
            Ok(Reply::Long(script)) => match world.tasks.start(function, script) {
                Ok(number) => return Err(number),
                Err(busy) => (Err(busy), None),
            },
            Err(failure) => (Err(failure), None),
        };
        Ok(Envelope::immediate(outcome, log, function))
    }

    /// Cancels a long call.
    pub(crate) fn cancel(&self, token: &str) -> Verdict {
        let mut world = self.world();
        let world = &mut *world;
        let task = world.tasks.find(token);
        let mut occasion = Occasion::new(
            Phase::Cancel,
            Point::Before,
            task.and_then(|task| world.tasks.function(task)),
        );
        occasion.task = task;
        if let Some(fault) = world.faults.meet(occasion) {
            return (Content::Nothing, Some(fault));
        }
        let known = world.tasks.cancel(token);
        let content = if known {
            Content::Envelope(Envelope::immediate(Ok(Value::Null), None, "CancelAsync"))
        } else {
            Content::not_found()
        };
        let mut occasion = Occasion::new(
            Phase::Cancel,
            Point::After,
            task.and_then(|task| world.tasks.function(task)),
        );
        occasion.task = task;
        occasion.json = known;
        match (world.faults.meet(occasion), task) {
            (Some(Fault(Kind::Forget)), Some(task)) => {
                world.tasks.forget(task);
                (Content::not_found(), None)
            }
            (fault, _) => (content, fault),
        }
    }

    /// Returns the function list.
    pub(crate) fn functions(&self) -> Verdict {
        let mut world = self.world();
        let before = Occasion::new(Phase::Metadata, Point::Before, None);
        if let Some(fault) = world.faults.meet(before) {
            return (Content::Nothing, Some(fault));
        }
        let mut after = Occasion::new(Phase::Metadata, Point::After, None);
        after.json = true;
        (Content::Functions, world.faults.meet(after))
    }

    /// Records a call of a function that does not exist.
    pub(crate) fn note_unknown(&self, function: &str, form: Form) -> Verdict {
        let problems = vec![format!("there is no function {function}")];
        let call = Received {
            function: function.to_owned(),
            arguments: form.fields,
            problems,
            accepted: false,
        };
        let mut world = self.world();
        world.calls.add(call);
        let before = Occasion::new(Phase::Start, Point::Before, Some(function));
        let fault = world.faults.meet(before).or_else(|| {
            let after = Occasion::new(Phase::Start, Point::After, Some(function));
            world.faults.meet(after)
        });
        (Content::Other(Answer::empty(StatusCode::NOT_FOUND)), fault)
    }
}

impl World {
    fn tell_start(&mut self, function: &str, number: u64) -> Verdict {
        let report = self.tasks.first_report(number);
        self.tell(Phase::Start, function, number, 0, report)
            .unwrap_or_else(|| (Content::not_found(), None))
    }

    /// Returns the status of a long call for a caller that has all statuses up to version `known`, or `None` if a fault
    /// skips that status.
    pub(crate) fn tell(
        &mut self,
        phase: Phase,
        function: &str,
        number: u64,
        known: i64,
        report: Option<Report>,
    ) -> Option<Verdict> {
        let mut occasion = Occasion::new(phase, Point::After, Some(function));
        occasion.task = Some(number);
        occasion.json = true;
        occasion.report = report;
        let mut fault = self.faults.meet(occasion);
        let tasks = &mut self.tasks;
        let past = match fault.as_ref().map(|fault| &fault.0) {
            Some(Kind::Skip) => {
                tasks.skip(number);
                return None;
            }
            Some(Kind::Forget) if phase != Phase::Start => {
                tasks.forget(number);
                return Some((Content::not_found(), None));
            }
            Some(Kind::Forget) => {
                let first = tasks.status(number, known);
                tasks.forget(number);
                first
            }
            Some(Kind::Cut(cut)) => {
                tasks.cut(number, *cut);
                None
            }
            Some(Kind::Repeat) => tasks.past(number, known, 0, false),
            Some(Kind::Stale) => tasks.past(number, known, 0, true),
            Some(Kind::Older) => tasks.past(number, known, 1, true),
            _ => return Some((tasks.status(number, known).into(), fault)),
        };
        fault = None;
        let envelope = past.or_else(|| tasks.status(number, known));
        Some((envelope.into(), fault))
    }
}

/// Applies a change to the result of a call, now or at the end of a long call.
fn changed(reply: Reply, change: ResultChange) -> Reply {
    match reply {
        Reply::Done(result) => Reply::Done(change(result)),
        Reply::Long(mut script) => {
            let finish = script.finish;
            script.finish = Box::new(move |state, now| finish(state, now).map(|result| change(result)));
            Reply::Long(script)
        }
    }
}

/// Turns a function that returns immediately into a long call. The function does its work at the end of the call.
fn postponed(function: &str, arguments: Arguments) -> Script {
    let name = function.to_owned();
    Script {
        log: vec![String::new(); 4],
        percent: true,
        finish: Box::new(move |state, now| -> Result<Value, Failure> {
            match functions::run(&name, &mut Call::new(state, &arguments, now))? {
                Reply::Done(result) => Ok(result),
                Reply::Long(script) => (script.finish)(state, now),
            }
        }),
    }
}
