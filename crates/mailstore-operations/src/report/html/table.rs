//! The tables of customers and of months.

use maud::{Markup, html};

use super::chart::line;
use super::text::{change, figure, missing, place};
use crate::Size;
use crate::page::{grouped, name, size};
use crate::report::{Customer, Figure, Report, RunCounts, Total};

/// The archives with the figures of the last month.
pub(super) fn customers(report: &Report) -> Markup {
    let last_day = report.customers.iter().map(|customer| customer.latest.day).max();
    let has_licences = report
        .customers
        .iter()
        .filter_map(|customer| customer.months.last())
        .any(|month| !matches!(month.licence, Figure::Absent));
    html! {
        section {
            h2 { "Customers" }
            table.customers {
                thead {
                    tr {
                        th scope="col" { "Customer" }
                        th.number scope="col" { "Users" }
                        th.number scope="col" { "Messages" }
                        th.number scope="col" { "Size" }
                        th scope="col" { "Size by month" }
                        th.number scope="col" { "Profiles" }
                        th.number scope="col" { "Jobs" }
                        @if has_licences { th.number scope="col" { "Licence" } }
                    }
                }
                tbody {
                    @for customer in &report.customers {
                        (row(customer, Some(customer.latest.day) < last_day, has_licences))
                    }
                }
            }
        }
    }
}

fn row(customer: &Customer, is_older: bool, has_licences: bool) -> Markup {
    let Some(last) = customer.months.last() else {
        return html! {};
    };
    let before = customer.last_two().map(|(before, _)| before);
    let users = |figure: &Figure<u64>| figure.value().and_then(|users| i64::try_from(users).ok());
    let bytes = |figure: &Figure<Size>| figure.value().map(Size::bytes);
    let values: Vec<Option<f64>> = customer
        .months
        .iter()
        .map(|month| bytes(&month.size).map(|bytes| bytes as f64))
        .collect();
    html! {
        tr.gone[!customer.is_listed()] {
            th scope="row" {
                (name(customer.title()))
                span.note { (place(customer)) }
                @if is_older || !customer.has_snapshot() {
                    span.note { "last snapshot " (customer.latest.day) }
                }
            }
            td.number data-label="Users" {
                (figure(&last.users, grouped))
                (note(change(before.and_then(|month| users(&month.users)), users(&last.users), grouped)))
            }
            td.number data-label="Messages" {
                (figure(&last.messages, grouped))
                (note(change(
                    before.and_then(|month| month.messages.value()),
                    last.messages.value(),
                    grouped,
                )))
            }
            td.number data-label="Size" {
                (figure(&last.size, size))
                (note(change(
                    before.and_then(|month| bytes(&month.size)),
                    bytes(&last.size),
                    |bytes| size(Size::from_bytes(bytes)),
                )))
            }
            td.trend data-label="Size by month" { (line(&values, &description(customer))) }
            td.number data-label="Profiles" { (runs(&last.profiles)) }
            td.number data-label="Jobs" { (runs(&last.jobs)) }
            @if has_licences {
                td.number data-label="Licence" {
                    (figure(&last.licence, |licence| {
                        format!("{} of {}", grouped(licence.used), grouped(licence.allowed))
                    }))
                    @if last.licence.value().is_some_and(|licence| licence.used > licence.allowed) {
                        span.note.bad { "over the limit" }
                    }
                }
            }
        }
    }
}

fn note(change: Option<String>) -> Markup {
    html! {
        @if let Some(change) = change {
            span.note { (change) }
        }
    }
}

/// What the line of a customer shows, for people who cannot see it.
fn description(customer: &Customer) -> String {
    let sizes = || {
        customer
            .months
            .iter()
            .filter_map(|month| Some((month.month, month.size.value()?)))
    };
    match (sizes().next(), sizes().next_back()) {
        (Some((first, least)), Some((last, most))) if first != last => format!(
            "{}: {}, {}: {}",
            first.title(),
            size(least),
            last.title(),
            size(most)
        ),
        (Some((month, only)), _) => format!("{}: {}", month.title(), size(only)),
        _ => "no size was read".to_owned(),
    }
}

/// The number of profiles or jobs, and how many are not well.
fn runs(counts: &Figure<RunCounts>) -> Markup {
    html! {
        (figure(counts, |counts| grouped(counts.all)))
        @if let Some(counts) = counts.value() {
            @if counts.failing > 0 {
                span.note.bad { (grouped(counts.failing)) " failing" }
            }
            @if counts.overdue > 0 {
                span.note.bad { (grouped(counts.overdue)) " overdue" }
            }
            @if counts.completed_with_errors > 0 {
                span.note.warn { (grouped(counts.completed_with_errors)) " with errors" }
            }
        }
    }
}

/// The totals of all months, the last one first.
pub(super) fn months(report: &Report) -> Markup {
    html! {
        section {
            h2 { "Totals by month" }
            table.months {
                thead {
                    tr {
                        th scope="col" { "Month" }
                        th.number scope="col" { "Users" }
                        th.number scope="col" { "Messages" }
                        th.number scope="col" { "Size" }
                    }
                }
                tbody {
                    @for month in report.totals.iter().rev() {
                        tr {
                            th scope="row" { (month.month.title()) }
                            td.number data-label="Users" { (total(&month.users, grouped)) }
                            td.number data-label="Messages" { (total(&month.messages, grouped)) }
                            td.number data-label="Size" { (total(&month.size, size)) }
                        }
                    }
                }
            }
        }
    }
}

fn total<T: Copy>(total: &Total<T>, write: impl Fn(T) -> String) -> Markup {
    html! {
        @if total.read > 0 { (write(total.sum)) }
        @else if total.missing == 0 { span.muted { "–" } }
        @if let Some(missing) = missing(total) {
            span.note.missing { (missing) }
        }
    }
}
