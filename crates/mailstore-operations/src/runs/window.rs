//! The time range in which runs are searched for.

use mailstore_api::jiff::SignedDuration;
use mailstore_api::jiff::tz::TimeZone;
use mailstore_api::{TimeRange, Timestamp, civil};

/// The clock of a server may be ahead by this time. Runs that it dates in the future are found, too.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// Returns the time range of all runs since `length` before `now`, in UTC.
///
/// UTC has no daylight saving time and is the same on every server. So the range never ends before it begins, and no
/// hour is missing or counted twice.
pub fn range(length: SignedDuration, now: Timestamp) -> TimeRange {
    let end = now.checked_add(AHEAD).unwrap_or(now).to_zoned(TimeZone::UTC);
    // A part of an hour counts as an hour.
    let hours = length.saturating_add(AHEAD).as_hours().saturating_add(1);
    TimeRange::last_hours(u32::try_from(hours).unwrap_or(u32::MAX), &end)
}

/// Returns the moment of a date that was requested in UTC.
pub(super) fn in_utc(date: civil::DateTime) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(date).ok()
}

/// Returns the time in which runs are searched for: at least twice the longest time without a run that is allowed. A run
/// that is too old then differs from no run.
pub(super) fn long_enough(window: SignedDuration, longest: SignedDuration) -> SignedDuration {
    window.max(longest.saturating_add(longest))
}

#[cfg(test)]
mod tests {
    use super::*;

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
