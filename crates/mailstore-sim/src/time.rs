//! Dates of the protocol. They have no zone and no fraction. A separate argument contains the zone.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// A date and time without a zone.
pub(crate) type Civil = jiff::civil::DateTime;

const SHAPE: &str = "%Y-%m-%dT%H:%M:%S";

/// Parses exactly the form `2026-01-01T00:00:00`. A zone or a fraction is rejected, as by the server. It is inferred
/// that other forms are rejected as well.
pub(crate) fn parse(text: &str) -> Option<Civil> {
    const EXAMPLE: &[u8] = b"0000-00-00T00:00:00";
    let fits = text.len() == EXAMPLE.len()
        && text.bytes().zip(EXAMPLE).all(|(byte, &like)| match like {
            b'0' => byte.is_ascii_digit(),
            other => byte == other,
        });
    if !fits {
        return None;
    }
    Civil::strptime(SHAPE, text).ok()
}

/// Formats an instant in a zone, in the form that [`parse`] parses.
pub(crate) fn in_zone(instant: Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(instant).strftime(SHAPE).to_string()
}

/// Formats an instant in UTC without `Z`, like the `*Utc` keys of jobs.
pub(crate) fn utc(instant: Timestamp) -> String {
    in_zone(instant, &TimeZone::UTC)
}

/// Returns the instant at the given time of day in UTC, the given number of days ago.
pub(crate) fn days_ago(now: Timestamp, days: i64, hour: i8, minute: i8) -> Timestamp {
    let then = now
        .checked_sub(SignedDuration::from_hours(24 * days))
        .unwrap_or(now);
    TimeZone::UTC
        .to_datetime(then)
        .with()
        .hour(hour)
        .minute(minute)
        .second(0)
        .subsec_nanosecond(0)
        .build()
        .ok()
        .and_then(|civil| TimeZone::UTC.to_timestamp(civil).ok())
        .unwrap_or(then)
}

/// Returns the start of the `count`-th last daily run, at the given time of day in UTC. Run 1 started in the last 24
/// hours. It started two minutes ago or earlier, so it has finished: a run whose time of day was less than two minutes
/// ago gets an earlier start.
pub(crate) fn last_but(now: Timestamp, count: i64, hour: i8, minute: i8) -> Timestamp {
    let today = days_ago(now, 0, hour, minute);
    let passed = i64::from(today <= now);
    let start = days_ago(now, count - passed, hour, minute);
    let whole_second = Timestamp::from_second(now.as_second()).unwrap_or(now);
    start.min(later(whole_second, -120))
}

/// Adds seconds to an instant.
pub(crate) fn later(instant: Timestamp, seconds: i64) -> Timestamp {
    instant.checked_add(seconds.seconds()).unwrap_or(instant)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{last_but, later};

    /// Checks every tenth second of a day. This includes the times of day of the runs, the two minutes after each of them,
    /// and midnight.
    #[test]
    fn the_last_run_is_in_the_last_24_hours_at_every_moment_of_a_day() {
        let midnight: Timestamp = "2026-11-29T00:00:00.9Z".parse().unwrap();
        let day = SignedDuration::from_hours(24);
        for (hour, minute) in [(0, 0), (2, 15), (10, 30), (23, 59)] {
            for second in (0..86_400).step_by(10) {
                let now = later(midnight, second);
                let runs: Vec<_> = (1..=7).map(|count| last_but(now, count, hour, minute)).collect();
                let newest = runs[0];
                assert!(
                    now - day <= newest && newest <= later(now, -120),
                    "{newest} at {now}"
                );
                assert!(runs.is_sorted_by(|new, old| *old < *new), "{runs:?} at {now}");
            }
        }
    }
}
