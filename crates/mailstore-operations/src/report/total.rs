//! Totals over all archives.

use serde::Serialize;

use super::{Customer, CustomerMonth, Figure, Month};
use crate::Size;

/// A sum, and how much of it is missing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Total<T> {
    /// The sum of the figures that were read.
    pub sum: T,
    /// The number of archives whose figure was read.
    pub read: usize,
    /// The number of archives whose figure was not read. The sum is too small by them.
    pub missing: usize,
}

/// The totals of a month.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct MonthTotals {
    /// The month.
    pub month: Month,
    /// The users for billing.
    pub users: Total<u64>,
    /// The number of messages.
    pub messages: Total<i64>,
    /// The size in bytes.
    pub size: Total<Size>,
    /// The profiles whose last run failed.
    pub failing_profiles: Total<u64>,
    /// The profiles without a recent run.
    pub overdue_profiles: Total<u64>,
    /// The jobs whose last run failed.
    pub failing_jobs: Total<u64>,
    /// The jobs without a recent run.
    pub overdue_jobs: Total<u64>,
}

impl MonthTotals {
    pub(super) fn of(customers: &[Customer], months: &[Month]) -> Vec<Self> {
        let totals = months.iter().enumerate().map(|(index, month)| {
            let months = || customers.iter().filter_map(|customer| customer.months.get(index));
            let numbers =
                |of: &dyn Fn(&CustomerMonth) -> Figure<u64>| total(months().map(of), u64::saturating_add);
            Self {
                month: *month,
                users: numbers(&|month| month.users.clone()),
                messages: total(months().map(|month| month.messages.clone()), i64::saturating_add),
                size: total(months().map(|month| month.size.clone()), |one, other| {
                    [one, other].into_iter().sum()
                }),
                failing_profiles: numbers(&|month| month.profiles.map(|counts| counts.failing)),
                overdue_profiles: numbers(&|month| month.profiles.map(|counts| counts.overdue)),
                failing_jobs: numbers(&|month| month.jobs.map(|counts| counts.failing)),
                overdue_jobs: numbers(&|month| month.jobs.map(|counts| counts.overdue)),
            }
        });
        totals.collect()
    }
}

fn total<T: Copy + Default>(figures: impl Iterator<Item = Figure<T>>, add: impl Fn(T, T) -> T) -> Total<T> {
    let mut total = Total {
        sum: T::default(),
        read: 0,
        missing: 0,
    };
    for figure in figures {
        match figure {
            Figure::Value(value) => {
                total.sum = add(total.sum, value);
                total.read += 1;
            }
            Figure::NotRead { .. } => total.missing += 1,
            Figure::Absent => {}
        }
    }
    total
}

impl<T> Total<T> {
    /// Returns the number of archives that exist.
    pub fn all(&self) -> usize {
        self.read + self.missing
    }
}
