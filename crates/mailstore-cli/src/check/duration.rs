//! Durations on the command line, such as `26h` or `7d`, and the time range of runs.

use mailstore_api::jiff::tz::TimeZone;
use mailstore_api::jiff::{SignedDuration, Span, SpanRelativeTo};
use mailstore_api::{TimeRange, Timestamp, civil};

/// Parses a duration with its unit. A day has 24 hours.
pub(crate) fn parse(text: &str) -> Result<SignedDuration, String> {
    let wrong = || format!("`{text}` is not a duration: write for example `90m`, `26h` or `7d`");
    let span: Span = text.parse().map_err(|_| wrong())?;
    let duration = span
        .to_duration(SpanRelativeTo::days_are_24_hours())
        .map_err(|_| wrong())?;
    if duration <= SignedDuration::ZERO || duration > LONGEST {
        return Err(format!("`{text}` must be longer than 0 and at most 3650 days"));
    }
    Ok(duration)
}

const LONGEST: SignedDuration = SignedDuration::from_hours(3650 * 24);

/// The clock of a server may be ahead by this time. Runs that it dates in the future are found, too.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// Returns the time range of all runs since `length` before `now`, in UTC.
///
/// UTC has no daylight saving time and is the same on every server. So the range never ends before it begins, and no
/// hour is missing or counted twice.
pub(crate) fn range(length: SignedDuration, now: Timestamp) -> TimeRange {
    let end = now.checked_add(AHEAD).unwrap_or(now).to_zoned(TimeZone::UTC);
    // A part of an hour counts as an hour.
    let hours = length.saturating_add(AHEAD).as_hours().saturating_add(1);
    TimeRange::last_hours(u32::try_from(hours).unwrap_or(u32::MAX), &end)
}

/// Returns the moment of a date that was requested in UTC.
pub(crate) fn in_utc(date: civil::DateTime) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(date).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        let hours = SignedDuration::from_hours;
        for (text, duration) in [
            ("26h", hours(26)),
            ("7d", hours(168)),
            ("1d 2h", hours(26)),
            ("90m", hours(1) + hours(1) / 2),
        ] {
            assert_eq!(parse(text), Ok(duration), "{text}");
        }
        for text in ["26", "", "0h", "-1h", "1 year ago", "4000d", "1mo", "h"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_window_does_not_begin_after_its_end_just_after_midnight() {
        let range = range(
            SignedDuration::from_hours(1),
            "2026-05-02T00:05:00Z".parse().expect("a moment"),
        );
        assert_eq!(range.from.to_string(), "2026-05-01T22:05:00");
        assert_eq!(range.to.to_string(), "2026-05-03T00:05:01");
    }

    /// In Berlin, the clocks were set forward on March 29 and back on October 25.
    #[test]
    fn a_range_over_a_change_of_the_clocks_is_as_long_as_any_other() {
        for now in ["2026-03-29T10:00:00Z", "2026-10-25T10:00:00Z"] {
            let now: Timestamp = now.parse().expect("a moment");
            let from = range(SignedDuration::from_hours(26), now)
                .from
                .to_zoned(TimeZone::UTC)
                .expect("a moment");
            assert_eq!(
                now.duration_since(from.timestamp()),
                SignedDuration::from_hours(27)
            );
        }
    }
}
