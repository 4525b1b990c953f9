//! The most important totals.

use maud::{Markup, html};

use super::text::{change, missing};
use crate::Size;
use crate::page::{self, grouped, size};
use crate::report::{Report, Total};

/// The totals of the last month, with their change.
pub(super) fn tiles(report: &Report) -> Markup {
    let Some(last) = report.totals.last() else {
        return html! {};
    };
    let before = report
        .totals
        .len()
        .checked_sub(2)
        .map(|index| &report.totals[index]);
    let listed = report.customers.iter().filter(|customer| customer.is_listed());
    let number = grouped::<i64>;
    let bytes = |bytes: i64| size(Size::from_bytes(bytes));
    let users = |total: &Total<u64>| whole(total, |sum| i64::try_from(sum).unwrap_or(i64::MAX));
    html! {
        section.tiles aria-label="Totals" {
            (tile("Archives", &grouped(listed.count()), None, None, false))
            (tile(
                "Users for billing",
                &of(&last.users, grouped),
                change(before.and_then(|month| users(&month.users)), users(&last.users), number),
                missing(&last.users),
                false,
            ))
            (tile(
                "Messages",
                &of(&last.messages, grouped),
                change(
                    before.and_then(|month| whole(&month.messages, |sum| sum)),
                    whole(&last.messages, |sum| sum),
                    number,
                ),
                missing(&last.messages),
                false,
            ))
            (tile(
                "Size",
                &of(&last.size, size),
                change(
                    before.and_then(|month| whole(&month.size, Size::bytes)),
                    whole(&last.size, Size::bytes),
                    bytes,
                ),
                missing(&last.size),
                false,
            ))
            (count("Failing profiles", &last.failing_profiles))
            (count("Overdue profiles", &last.overdue_profiles))
            (count("Failing jobs", &last.failing_jobs))
            (count("Overdue jobs", &last.overdue_jobs))
        }
    }
}

fn count(title: &str, total: &Total<u64>) -> Markup {
    tile(title, &of(total, grouped), None, missing(total), total.sum > 0)
}

fn tile(title: &str, value: &str, change: Option<String>, missing: Option<String>, is_bad: bool) -> Markup {
    let notes = html! {
        @if let Some(change) = change {
            div.note { (change) " since the month before" }
        }
        @if let Some(missing) = missing {
            div.note.missing { (missing) }
        }
    };
    page::tile(title, value, is_bad, &notes)
}

/// The sum in words. A sum of nothing is not 0.
fn of<T: Copy>(total: &Total<T>, write: impl Fn(T) -> String) -> String {
    if total.read == 0 && total.missing > 0 {
        "not read".to_owned()
    } else {
        write(total.sum)
    }
}

/// The sum if nothing is missing. Other sums cannot be compared.
fn whole<T: Copy>(total: &Total<T>, number: impl Fn(T) -> i64) -> Option<i64> {
    (total.missing == 0).then(|| number(total.sum))
}
