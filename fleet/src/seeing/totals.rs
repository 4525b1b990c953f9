//! How many calls of a window are in each stage, and how many ended in each way.

use serde::Serialize;

use super::call::{SeenCall, Stage};
use crate::exit;
use crate::outcome::Outcome;

/// How many calls of a window are in each stage, and how many ended in each way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// All calls.
    pub calls: usize,
    /// The calls that wait for their turn in the job.
    pub planned: usize,
    /// The calls that wait for room at their servers, or for their next try.
    pub waiting: usize,
    /// The calls that are being sent.
    pub starting: usize,
    /// The calls that the servers execute.
    pub running: usize,
    /// The calls that are being cancelled.
    pub cancelling: usize,
    /// The calls whose outcome is unknown.
    pub unknown: usize,
    /// The calls that succeeded.
    pub succeeded: usize,
    /// The calls that a person declared done.
    pub declared_done: usize,
    /// The calls that failed.
    pub failed: usize,
    /// The calls that were cancelled.
    pub cancelled: usize,
    /// The calls that were not started.
    pub skipped: usize,
    /// The calls that could not be sent.
    pub not_sent: usize,
    /// The calls that a person gave up on.
    pub given_up: usize,
    /// The calls that the engine cannot continue. They are in the other counts, too.
    pub in_trouble: usize,
}

impl Totals {
    /// Counts calls.
    pub(super) fn add(&mut self, stage: Stage, outcome: Option<Outcome>, calls: usize) {
        self.calls += calls;
        let count = match (stage, outcome) {
            (Stage::Planned, _) => &mut self.planned,
            (Stage::Waiting, _) => &mut self.waiting,
            (Stage::Starting, _) => &mut self.starting,
            (Stage::Running, _) => &mut self.running,
            (Stage::Cancelling, _) => &mut self.cancelling,
            (Stage::Unknown, _) | (Stage::Ended, None) => &mut self.unknown,
            (Stage::Ended, Some(Outcome::Succeeded)) => &mut self.succeeded,
            (Stage::Ended, Some(Outcome::DeclaredDone)) => &mut self.declared_done,
            (Stage::Ended, Some(Outcome::Failed)) => &mut self.failed,
            (Stage::Ended, Some(Outcome::Cancelled)) => &mut self.cancelled,
            (Stage::Ended, Some(Outcome::Skipped)) => &mut self.skipped,
            (Stage::Ended, Some(Outcome::NotSent)) => &mut self.not_sent,
            (Stage::Ended, Some(Outcome::GivenUp)) => &mut self.given_up,
        };
        *count += calls;
    }

    /// Counts a call.
    pub(super) fn add_call(&mut self, call: &SeenCall) {
        self.add(call.stage, call.outcome, 1);
        self.in_trouble += usize::from(call.trouble.is_some());
    }

    /// Returns the counts that are not zero, with their names for people.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, usize)> + use<> {
        let all = [
            ("planned", self.planned),
            ("waiting", self.waiting),
            ("starting", self.starting),
            ("running", self.running),
            ("cancelling", self.cancelling),
            ("unknown", self.unknown),
            ("succeeded", self.succeeded),
            ("declared done", self.declared_done),
            ("failed", self.failed),
            ("cancelled", self.cancelled),
            ("skipped", self.skipped),
            ("not sent", self.not_sent),
            ("given up", self.given_up),
        ];
        all.into_iter().filter(|(_, count)| *count > 0)
    }

    /// Returns the number of calls that may still go on by themselves.
    pub fn open(&self) -> usize {
        self.planned + self.waiting + self.starting + self.running + self.cancelling
    }

    /// Returns the number of calls that ended without their work being done.
    pub fn not_done(&self) -> usize {
        self.failed + self.cancelled + self.skipped + self.not_sent + self.given_up
    }

    /// Returns how a command ends that shows these calls.
    pub fn outcome(&self) -> exit::Outcome {
        if self.unknown > 0 {
            exit::Outcome::Unknown
        } else if self.not_done() + self.in_trouble > 0 {
            exit::Outcome::Failed
        } else {
            exit::Outcome::Nothing
        }
    }
}
