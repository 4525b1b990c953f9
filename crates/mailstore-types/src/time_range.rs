//! A time range for the functions that list runs.
use wire_values::civil::DateTime;
use wire_values::jiff::{RoundMode, SignedDuration, Unit, Zoned, civil::DateTimeRound};

/// A time range without a zone, for `get_worker_results` and `get_job_results`. `from` is inclusive, `to` is exclusive
/// (documented).
///
/// The call also names the zone of the range. The API returns neither the clock nor the zone of a server. So use
/// [`TimeZone::UTC`](crate::TimeZone::UTC), which has no daylight saving time, and the clock of this machine. Then only
/// a wrong clock changes the result. With another zone, `now` must be in the same zone.
///
/// It is not public whether the start or the end of a run must be in the range. To find every run that ended in a
/// period, begin the range earlier by the length of the longest run, and compare `complete_time`.
///
/// ```
/// use wire_values::{Timestamp, jiff::tz};
/// use mailstore_types::TimeRange;
///
/// let now: Timestamp = "2026-05-02T10:30:04Z".parse()?;
/// let range = TimeRange::last_hours(24, &now.to_zoned(tz::TimeZone::UTC));
/// assert_eq!(range.from.to_string(), "2026-05-01T10:30:04");
/// assert_eq!(range.to.to_string(), "2026-05-02T10:30:05");
/// # Ok::<(), wire_values::jiff::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct TimeRange {
    /// Start of the range, inclusive.
    pub from: DateTime,
    /// End of the range, exclusive.
    pub to: DateTime,
}

impl TimeRange {
    /// Returns the last hours including `now`, in the zone of `now`.
    ///
    /// The hours are elapsed time. If clocks were set back in the range, a time of day can mean two moments. Then the
    /// range is longer by the repeated hour, so no run is missed.
    pub fn last_hours(hours: u32, now: &Zoned) -> Self {
        // Fails only at the limits of the calendar.
        let start = now.checked_sub(SignedDuration::from_hours(hours.into()));
        let start = start.unwrap_or_else(|_| now.clone());
        let in_offset = |moment: &Zoned, of: &Zoned| of.offset().to_datetime(moment.timestamp());
        let end = now.checked_add(SignedDuration::from_secs(1));
        let end = end.unwrap_or_else(|_| now.clone());
        let from = start.datetime().min(in_offset(&start, &end));
        let to = end.datetime().max(in_offset(&end, &start));
        let second = |mode| DateTimeRound::new().smallest(Unit::Second).mode(mode);
        let from = from.round(second(RoundMode::Floor)).unwrap_or(from);
        let to = to.round(second(RoundMode::Floor)).unwrap_or(to);
        Self { from, to }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use wire_values::Timestamp;
    use wire_values::jiff::tz::{AmbiguousOffset, TimeZone};

    use super::*;

    fn berlin() -> TimeZone {
        TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
    }

    fn range(hours: u32, now: &str, zone: TimeZone) -> (String, String) {
        let now: Timestamp = now.parse().unwrap();
        let range = TimeRange::last_hours(hours, &now.to_zoned(zone));
        (range.from.to_string(), range.to.to_string())
    }

    fn texts(from: &str, to: &str) -> (String, String) {
        (from.to_owned(), to.to_owned())
    }

    #[test]
    fn the_last_hours_include_the_current_second() {
        assert_eq!(
            range(24, "2026-05-02T10:30:04.9Z", TimeZone::UTC),
            texts("2026-05-01T10:30:04", "2026-05-02T10:30:05")
        );
        assert_eq!(
            range(2, "2026-05-01T22:30:00Z", berlin()),
            texts("2026-05-01T22:30:00", "2026-05-02T00:30:01")
        );
    }

    #[test]
    fn both_ends_of_a_range_exist_when_clocks_are_set_forward() {
        assert_eq!(
            range(1, "2026-03-29T00:59:59Z", berlin()),
            texts("2026-03-29T00:59:59", "2026-03-29T03:00:00")
        );
    }

    /// In 2026, clocks in Berlin go from 02:00 to 03:00 on March 29, and from 03:00 to 02:00 on October 25.
    #[test]
    fn hours_are_elapsed_time_when_clocks_are_set() {
        assert_eq!(
            range(2, "2026-03-29T01:30:00Z", berlin()),
            texts("2026-03-29T00:30:00", "2026-03-29T03:30:01")
        );
        // 02:10 for the second time: the hour before began at 02:10 too.
        assert_eq!(
            range(1, "2026-10-25T01:10:00Z", berlin()),
            texts("2026-10-25T01:10:00", "2026-10-25T03:10:01")
        );
    }

    proptest! {
        /// A time of day can mean two moments. The range contains all moments with either meaning.
        #[test]
        fn no_moment_of_the_last_hours_is_missed(hours in 1_u32..200, second in 0_i64..31_536_000, back in 0.0..1.0) {
            let now = Timestamp::from_second(1_767_225_600 + second).unwrap();
            let zone = berlin();
            let range = TimeRange::last_hours(hours, &now.to_zoned(zone.clone()));
            let back = SignedDuration::from_secs_f64(f64::from(hours) * 3600.0 * back);
            let moment = now - back;
            let civil = zone.to_datetime(moment);
            prop_assert!(range.from <= civil && civil < range.to);
            for strict in [range.from, range.to] {
                let offset = zone.to_ambiguous_timestamp(strict).offset();
                let gap = matches!(offset, AmbiguousOffset::Gap { .. });
                prop_assert!(!gap);
            }
            let from = zone.to_ambiguous_timestamp(range.from).later().unwrap();
            let to = zone.to_ambiguous_timestamp(range.to).earlier().unwrap();
            prop_assert!(from <= moment && moment < to);
        }
    }
}
