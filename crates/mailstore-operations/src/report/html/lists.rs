//! What a person should look at: profiles and jobs that are not well, and figures that were not read.

use maud::{Markup, html};

use super::text::{place, situation};
use crate::page::{grouped, moment, name, shown};
use crate::report::{Customer, Report};
use crate::snapshot::Troubled;

/// The number of rows of a list. The other formats have all of them.
const MOST: usize = 500;

/// The profiles and jobs whose last run was not well.
pub(super) fn attention(report: &Report) -> Markup {
    let mut rows: Vec<(&Customer, &str, &Troubled)> = Vec::new();
    for customer in report.customers.iter().filter(|customer| customer.is_listed()) {
        let latest = &customer.latest;
        for (kind, figures) in [("profile", &latest.profiles), ("job", &latest.jobs)] {
            let troubled = figures.value().map_or(&[][..], |figures| &figures.troubled);
            rows.extend(troubled.iter().map(|one| (customer, kind, one)));
        }
    }
    if rows.is_empty() {
        return html! {};
    }
    rows.sort_by_key(|(_, _, troubled)| std::cmp::Reverse(troubled.situation));
    html! {
        section {
            h2 { "Profiles and jobs to look at" }
            table.attention {
                thead {
                    tr {
                        th scope="col" { "Customer" }
                        th scope="col" { "Profile or job" }
                        th scope="col" { "Situation" }
                        th scope="col" { "Last run" }
                    }
                }
                tbody {
                    @for (customer, kind, troubled) in rows.iter().take(MOST) {
                        tr {
                            th scope="row" {
                                (name(customer.title()))
                                span.note { (place(customer)) }
                            }
                            td data-label="Profile or job" {
                                (kind) " " (troubled.id) " " (name(&troubled.name))
                            }
                            td data-label="Situation" { (situation(troubled.situation)) }
                            td.time data-label="Last run" {
                                @match troubled.last_run {
                                    Some(last) => (moment(last)),
                                    None => span.muted { "–" },
                                }
                            }
                        }
                    }
                }
            }
            (more(rows.len()))
        }
    }
}

/// The archives whose last snapshot is incomplete, with the reasons.
pub(super) fn not_read(report: &Report) -> Markup {
    let listed = report.customers.iter().filter(|customer| customer.is_listed());
    let rows: Vec<(&Customer, String, String)> = listed.flat_map(reasons).collect();
    if rows.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { "Not read" }
            table.attention {
                thead {
                    tr {
                        th scope="col" { "Customer" }
                        th scope="col" { "Figures" }
                        th scope="col" { "Reason" }
                    }
                }
                tbody {
                    @for (customer, figures, reason) in rows.iter().take(MOST) {
                        tr {
                            th scope="row" {
                                (name(customer.title()))
                                span.note { (place(customer)) }
                            }
                            td data-label="Figures" { (figures) }
                            td data-label="Reason" { (shown(reason)) }
                        }
                    }
                }
            }
            (more(rows.len()))
        }
    }
}

/// Figures with the same reason are in one row.
fn reasons(customer: &Customer) -> Vec<(&Customer, String, String)> {
    if !customer.has_snapshot() {
        let reason = "there is no snapshot of the last month".to_owned();
        return vec![(customer, "all".to_owned(), reason)];
    }
    customer
        .latest
        .missing()
        .into_iter()
        .map(|(reason, figures)| (customer, figures.join(", "), reason.to_owned()))
        .collect()
}

fn more(rows: usize) -> Markup {
    html! {
        @if rows > MOST {
            p.muted { (grouped(rows - MOST)) " more are in the JSON form of this report." }
        }
    }
}
