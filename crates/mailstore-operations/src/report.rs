//! A report about all archives of a history: users for billing, messages, size, growth by month, profiles, jobs and
//! licences.
//!
//! [`Collected`] gathers the snapshots of a history, and [`Report::new`] makes the report. [`html()`], [`csv()`] and
//! [`json()`] write it.

mod collected;
mod csv;
mod customer;
mod html;
mod month;
mod total;

use std::collections::BTreeSet;

use mailstore_api::Timestamp;
use serde::Serialize;

pub use collected::Collected;
pub use csv::csv;
pub use customer::{Customer, CustomerMonth, Figure, LastRead, RunCounts};
pub use html::html;
pub use month::Month;
pub use total::{MonthTotals, Total};

/// A report about all archives of a history.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    format: &'static str,
    version: u32,
    /// When the report was made.
    pub generated: Timestamp,
    /// When the last snapshot was taken. `None` if the history has no snapshot.
    pub last_snapshot: Option<Timestamp>,
    /// The months of the report without a gap, the oldest one first. The last one is the month of the last snapshot.
    pub months: Vec<Month>,
    /// The archives, sorted by name.
    pub customers: Vec<Customer>,
    /// The totals of each month.
    pub totals: Vec<MonthTotals>,
    /// The patterns of the users that do not count for billing. Several rules mean that snapshots of the last month were
    /// taken with different options.
    pub service_accounts: BTreeSet<Vec<String>>,
}

impl Report {
    /// Makes a report about the last `months` months of a history, at least one.
    pub fn new(collected: &Collected, months: usize, now: Timestamp) -> Self {
        let months = collected.months(months);
        let mut service_accounts = BTreeSet::new();
        let mut customers = Vec::new();
        for archive in collected.archives() {
            let customer = Customer::new(archive, &months, collected);
            if let Some(users) = customer.latest.users.value() {
                service_accounts.insert(users.without.clone());
            }
            if customer.is_in_report() {
                customers.push(customer);
            }
        }
        customers.sort_by_cached_key(|customer| {
            (
                customer.title().to_lowercase(),
                customer.latest.server.clone(),
                customer.latest.instance.clone(),
            )
        });
        let totals = MonthTotals::of(&customers, &months);
        Self {
            format: "mailstore-report",
            version: 1,
            generated: now,
            last_snapshot: collected.last_taken(),
            months,
            customers,
            totals,
            service_accounts,
        }
    }

    /// Returns the number of whole days since the last snapshot.
    pub fn age_in_days(&self) -> Option<i64> {
        Some(self.generated.duration_since(self.last_snapshot?).as_hours() / 24)
    }
}

/// Writes a report as JSON. `format` and `version` are its first members. The version changes if a member is removed or
/// gets another meaning.
pub fn json(report: &Report) -> String {
    let mut text =
        serde_json::to_string_pretty(report).expect("the keys of a report are strings, so it is valid JSON");
    text.push('\n');
    text
}
