//! Dates, times and durations: how the server writes them, and how it wants them.

use std::borrow::Cow;
use std::time::Duration;

use jiff::{Timestamp, civil};
use serde_json::Value;

use crate::argument::{ToArgument, Unsendable};
use crate::decode::{FromJson, Problem};
use crate::encode::ToJson;

/// As `2026-01-01T00:00:00`: the server refuses a zone and a fraction of a second, so a fraction is cut off.
impl ToArgument for civil::DateTime {
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
        Ok(Cow::Owned(date_text(*self)))
    }
}

/// As `03:30:00`; a fraction of a second is cut off.
impl ToArgument for civil::Time {
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
        Ok(Cow::Owned(time_text(*self)))
    }
}

/// As an argument would be.
impl ToJson for civil::DateTime {
    fn to_json(&self) -> Value {
        Value::from(date_text(*self))
    }
}

/// As an argument would be.
impl ToJson for civil::Time {
    fn to_json(&self) -> Value {
        Value::from(time_text(*self))
    }
}

fn date_text(date: civil::DateTime) -> String {
    date.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

fn time_text(time: civil::Time) -> String {
    time.strftime("%H:%M:%S").to_string()
}

/// In seconds; nothing shorter is sent.
impl ToArgument for Duration {
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
        match self.subsec_nanos() {
            0 => Ok(Cow::Owned(self.as_secs().to_string())),
            _ => Err(Unsendable::form("the server takes whole seconds only")),
        }
    }
}

/// A number of seconds.
impl FromJson for Duration {
    fn from_json(value: Value) -> Result<Self, Problem> {
        let seconds = value.as_u64().map(Self::from_secs);
        seconds.ok_or_else(|| Problem::expected("a whole number of seconds", &value))
    }
}

/// Whole seconds; a fraction is cut off.
impl ToJson for Duration {
    fn to_json(&self) -> Value {
        Value::from(self.as_secs())
    }
}

/// A text such as `2026-05-02T10:30:04`, in the zone that the call asked for. A `Z`, which the server writes in some
/// places and not in others, is passed over.
impl FromJson for civil::DateTime {
    fn from_json(value: Value) -> Result<Self, Problem> {
        read_text(value, "a date and time such as 2026-05-02T10:30:04", |text| {
            text.trim_end_matches('Z').parse().ok()
        })
    }
}

/// A text such as `03:30:00`.
impl FromJson for civil::Time {
    fn from_json(value: Value) -> Result<Self, Problem> {
        read_text(value, "a time of day such as 03:30:00", |text| text.parse().ok())
    }
}

/// A date and time in UTC as text, with or without `Z`, or as milliseconds since 1970-01-01.
impl FromJson for Timestamp {
    fn from_json(value: Value) -> Result<Self, Problem> {
        const WHAT: &str =
            "a date and time in UTC such as 2026-05-02T10:30:04, or milliseconds since 1970-01-01";
        if let Some(milliseconds) = value.as_i64() {
            return Self::from_millisecond(milliseconds).map_err(|_| Problem::expected(WHAT, &value));
        }
        read_text(value, WHAT, |text| {
            let civil: civil::DateTime = text.trim_end_matches('Z').parse().ok()?;
            let utc = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
            Some(utc.timestamp())
        })
    }
}

/// Reads a text of a certain form. The error does not show the text, as nobody knows what it is.
fn read_text<T>(value: Value, what: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, Problem> {
    let found = value.as_str().and_then(read);
    found.ok_or_else(|| Problem::expected(what, &value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn dates_and_times_have_neither_zone_nor_fraction() {
        let date = civil::date(2026, 1, 2).at(3, 4, 5, 678_000_000);
        assert_eq!(date.to_argument().unwrap(), "2026-01-02T03:04:05");
        assert_eq!(date.time().to_argument().unwrap(), "03:04:05");
        assert_eq!(date.to_json(), json!("2026-01-02T03:04:05"));
        assert_eq!(date.time().to_json(), json!("03:04:05"));
    }

    #[test]
    fn durations_are_whole_seconds() {
        assert_eq!(Duration::from_secs(300).to_argument().unwrap(), "300");
        assert!(Duration::from_millis(1500).to_argument().is_err());
    }

    #[test]
    fn dates_are_read_with_and_without_zone_letter() {
        let date = civil::date(2026, 5, 2).at(10, 30, 4, 0);
        for text in ["2026-05-02T10:30:04", "2026-05-02T10:30:04Z"] {
            assert_eq!(civil::DateTime::from_json(json!(text)).unwrap(), date);
            assert_eq!(
                Timestamp::from_json(json!(text)).unwrap().as_second(),
                1_777_717_804
            );
        }
        let live = Timestamp::from_json(json!(1_777_748_857_223_i64)).unwrap();
        assert_eq!(live.as_millisecond(), 1_777_748_857_223);
    }

    #[test]
    fn what_is_no_date_is_a_problem_that_does_not_show_it() {
        let problem = civil::DateTime::from_json(json!("hunter2")).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "result: expected a date and time such as 2026-05-02T10:30:04, found a text"
        );
        assert!(Timestamp::from_json(json!(i64::MAX)).is_err());
    }
}
