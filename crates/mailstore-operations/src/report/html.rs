//! Writes a report as one HTML page.

mod chart;
mod lists;
mod table;
mod text;
mod tiles;

use maud::{Markup, html as markup};

use super::Report;
use crate::page::{grouped, moment, page, shown, size};
use chart::{Bar, bars};
use text::missing;

/// Writes a report as one HTML page that needs nothing else: it has no script and requests nothing.
///
/// The page has a light and a dark form, as the reader has chosen in the browser, and a form for printing.
pub fn html(report: &Report) -> String {
    page(
        "MailStore report",
        &markup! {
            (header(report))
            main {
                @if report.customers.is_empty() {
                    p { "The history has no snapshot." }
                } @else {
                    (tiles::tiles(report))
                    (charts(report))
                    (table::customers(report))
                    (lists::attention(report))
                    (lists::not_read(report))
                    (table::months(report))
                }
            }
            (footer(report))
        },
    )
}

fn header(report: &Report) -> Markup {
    markup! {
        header {
            h1 { "MailStore report" }
            p.muted {
                @match report.last_snapshot {
                    Some(last) => { "Last snapshot: " (moment(last)) ". " }
                    None => {}
                }
                "Report made: " (moment(report.generated)) "."
            }
            @if let Some(days) = report.age_in_days().filter(|days| *days > 1) {
                p.notice { "The last snapshot is " (days) " days old." }
            }
        }
    }
}

fn charts(report: &Report) -> Markup {
    let totals = &report.totals;
    let users = totals.iter().map(|month| Bar {
        month: month.month,
        value: (month.users.read > 0).then_some(month.users.sum as f64),
        shown: grouped(month.users.sum),
        missing: missing(&month.users),
    });
    let messages = totals.iter().map(|month| Bar {
        month: month.month,
        value: (month.messages.read > 0).then_some(month.messages.sum as f64),
        shown: grouped(month.messages.sum),
        missing: missing(&month.messages),
    });
    let sizes = totals.iter().map(|month| Bar {
        month: month.month,
        value: (month.size.read > 0).then_some(month.size.sum.bytes() as f64),
        shown: size(month.size.sum),
        missing: missing(&month.size),
    });
    markup! {
        section.charts aria-label="Growth by month" {
            (bars("Users for billing", &users.collect::<Vec<_>>()))
            (bars("Messages", &messages.collect::<Vec<_>>()))
            (bars("Size", &sizes.collect::<Vec<_>>()))
        }
    }
}

fn footer(report: &Report) -> Markup {
    markup! {
        footer {
            h2 { "How the figures are counted" }
            ul {
                @for rule in &report.service_accounts {
                    li {
                        "Users for billing are all users except those that match "
                        @for (index, pattern) in rule.iter().enumerate() {
                            @if index > 0 { ", " }
                            code { (shown(pattern)) }
                        }
                        "."
                    }
                }
                @if report.service_accounts.len() > 1 {
                    li { "The snapshots were taken with different rules for users." }
                }
                li { "The figures of a month are those of its last snapshot. Days are in UTC." }
                li {
                    "A figure that could not be read is “not read”. It is in no total, and the totals say how many \
                     figures are missing."
                }
                li {
                    "The size of an instance of the Service Provider Edition includes its databases and indexes. \
                     MailStore Server counts the sizes of its stores. 1 GiB is 1,073,741,824 bytes."
                }
                li {
                    "A profile or job is failing if its last run failed, and overdue if its last run is too old or no \
                     run was found. Disabled ones are neither."
                }
            }
        }
    }
}
