//! Numbers, times and names as the page shows them.

use humansize::{BINARY, format_size_i};
use mailstore_api::jiff::tz::TimeZone;
use mailstore_api::{Timestamp, printable};
use maud::{Markup, html};

use crate::Size;
use crate::report::{Customer, Figure, Total};
use crate::runs::Situation;

/// Text of a server without characters that control the direction of writing or are invisible.
pub(super) fn shown(text: &str) -> String {
    printable(text).to_string()
}

/// The number of characters from which a name has its text as a title too, because a table shows only its beginning.
const LONG: usize = 60;

/// A name of a server, whose direction of writing does not change the text around it.
pub(super) fn name(text: &str) -> Markup {
    let shown = shown(text);
    let title = (shown.chars().count() > LONG).then_some(&shown);
    html! { bdi title=[title] { (shown) } }
}

/// The id of an archive and the address of its server.
pub(super) fn place(customer: &Customer) -> Markup {
    let server = customer.latest.server.trim_start_matches("https://");
    name(&format!("{} · {server}", customer.latest.instance))
}

/// A number with commas, such as `1,234,567`.
pub(super) fn grouped<N: ToString>(number: N) -> String {
    let text = number.to_string();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("−", digits),
        None => ("", text.as_str()),
    };
    let mut grouped = sign.to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A size such as `1.50 GiB`. No line ends between the number and the unit.
pub(super) fn size(size: Size) -> String {
    format_size_i(size.bytes(), BINARY)
        .replace('-', "−")
        .replace(' ', "\u{a0}")
}

/// A moment in UTC, in minutes.
pub(super) fn moment(moment: Timestamp) -> String {
    TimeZone::UTC
        .to_datetime(moment)
        .strftime("%Y-%m-%d %H:%M UTC")
        .to_string()
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

    #[test]
    fn numbers_are_grouped_and_changes_have_signs() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (-1_234_567, "−1,234,567"),
            (i64::MAX, "9,223,372,036,854,775,807"),
        ] {
            assert_eq!(grouped(number), text);
        }
        let write = grouped::<i64>;
        assert_eq!(change(Some(5), Some(5), write).as_deref(), Some("±0"));
        assert_eq!(change(Some(5), Some(1005), write).as_deref(), Some("+1,000"));
        assert_eq!(change(Some(5), Some(4), write).as_deref(), Some("−1"));
        assert_eq!(change(None, Some(4), write), None);
        assert_eq!(change(Some(4), None, write), None);
    }

    #[test]
    fn sizes_have_binary_units() {
        assert_eq!(size(Size::from_mb(1536)), "1.50\u{a0}GiB");
        assert_eq!(size(Size::from_bytes(-1024)), "−1\u{a0}KiB");
    }
}
