//! Writes a report as comma-separated values.

use super::{CustomerMonth, Figure, Report};
use crate::spreadsheet::{rows, without_formula};

const HEADER: [&str; 20] = [
    "month",
    "day",
    "server",
    "instance",
    "name",
    "users",
    "all_users",
    "messages",
    "size_bytes",
    "profiles",
    "failing_profiles",
    "overdue_profiles",
    "profiles_with_errors",
    "jobs",
    "failing_jobs",
    "overdue_jobs",
    "licence_used",
    "licence_allowed",
    "users_last_read",
    "users_last_read_day",
];

/// Writes a report as comma-separated values, with a row for each archive and month in which it existed.
///
/// A figure that was not read is the text `not read`, and a figure that the product does not have is empty. Text of the
/// server that a spreadsheet would run as a formula begins with an apostrophe.
pub fn csv(report: &Report) -> String {
    let mut records = Vec::new();
    for (index, _) in report.months.iter().enumerate().rev() {
        for customer in &report.customers {
            let latest = &customer.latest;
            let Some(month) = customer.months.get(index) else {
                continue;
            };
            if month.users == Figure::Absent {
                continue;
            }
            let names = [&latest.server, &latest.instance, &latest.name];
            let names = names.map(|name| without_formula(name));
            records.push(record(month, names));
        }
    }
    rows(&HEADER, records)
}

fn record(month: &CustomerMonth, names: [String; 3]) -> [String; HEADER.len()] {
    let [server, instance, name] = names;
    let (profiles, jobs) = (&month.profiles, &month.jobs);
    let (last_users, last_day) = match &month.users {
        Figure::NotRead {
            last_read: Some(read),
            ..
        } => (read.value.to_string(), read.day.to_string()),
        _ => (String::new(), String::new()),
    };
    [
        month.month.to_string(),
        month.day.map_or(String::new(), |day| day.to_string()),
        server,
        instance,
        name,
        cell(&month.users),
        cell(&month.all_users),
        cell(&month.messages),
        cell(&month.size.map(|size| size.bytes())),
        cell(&profiles.map(|counts| counts.all)),
        cell(&profiles.map(|counts| counts.failing)),
        cell(&profiles.map(|counts| counts.overdue)),
        cell(&profiles.map(|counts| counts.completed_with_errors)),
        cell(&jobs.map(|counts| counts.all)),
        cell(&jobs.map(|counts| counts.failing)),
        cell(&jobs.map(|counts| counts.overdue)),
        cell(&month.licence.map(|licence| licence.used)),
        cell(&month.licence.map(|licence| licence.allowed)),
        last_users,
        last_day,
    ]
}

fn cell<T: ToString>(figure: &Figure<T>) -> String {
    match figure {
        Figure::Value(value) => value.to_string(),
        Figure::NotRead { .. } => "not read".to_owned(),
        Figure::Absent => String::new(),
    }
}
