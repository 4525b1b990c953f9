//! The conditions under which a fault applies.

use std::time::Duration;

use mailstore_metadata::Dump;

use super::{Fault, Kind, Phase, Point, WrongRule};

/// A [`Fault`] and the requests to which it applies.
///
/// Rules can also be written as strings, for example on the command line: [`Display`](std::fmt::Display) writes them,
/// and [`FromStr`](std::str::FromStr) parses them.
///
/// ```
/// use mailstore_sim::{Fault, Phase, Rule};
///
/// let rule = Fault::status(503).on(Phase::Poll).nth(2).times(3);
/// assert_eq!("poll #2 x3 status:503".parse::<Rule>()?, rule);
/// # Ok::<(), mailstore_sim::WrongRule>(())
/// ```
///
/// At most one fault applies to a request. If several rules are due, the rule that was added first applies, and the
/// others stay due.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a rule has no effect until it is added to a simulator"]
pub struct Rule {
    pub(crate) fault: Fault,
    pub(crate) phase: Phase,
    pub(crate) function: Option<String>,
    pub(crate) version: Option<i64>,
    pub(crate) step: Option<usize>,
    pub(crate) last: bool,
    pub(crate) each: bool,
    /// The first match to which it applies, counted from 1.
    pub(crate) first: usize,
    /// The maximum number of applications; `None` means unlimited.
    pub(crate) times: Option<usize>,
    pub(crate) lasting: Option<Duration>,
}

impl Fault {
    /// Creates a rule that applies the fault to every request of a phase. The methods of [`Rule`] add conditions.
    pub fn on(self, phase: Phase) -> Rule {
        Rule::new(self, phase)
    }
}

impl Rule {
    pub(crate) fn new(fault: Fault, phase: Phase) -> Rule {
        Rule {
            fault,
            phase,
            function: None,
            version: None,
            step: None,
            last: false,
            each: false,
            first: 1,
            times: None,
            lasting: None,
        }
    }

    /// Applies only to calls of this function. For polls and cancellations, it is the function of the call.
    pub fn of(mut self, function: impl Into<String>) -> Rule {
        self.function = Some(function.into());
        self
    }

    /// Applies only to polls that would report this `statusVersion`.
    pub fn at_version(mut self, version: i64) -> Rule {
        self.version = Some(version);
        self
    }

    /// Applies only to polls that would report this status of their call. 1 is the status in its first response, 2 is
    /// its first change.
    pub fn at_step(mut self, step: usize) -> Rule {
        self.step = Some(step);
        self
    }

    /// Applies only to polls that would report the end of their call.
    pub fn last(mut self) -> Rule {
        self.last = true;
        self
    }

    /// Makes [`nth`](Rule::nth), [`from_nth`](Rule::from_nth) and [`times`](Rule::times) count separately for every
    /// long call.
    pub fn each_task(mut self) -> Rule {
        self.each = true;
        self
    }

    /// Applies only to the n-th request that satisfies the other conditions, counted from 1. With
    /// [`times`](Rule::times), it applies to that request and the following ones.
    pub fn nth(mut self, n: usize) -> Rule {
        self.first = n.max(1);
        self.times = self.times.or(Some(1));
        self
    }

    /// Applies to the n-th request that satisfies the other conditions and to all later such requests.
    pub fn from_nth(mut self, n: usize) -> Rule {
        self.first = n.max(1);
        self.times = None;
        self
    }

    /// Applies to at most this many requests. Without this and [`nth`](Rule::nth), it applies to all requests.
    pub fn times(mut self, times: usize) -> Rule {
        self.times = Some(times.max(1));
        self
    }

    /// Applies only for this time after it applied for the first time, at most a year.
    pub fn lasting(mut self, time: Duration) -> Rule {
        self.lasting = Some(time.min(Duration::from_secs(365 * 24 * 3600)));
        self
    }

    /// Returns the fault.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Returns the requests to which the rule applies.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Checks that the conditions are consistent and that the function exists.
    pub(crate) fn check_with(&self, dump: &Dump) -> Result<(), WrongRule> {
        self.check()?;
        match &self.function {
            Some(function) if dump.function(function).is_none() => Err(WrongRule::new(
                self.to_string(),
                format!("names the function {function}, which does not exist; names are case-sensitive"),
            )),
            _ => Ok(()),
        }
    }

    /// Checks that the conditions are consistent. A rule with inconsistent conditions would never apply.
    pub(crate) fn check(&self) -> Result<(), WrongRule> {
        let wrong = |reason: String| Err(WrongRule::new(self.to_string(), reason));
        if !self.fault.phases().contains(&self.phase) {
            let phases: Vec<&str> = self.fault.phases().iter().map(|phase| phase.as_str()).collect();
            return wrong(format!(
                "is inconsistent: its fault is only possible with {}",
                phases.join(", ")
            ));
        }
        let of_task = matches!(self.phase, Phase::Poll | Phase::Cancel);
        if self.function.is_some() && !of_task && self.phase != Phase::Start {
            return wrong("names a function, which is only possible with start, poll and cancel".to_owned());
        }
        if self.each && !of_task {
            return wrong("counts for each task, which is only possible with poll and cancel".to_owned());
        }
        if self.version.is_some() || self.step.is_some() || self.last {
            if self.phase != Phase::Poll {
                return wrong("has a condition on the status, which is only possible with poll".to_owned());
            }
            if self.fault.point() != Point::After {
                return wrong(
                    "has a condition on the status, which is not known yet when this fault takes effect"
                        .to_owned(),
                );
            }
        }
        if self.last && matches!(self.fault.0, Kind::Skip | Kind::Cut(_)) {
            return wrong("never applies: the last status is neither skipped nor cut".to_owned());
        }
        match &self.fault.0 {
            Kind::Status(code) | Kind::StatusAfter(code) if !(300..600).contains(code) => {
                wrong("has an HTTP status that is not between 300 and 599".to_owned())
            }
            Kind::Word(word) if word.is_empty() || word.contains(char::is_whitespace) => {
                wrong("needs one word without white space as the status".to_owned())
            }
            _ => Ok(()),
        }
    }
}
