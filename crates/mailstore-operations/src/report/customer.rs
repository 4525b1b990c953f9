//! One archive in a report.

use mailstore_api::civil::Date;
use serde::Serialize;

use super::Month;
use super::collected::{Archive, Collected, Read};
use crate::runs::Situation;
use crate::snapshot::{Licence, RunFigures, Snapshot};
use crate::{Reading, Size};

/// One archive: an instance of a customer, or a MailStore Server.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Customer {
    /// The last snapshot.
    pub latest: Snapshot,
    /// The figures of each month of the report.
    pub months: Vec<CustomerMonth>,
}

/// The figures of an archive in a month: those of the last snapshot in it.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct CustomerMonth {
    /// The month.
    pub month: Month,
    /// The day of the last snapshot.
    pub day: Option<Date>,
    /// The users for billing.
    pub users: Figure<u64>,
    /// All users.
    pub all_users: Figure<u64>,
    /// The number of messages.
    pub messages: Figure<i64>,
    /// The size in bytes.
    pub size: Figure<Size>,
    /// The profiles.
    pub profiles: Figure<RunCounts>,
    /// The jobs.
    pub jobs: Figure<RunCounts>,
    /// The use of the licence. In the Service Provider Edition, whose API has no function for it, it is the use of the
    /// contract in the last month, and absent without a contract.
    pub licence: Figure<Licence>,
}

/// How many profiles or jobs there are.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RunCounts {
    /// All of them.
    pub all: u64,
    /// Those whose last run failed.
    pub failing: u64,
    /// Those without a recent run: the last one is too old, or none was found.
    pub overdue: u64,
    /// Those whose last run completed with errors.
    pub completed_with_errors: u64,
    /// Those that nothing starts.
    pub disabled: u64,
}

/// A figure of a month.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure<T> {
    /// The figure.
    Value(T),
    /// The last snapshot of the month could not read the figure, or there is no snapshot. It is missing in totals.
    NotRead {
        /// Why it was not read.
        reason: String,
        /// What an earlier snapshot of the month had read.
        last_read: Option<LastRead<T>>,
    },
    /// The archive did not exist yet, or does not exist any more. It is not missing.
    Absent,
}

/// A figure that an earlier snapshot of a month had read.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct LastRead<T> {
    /// The figure.
    pub value: T,
    /// The day of the snapshot.
    pub day: Date,
}

impl Customer {
    pub(super) fn new(archive: &Archive, months: &[Month], collected: &Collected) -> Self {
        let (_, last) = archive
            .months
            .last_key_value()
            .expect("an archive is created with its first snapshot");
        let figures = months.iter().map(|month| figures(archive, *month, collected));
        let mut months: Vec<CustomerMonth> = figures.collect();
        // A contract is that of today, so it says nothing about earlier months.
        if let (Some(month), None) = (months.last_mut(), &last.last.licence)
            && let Some(allowed) = collected.contract().of(&last.last.instance)
        {
            month.licence = month.users.map(|used| Licence {
                used: i64::try_from(used).unwrap_or(i64::MAX),
                allowed: allowed.into(),
            });
        }
        Self {
            latest: last.last.clone(),
            months,
        }
    }

    /// Returns whether the archive existed in a month of the report.
    pub(super) fn is_in_report(&self) -> bool {
        self.months.iter().any(|month| month.users != Figure::Absent)
    }

    /// Returns whether the archive exists in the last month of the report.
    pub fn is_listed(&self) -> bool {
        self.months
            .last()
            .is_some_and(|month| month.users != Figure::Absent)
    }

    /// Returns whether the last month of the report has a snapshot.
    pub fn has_snapshot(&self) -> bool {
        self.months.last().is_some_and(|month| month.day.is_some())
    }

    /// Returns the name, or the id if there is no name.
    pub fn title(&self) -> &str {
        let name = self.latest.name.trim();
        if name.is_empty() {
            &self.latest.instance
        } else {
            name
        }
    }

    /// Returns the months before the last one and the last one, if there are two.
    pub(super) fn last_two(&self) -> Option<(&CustomerMonth, &CustomerMonth)> {
        match self.months.as_slice() {
            [.., before, last] => Some((before, last)),
            _ => None,
        }
    }
}

fn figures(archive: &Archive, month: Month, collected: &Collected) -> CustomerMonth {
    let Some(found) = archive.months.get(&month) else {
        return without_snapshot(archive, month, collected);
    };
    let last = &found.last;
    CustomerMonth {
        month,
        day: Some(last.day),
        users: figure(&last.users, &found.users, |users| users.billable),
        all_users: figure(&last.users, &found.users, |users| users.all),
        messages: figure(&last.messages, &found.messages, |messages| *messages),
        size: figure(&last.size, &found.size, |size| *size),
        profiles: figure(&last.profiles, &None, RunCounts::of),
        jobs: figure(&last.jobs, &None, RunCounts::of),
        licence: match &last.licence {
            Some(licence) => figure(licence, &None, |licence| *licence),
            None => Figure::Absent,
        },
    }
}

fn figure<T, U>(reading: &Reading<T>, last_read: &Option<Read<T>>, of: impl Fn(&T) -> U) -> Figure<U> {
    match reading {
        Reading::Value(value) => Figure::Value(of(value)),
        Reading::NotRead(reason) => Figure::NotRead {
            reason: reason.clone(),
            last_read: last_read.as_ref().map(|read| LastRead {
                value: of(&read.value),
                day: read.day,
            }),
        },
    }
}

/// An archive exists from its first to its last snapshot, and until its server has a snapshot without it.
fn without_snapshot(archive: &Archive, month: Month, collected: &Collected) -> CustomerMonth {
    let is_after_first = archive.months.keys().next().is_some_and(|first| *first < month);
    let is_before_last = archive
        .months
        .keys()
        .next_back()
        .is_some_and(|last| month < *last);
    let server_is_silent = archive
        .months
        .values()
        .next()
        .is_some_and(|found| !collected.has_seen(&found.last.server, month));
    let is_missing = is_after_first && (is_before_last || server_is_silent);
    fn missing<T>(is_missing: bool) -> Figure<T> {
        if is_missing {
            Figure::NotRead {
                reason: "there is no snapshot of this month".to_owned(),
                last_read: None,
            }
        } else {
            Figure::Absent
        }
    }
    CustomerMonth {
        month,
        day: None,
        users: missing(is_missing),
        all_users: missing(is_missing),
        messages: missing(is_missing),
        size: missing(is_missing),
        profiles: missing(is_missing),
        jobs: missing(is_missing),
        licence: match last_licence(archive) {
            Some(_) => missing(is_missing),
            None => Figure::Absent,
        },
    }
}

fn last_licence(archive: &Archive) -> Option<&Reading<Licence>> {
    let (_, last) = archive.months.last_key_value()?;
    last.last.licence.as_ref()
}

impl RunCounts {
    fn of(figures: &RunFigures) -> Self {
        Self {
            all: figures.total(),
            failing: figures.failing(),
            overdue: figures.overdue(),
            completed_with_errors: figures.count(Situation::CompletedWithErrors),
            disabled: figures.count(Situation::Disabled),
        }
    }
}

impl<T: Copy> Figure<T> {
    /// Returns the figure.
    pub fn value(&self) -> Option<T> {
        match self {
            Self::Value(value) => Some(*value),
            Self::NotRead { .. } | Self::Absent => None,
        }
    }

    /// Changes the figure. Keeps the reason of a missing one.
    pub fn map<U>(&self, change: impl Fn(T) -> U) -> Figure<U> {
        match self {
            Self::Value(value) => Figure::Value(change(*value)),
            Self::NotRead { reason, last_read } => Figure::NotRead {
                reason: reason.clone(),
                last_read: last_read.as_ref().map(|read| LastRead {
                    value: change(read.value),
                    day: read.day,
                }),
            },
            Self::Absent => Figure::Absent,
        }
    }
}
