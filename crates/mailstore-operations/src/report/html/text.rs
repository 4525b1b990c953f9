//! Figures as the report shows them.

use maud::{Markup, html};

use crate::page::name;
use crate::report::{Customer, Figure, Total};
use crate::runs::Situation;

/// The id of an archive and the address of its server.
pub(super) fn place(customer: &Customer) -> Markup {
    let server = customer.latest.server.trim_start_matches("https://");
    name(&format!("{} · {server}", customer.latest.instance))
}

/// What is missing in a total, such as `2 of 50 not read`.
pub(super) fn missing<T>(total: &Total<T>) -> Option<String> {
    (total.missing > 0).then(|| format!("{} of {} not read", total.missing, total.all()))
}

/// A change with its sign. `None` if one of the figures is missing.
pub(super) fn change(
    before: Option<i64>,
    after: Option<i64>,
    write: impl Fn(i64) -> String,
) -> Option<String> {
    let difference = after?.saturating_sub(before?);
    Some(match difference {
        0 => "±0".to_owned(),
        1.. => format!("+{}", write(difference)),
        _ => write(difference),
    })
}

/// A figure of a customer, or why there is none.
pub(super) fn figure<T: Copy>(figure: &Figure<T>, write: impl Fn(T) -> String) -> Markup {
    match figure {
        Figure::Value(value) => html! { (write(*value)) },
        Figure::NotRead { last_read, .. } => html! {
            span.missing { "not read" }
            @if let Some(read) = last_read {
                span.note { (write(read.value)) " on " (read.day) }
            }
        },
        Figure::Absent => html! { span.muted { "–" } },
    }
}

/// A situation in words.
pub(super) fn situation(situation: Situation) -> &'static str {
    match situation {
        Situation::Succeeded => "succeeded",
        Situation::NotDue => "not due",
        Situation::Disabled => "disabled",
        Situation::Running => "running",
        Situation::CompletedWithWarnings => "completed with warnings",
        Situation::CompletedWithErrors => "completed with errors",
        Situation::Cancelled => "cancelled",
        Situation::OtherResult => "unknown result",
        Situation::NoRun => "no run found",
        Situation::TooOld => "last run too old",
        Situation::Failed => "failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::grouped;

    #[test]
    fn changes_have_signs() {
        let write = grouped::<i64>;
        assert_eq!(change(Some(5), Some(5), write).as_deref(), Some("±0"));
        assert_eq!(change(Some(5), Some(1005), write).as_deref(), Some("+1,000"));
        assert_eq!(change(Some(5), Some(4), write).as_deref(), Some("−1"));
        assert_eq!(change(None, Some(4), write), None);
        assert_eq!(change(Some(4), None, write), None);
    }
}
