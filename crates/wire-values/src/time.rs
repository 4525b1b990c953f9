//! The formats of dates, times and durations in responses and arguments.
//!
//! A server writes dates as `2026-05-02T10:30:04`, in the time zone that the call named, or in UTC if the name of the
//! member ends in `Utc`. The expiry of a credential ends in `Z`, and live statistics are milliseconds since 1970 (all
//! observed). So a date without a zone must have exactly this form, and an instant may also have `Z` or an offset. A
//! fraction of a second may follow, because .NET writes up to seven digits (inferred). Other strings are rejected,
//! because a guess could change the date.

use std::borrow::Cow;
use std::time::Duration;

use jiff::{Timestamp, civil};

use crate::argument::{ToArgument, Unsendable};
use crate::decode::whole;
use crate::encode::ToJson;
use crate::json::Json;
use crate::problem::Problem;
use crate::reader::{FromJson, Reader};

/// A date and time without a zone, for a required argument: a [`DateTime`](civil::DateTime), or a
/// [`Date`](civil::Date), which means its midnight.
///
/// A [`Zoned`](jiff::Zoned) is not accepted. The server reads a date in the time zone that another argument names, so
/// the zone of the value would be lost. `zoned.datetime()` is the date and time in the zone of the value, and
/// `zoned.with_time_zone(zone).datetime()` is the same moment in another zone.
///
/// ```
/// use wire_values::{DateTime, IntoDateTime, civil::date};
///
/// fn from(begin: impl IntoDateTime) -> DateTime {
///     begin.into_date_time()
/// }
/// assert_eq!(from(date(2026, 5, 2)), from(date(2026, 5, 2).at(0, 0, 0, 0)));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a date and time without a zone",
    label = "expected a `DateTime` or a `Date`",
    note = "the server reads dates in the time zone that the call names, so no other zone is accepted",
    note = "for a `Zoned`, pass `zoned.datetime()`, or `zoned.with_time_zone(zone).datetime()` in the zone of the call"
)]
pub trait IntoDateTime {
    /// Returns the date and time.
    fn into_date_time(self) -> civil::DateTime;
}

impl IntoDateTime for civil::DateTime {
    fn into_date_time(self) -> civil::DateTime {
        self
    }
}

impl IntoDateTime for civil::Date {
    fn into_date_time(self) -> civil::DateTime {
        self.into()
    }
}

/// Writes `2026-01-01T00:00:00`. A fraction of a second is cut off, because the server rejects fractions and zones. A
/// year outside 1 to 9999 is an error.
impl ToArgument for civil::DateTime {
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
        if self.year() < 1 {
            return Err(Unsendable::form("the year must be from 1 to 9999"));
        }
        Ok(Cow::Owned(self.strftime("%Y-%m-%dT%H:%M:%S").to_string()))
    }
}

/// Writes `03:30:00`. A fraction of a second is cut off.
impl ToArgument for civil::Time {
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
        Ok(Cow::Owned(self.strftime("%H:%M:%S").to_string()))
    }
}

/// As an argument would be.
impl ToJson for civil::DateTime {
    fn to_json(&self) -> Result<Json, Unsendable> {
        self.to_argument().map(|text| Json::from(&*text))
    }

    /// With its fraction of a second.
    fn to_public_json(&self) -> Result<Json, Unsendable> {
        Ok(Json::from(self.to_string()))
    }
}

/// As an argument would be.
impl ToJson for civil::Time {
    fn to_json(&self) -> Result<Json, Unsendable> {
        self.to_argument().map(|text| Json::from(&*text))
    }

    /// With its fraction of a second.
    fn to_public_json(&self) -> Result<Json, Unsendable> {
        Ok(Json::from(self.to_string()))
    }
}

/// Writes whole seconds. A fraction of a second is an error.
impl ToArgument for Duration {
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
        seconds(*self).map(|seconds| Cow::Owned(seconds.to_string()))
    }
}

/// Writes a number of whole seconds. A fraction of a second is an error, as in an argument.
impl ToJson for Duration {
    fn to_json(&self) -> Result<Json, Unsendable> {
        seconds(*self).map(Json::from)
    }
}

/// Returns the seconds, in the range that [`FromJson`] can read.
fn seconds(duration: Duration) -> Result<i64, Unsendable> {
    match (i64::try_from(duration.as_secs()), duration.subsec_nanos()) {
        (Ok(seconds), 0) => Ok(seconds),
        _ => Err(Unsendable::form("the duration must be in whole seconds")),
    }
}

/// Accepts a non-negative number of whole seconds, or a string that contains the number.
impl FromJson for Duration {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        reader.number("a whole number of seconds", |digits| {
            let seconds = whole(digits)?.try_into().ok()?;
            Some(Self::from_secs(seconds))
        })
    }
}

/// Accepts a string such as `2026-05-02T10:30:04`, in the zone that the call named. `Z` and offsets are rejected,
/// because they name another zone.
impl FromJson for civil::DateTime {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        reader.text(
            "a date and time without a zone, such as 2026-05-02T10:30:04",
            |text| {
                date(text)
                    .filter(|(_, zone)| zone.is_empty())
                    .map(|(date, _)| date)
            },
        )
    }
}

/// Accepts a string such as `03:30:00`.
impl FromJson for civil::Time {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        reader.text("a time of day such as 03:30:00", |text| {
            let rest = after(text, "00:00:00")?;
            fraction(rest)?.is_empty().then(|| text.parse().ok()).flatten()
        })
    }
}

/// Accepts a string with a date and time in UTC, which may end in `Z` or an offset such as `+02:00`. Also accepts whole
/// milliseconds since 1970-01-01.
///
/// The largest [`Timestamp`] is 9999-12-30T22:00:00.999999999Z. A later moment is read as the largest one, because .NET
/// writes `9999-12-31T23:59:59.9999999` for "never".
impl FromJson for Timestamp {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        const WHAT: &str =
            "a date and time in UTC such as 2026-05-02T10:30:04, or milliseconds since 1970-01-01";
        if reader.is_number() {
            return reader.number(WHAT, |digits| match whole(digits)? {
                LAST_MILLISECOND..=DOTNET_LAST_MILLISECOND => Some(Self::MAX),
                earlier => Self::from_millisecond(earlier).ok(),
            });
        }
        reader.text(WHAT, |text| {
            let (date, zone) = date(text)?;
            // The offset is in whole minutes, so no fraction of a second is lost.
            let utc = jiff::tz::Offset::UTC.to_timestamp(date).unwrap_or(Self::MAX);
            let minutes = offset(zone)?;
            if minutes == 0 {
                return Some(utc);
            }
            let since_1970 = date.duration_since(civil::date(1970, 1, 1).at(0, 0, 0, 0));
            let instant = since_1970 - jiff::SignedDuration::from_mins(minutes);
            Some(Self::from_duration(instant).unwrap_or(Self::MAX))
        })
    }
}

/// The last whole millisecond of a [`Timestamp`], and the last one of .NET.
const LAST_MILLISECOND: i64 = 253_402_207_200_999;
const DOTNET_LAST_MILLISECOND: i64 = 253_402_300_799_999;

/// Splits a string into a date and the zone after it.
fn date(text: &str) -> Option<(civil::DateTime, &str)> {
    let zone = fraction(after(text, "0000-00-00T00:00:00")?)?;
    // The form is fixed, so each number is at a known place. A parser takes three times as long.
    let digits = text.as_bytes();
    let number = |places: std::ops::Range<usize>| {
        let digits = digits.get(places).unwrap_or_default().iter();
        digits.fold(0_i16, |number, digit| number * 10 + i16::from(digit - b'0'))
    };
    let small = |start: usize| i8::try_from(number(start..start + 2)).ok();
    let nanoseconds = nanoseconds(text.get(20..text.len() - zone.len()).unwrap_or_default());
    let date = civil::Date::new(number(0..4), small(5)?, small(8)?).ok()?;
    let time = civil::Time::new(small(11)?, small(14)?, small(17)?, nanoseconds).ok()?;
    (date.year() >= 1).then_some((date.to_datetime(time), zone))
}

/// Converts a fraction of a second of at most nine digits to nanoseconds.
fn nanoseconds(digits: &str) -> i32 {
    let digits = digits.bytes().chain(std::iter::repeat(b'0')).take(9);
    digits.fold(0, |number, digit| number * 10 + i32::from(digit - b'0'))
}

/// Returns the rest of the text after this form, in which `0` stands for any digit. Rejects a second of 60, which some
/// parsers read as 59.
fn after<'a>(text: &'a str, form: &str) -> Option<&'a str> {
    let (begin, rest) = text.split_at_checked(form.len())?;
    let fits = begin.bytes().zip(form.bytes()).all(|(byte, like)| match like {
        b'0' => byte.is_ascii_digit(),
        letter => byte.eq_ignore_ascii_case(&letter),
    });
    (fits && !begin.ends_with("60")).then_some(rest)
}

/// Returns the rest of the text after an optional fraction of a second of at most nine digits.
fn fraction(text: &str) -> Option<&str> {
    let Some(digits) = text.strip_prefix('.') else {
        return Some(text);
    };
    let rest = digits.trim_start_matches(|c: char| c.is_ascii_digit());
    (1..=9).contains(&(digits.len() - rest.len())).then_some(rest)
}

/// Returns the offset of a zone in minutes: nothing, `Z`, or an offset such as `+02:00`. The maximum is 14 hours, as in
/// .NET.
fn offset(zone: &str) -> Option<i64> {
    if zone.is_empty() || zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    if !after(digits, "00:00").is_some_and(str::is_empty) {
        return None;
    }
    let (hours, minutes) = digits.split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let total = hours * 60 + minutes;
    (minutes < 60 && total <= 14 * 60).then_some(sign * total)
}

#[cfg(test)]
mod tests;
