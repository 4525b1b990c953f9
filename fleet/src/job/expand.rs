//! Makes the calls of a job from what its servers have. Nothing is sent.

use std::collections::BTreeMap;
use std::path::Path;

use mailstore_api::printable;

use super::choose::{Chosen, NotCalled};
use super::held::HeldBack;
use super::listed::Listed;
use super::plan::PlannedServer;
use super::problem::{Problem, WrongJob};
use super::turns::in_turns;
use super::window::Night;
use super::{Job, size, waves};
use crate::call::{Batch, Call, Target};
use crate::exit::Outcome;
use crate::place::Place;

/// The calls of a job in one window.
#[derive(Clone, Debug)]
pub struct Expansion {
    /// The window.
    pub night: Night,
    /// The names of the waves. The numbers in the calls count from 0.
    pub waves: Vec<String>,
    /// The calls, in the order in which they are started.
    pub calls: Vec<Call>,
    /// The targets on which the function is not called.
    pub not_called: Vec<NotCalled>,
    /// The calls of later waves that are not made, because a target could not be listed.
    pub held_back: Option<HeldBack>,
}

impl Job {
    /// Makes the calls. The same input gives the same calls, in the same order. `servers` are those that
    /// [`check`](Self::check) returned.
    ///
    /// # Errors
    /// A pattern matches no instance, the same call would be made through two profiles, or the calls are too many for
    /// one job.
    pub fn expand(
        &self,
        servers: &[PlannedServer],
        listed: &Listed,
        night: Night,
    ) -> Result<Expansion, WrongJob> {
        let mut problems = Vec::new();
        self.check_instances(servers, listed, &mut problems);
        let mut not_called = Vec::new();
        let mut chosen = Vec::new();
        for server in servers {
            self.choose(server, listed, &mut chosen, &mut not_called);
        }
        check_duplicates(&chosen, &mut problems);
        if !problems.is_empty() {
            return Err(self.error(problems));
        }
        chosen.sort_by(|one, other| one.target.cmp(&other.target));
        not_called.sort_by(|one, other| one.target.cmp(&other.target));
        let targets: Vec<Target> = chosen.iter().map(|chosen| chosen.target.clone()).collect();
        let numbers = waves::assign(&self.waves, &targets);
        let mut calls = Vec::new();
        for wave in 0..=self.waves.len() {
            let in_wave = chosen.iter().zip(&numbers).filter(|(_, number)| **number == wave);
            let of_wave = in_wave.flat_map(|(chosen, _)| chosen.calls(&night.window, wave));
            calls.extend(in_turns(of_wave.collect(), |call: &Call| call.server.clone()));
        }
        let held_back = self.hold_back(&mut calls, &not_called);
        size::check(&calls, &mut problems);
        if !problems.is_empty() {
            return Err(self.error(problems));
        }
        let names = self.waves.iter().map(|wave| wave.name.as_str());
        Ok(Expansion {
            night,
            waves: names.chain([waves::REST]).map(str::to_owned).collect(),
            calls,
            not_called,
            held_back,
        })
    }
}

/// Adds a problem for each target that two profiles reach. Its calls would be made twice.
fn check_duplicates(chosen: &[Chosen<'_>], problems: &mut Vec<Problem>) {
    let mut first: BTreeMap<(&str, Option<&str>), &str> = BTreeMap::new();
    for chosen in chosen {
        let target = &chosen.target;
        let archive = (target.server.as_str(), target.instance.as_deref());
        let other = first.entry(archive).or_insert(&target.profile);
        if *other == target.profile {
            continue;
        }
        let instance = target.instance.as_deref().map_or_else(String::new, |instance| {
            format!("the instance `{}` on ", printable(instance))
        });
        let message = format!(
            "the profiles `{}` and `{}` both reach {instance}{}: its calls would be made twice",
            printable(other),
            printable(&target.profile),
            printable(&target.server)
        );
        problems
            .push(Problem::new("target", message).with_help("Use `[[except]]` to leave one of them out."));
    }
}

impl Expansion {
    /// Returns the batch that the engine runs. The path of the logs begins in `folder`, unless it is absolute.
    pub fn into_batch(self, job: &Job, folder: &Path) -> Batch {
        Batch {
            window: self.night.window,
            calls: self.calls,
            limits: job.limits,
            on_failure: job.on_failure,
            starts: self.night.starts,
            logs: Place::absolute(&job.logs, folder),
            round: 1,
            left_out: 0,
        }
    }

    /// Returns how a command ends that knows no more than the targets without calls.
    pub fn outcome(&self) -> Outcome {
        if self.not_called.iter().any(|one| one.is_failure) {
            Outcome::Failed
        } else {
            Outcome::Nothing
        }
    }
}
