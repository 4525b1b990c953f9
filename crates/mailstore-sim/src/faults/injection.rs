//! Active rules and the requests that they match.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::{Cut, Fault, Kind, Phase, Point, Rule};

/// A rule that was added to a simulator, and the number of its applications.
///
/// Clones share the count. The count can still be read after the rules of the simulator are cleared.
#[derive(Clone)]
pub struct Injection {
    rule: Arc<Rule>,
    applied: Arc<AtomicUsize>,
}

impl Injection {
    /// Returns the rule.
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    /// Returns the number of requests or connections to which the fault was applied.
    pub fn applied(&self) -> usize {
        self.applied.load(Ordering::Acquire)
    }
}

impl fmt::Debug for Injection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Injection")
            .field("rule", &self.rule.to_string())
            .field("applied", &self.applied())
            .finish()
    }
}

/// A request at a point where faults can take effect.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Occasion<'a> {
    pub(crate) phase: Phase,
    pub(crate) point: Point,
    pub(crate) function: Option<&'a str>,
    /// The number of the long call, if any.
    pub(crate) task: Option<u64>,
    /// Whether the response is JSON.
    pub(crate) json: bool,
    pub(crate) report: Option<Report>,
}

/// The status that would be reported, and the faults that are possible for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Report {
    pub(crate) version: i64,
    pub(crate) step: usize,
    pub(crate) last: bool,
    /// Whether it contains news for the caller.
    pub(crate) news: bool,
    /// Whether the version can still change: it is not the last version and was not reported before.
    pub(crate) fresh: bool,
    /// Whether the piece of log of this version can be cut at this position.
    pub(crate) cuts: [bool; 3],
    /// The number of statuses that the caller already has.
    pub(crate) known: usize,
}

impl<'a> Occasion<'a> {
    pub(crate) fn new(phase: Phase, point: Point, function: Option<&'a str>) -> Occasion<'a> {
        Occasion {
            phase,
            point,
            function,
            task: None,
            json: false,
            report: None,
        }
    }

    fn meets(&self, rule: &Rule) -> bool {
        self.phase == rule.phase
            && self.point == rule.fault.point()
            && (rule.function.is_none() || rule.function.as_deref() == self.function)
            && (!rule.each || self.task.is_some())
            && (self.json || !rule.fault.changes_json())
            && self.report_meets(rule)
    }

    fn report_meets(&self, rule: &Rule) -> bool {
        let Some(report) = self.report else {
            let needs_report = rule.version.is_some()
                || rule.step.is_some()
                || rule.last
                || matches!(
                    rule.fault.0,
                    Kind::Skip | Kind::Repeat | Kind::Stale | Kind::Older | Kind::Cut(_)
                );
            return !needs_report && (rule.fault.0 != Kind::Forget || self.task.is_some());
        };
        let possible = match rule.fault.0 {
            Kind::Skip => report.news && report.fresh && report.step > 1,
            Kind::Repeat | Kind::Stale => report.news && report.known > 0,
            Kind::Older => report.news && report.known > 1,
            Kind::Cut(Cut::Line) => report.fresh && report.cuts[0],
            Kind::Cut(Cut::LineEnd) => report.fresh && report.cuts[1],
            Kind::Cut(Cut::Pair) => report.fresh && report.cuts[2],
            _ => true,
        };
        possible
            && rule.version.is_none_or(|version| version == report.version)
            && rule.step.is_none_or(|step| step == report.step)
            && (!rule.last || report.last)
    }
}

/// The numbers of matches and applications of a rule.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    matched: usize,
    applied: usize,
}

/// A rule with its counts.
struct Active {
    injection: Injection,
    count: Count,
    by_task: HashMap<u64, Count>,
    since: Option<Instant>,
}

impl Active {
    /// Counts a match and returns whether the rule applies to it.
    fn is_due(&mut self, task: Option<u64>, now: Instant) -> bool {
        let rule = &self.injection.rule;
        if let (Some(lasting), Some(since)) = (rule.lasting, self.since)
            && now.saturating_duration_since(since) >= lasting
        {
            return false;
        }
        let count = match task {
            Some(task) if rule.each => self.by_task.entry(task).or_default(),
            _ => &mut self.count,
        };
        count.matched += 1;
        count.matched >= rule.first && rule.times.is_none_or(|times| count.applied < times)
    }

    fn apply(&mut self, task: Option<u64>, now: Instant) -> Fault {
        let count = match task {
            Some(task) if self.injection.rule.each => self.by_task.entry(task).or_default(),
            _ => &mut self.count,
        };
        count.applied += 1;
        self.since.get_or_insert(now);
        self.injection.applied.fetch_add(1, Ordering::Release);
        self.injection.rule.fault.clone()
    }
}

/// All rules of a simulator, in the order in which they were added.
#[derive(Default)]
pub(crate) struct Faults(Vec<Active>);

impl Faults {
    pub(crate) fn add(&mut self, rule: Rule) -> Injection {
        let injection = Injection {
            rule: Arc::new(rule),
            applied: Arc::default(),
        };
        self.0.push(Active {
            injection: injection.clone(),
            count: Count::default(),
            by_task: HashMap::new(),
            since: None,
        });
        injection
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn all(&self) -> Vec<Injection> {
        self.0.iter().map(|active| active.injection.clone()).collect()
    }

    /// Returns the fault that applies to the request. Every rule counts its matches, and the first rule that is due
    /// applies.
    pub(crate) fn meet(&mut self, occasion: Occasion<'_>) -> Option<Fault> {
        let mut chosen = None;
        if self.0.is_empty() {
            return chosen;
        }
        let now = Instant::now();
        for active in &mut self.0 {
            if occasion.meets(&active.injection.rule) && active.is_due(occasion.task, now) && chosen.is_none()
            {
                chosen = Some(active.apply(occasion.task, now));
            }
        }
        chosen
    }
}
