//! Values as people read them: sizes, times and durations.

use humansize::{BINARY, format_size};
use jaq_all::json::Val;
use mailstore_api::{Timestamp, jiff};
use mailstore_codegen::model::{Field, Type};

use crate::value;

/// What a number or a text measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    None,
    Bytes,
    Seconds,
    /// Milliseconds since 1970-01-01 in UTC.
    Epoch,
    /// A date and time without a zone, or in UTC.
    DateTime,
}

/// Returns the unit of a member, as the facts about the result give it.
pub(crate) fn unit_of(name: &str, fields: &[Field]) -> Unit {
    let Some(field) = fields.iter().find(|field| field.wire == name) else {
        return Unit::None;
    };
    match field.ty {
        Type::Seconds => Unit::Seconds,
        Type::EpochMilliseconds => Unit::Epoch,
        Type::DateTime | Type::Utc => Unit::DateTime,
        Type::Number if field.doc.contains("bytes") || field.wire.ends_with("Bytes") => Unit::Bytes,
        _ => Unit::None,
    }
}

/// Returns a value as a person reads it.
pub(crate) fn text(value: &Val, unit: Unit) -> String {
    let exact = value::text(value);
    let shown = match (unit, value) {
        (Unit::Bytes, Val::Num(_)) => exact.parse().ok().map(|bytes: u64| format_size(bytes, BINARY)),
        (Unit::Seconds, Val::Num(_)) => exact.parse().ok().and_then(duration),
        (Unit::Epoch, Val::Num(_)) => exact.parse().ok().and_then(moment),
        (Unit::DateTime, Val::TStr(_)) => Some(without_fraction(&exact)),
        _ => None,
    };
    shown.unwrap_or(exact)
}

/// Returns a duration such as `1h 30m`.
fn duration(seconds: i64) -> Option<String> {
    use jiff::{Span, SpanRound, Unit};
    let span = Span::new().try_seconds(seconds).ok()?;
    let options = SpanRound::new().largest(Unit::Hour);
    Some(format!("{:#}", span.round(options).ok()?))
}

/// Returns a moment in UTC, in whole seconds.
fn moment(milliseconds: i64) -> Option<String> {
    let moment = Timestamp::from_millisecond(milliseconds).ok()?;
    Some(without_fraction(&moment.to_string()))
}

/// Returns a date and time with a space between them, without fractions of a second.
fn without_fraction(text: &str) -> String {
    let shown = text.replacen('T', " ", 1);
    match shown.split_once('.') {
        Some((before, after)) => {
            let zone = after.trim_start_matches(|c: char| c.is_ascii_digit());
            format!("{before}{zone}")
        }
        None => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_are_readable() {
        let number = |number: isize| Val::from(number);
        assert_eq!(text(&number(1_610_612_736), Unit::Bytes), "1.50 GiB");
        assert_eq!(text(&number(5400), Unit::Seconds), "1h 30m");
        assert_eq!(
            text(&number(1_700_000_000_123), Unit::Epoch),
            "2023-11-14 22:13:20Z"
        );
        let date = Val::from("2026-01-31T23:59:59.1234567".to_owned());
        assert_eq!(text(&date, Unit::DateTime), "2026-01-31 23:59:59");
        assert_eq!(text(&number(5400), Unit::None), "5400");
    }
}
