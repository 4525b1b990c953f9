//! The schedule of a job.

use std::borrow::Cow;
use std::str::FromStr;

use wire_values::civil::{DateTime, Time, Weekday};
use wire_values::{ToArgument, ToArguments, Unsendable};

use crate::Malformed;

/// The schedule of a job, in the time zone of the job. It is one of five variants, so it is always valid.
///
/// It is sent as the arguments `date`, `interval`, `time`, `dayOfWeek` and `dayOfMonth`. The server accepts only some
/// combinations of them (documented).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Schedule {
    /// Once, at this date and time. A fraction of a second is cut off.
    Once(DateTime),
    /// Repeatedly, with this time from one run to the next.
    Every(Interval),
    /// Every day at this time.
    Daily(Time),
    /// Every week on this day, at this time.
    Weekly(Weekday, Time),
    /// Every month on this day, at this time.
    Monthly(DayOfMonth, Time),
}

impl ToArguments for Schedule {
    fn to_arguments(&self) -> Vec<(&'static str, Result<String, Unsendable>)> {
        let time = |time: &Time| ("time", text(time));
        match self {
            Self::Once(date) => vec![("date", text(date))],
            Self::Every(interval) => vec![("interval", Ok(interval.minutes().to_string()))],
            Self::Daily(at) => vec![time(at)],
            Self::Weekly(day, at) => vec![time(at), ("dayOfWeek", Ok(weekday_name(*day).to_owned()))],
            Self::Monthly(day, at) => vec![time(at), ("dayOfMonth", Ok(day.to_string()))],
        }
    }
}

fn text(value: &impl ToArgument) -> Result<String, Unsendable> {
    value.to_argument().map(Cow::into_owned)
}

/// Returns the server's name of the day, such as `Sunday` (documented).
pub(crate) const fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Sunday => "Sunday",
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
    }
}

/// The time from one run of a job to the next. The variants are the intervals that the server accepts (documented).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Interval {
    /// 5 minutes.
    Minutes5,
    /// 10 minutes.
    Minutes10,
    /// 15 minutes.
    Minutes15,
    /// 20 minutes.
    Minutes20,
    /// 30 minutes.
    Minutes30,
    /// One hour.
    Hours1,
    /// 2 hours.
    Hours2,
    /// 3 hours.
    Hours3,
    /// 4 hours.
    Hours4,
    /// 6 hours.
    Hours6,
    /// 12 hours.
    Hours12,
}

impl Interval {
    /// All intervals, beginning with the shortest.
    pub const ALL: [Self; 11] = [
        Self::Minutes5,
        Self::Minutes10,
        Self::Minutes15,
        Self::Minutes20,
        Self::Minutes30,
        Self::Hours1,
        Self::Hours2,
        Self::Hours3,
        Self::Hours4,
        Self::Hours6,
        Self::Hours12,
    ];

    /// Returns the interval of this many minutes, or `None` if the server does not accept it.
    pub fn from_minutes(minutes: i64) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|interval| interval.minutes() == minutes)
    }

    /// Returns the length in minutes.
    pub const fn minutes(self) -> i64 {
        match self {
            Self::Minutes5 => 5,
            Self::Minutes10 => 10,
            Self::Minutes15 => 15,
            Self::Minutes20 => 20,
            Self::Minutes30 => 30,
            Self::Hours1 => 60,
            Self::Hours2 => 120,
            Self::Hours3 => 180,
            Self::Hours4 => 240,
            Self::Hours6 => 360,
            Self::Hours12 => 720,
        }
    }
}

/// A day of the month: 1 to 31, or the last day (documented).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayOfMonth {
    /// The day with this number. [`DayOfMonth::new`] creates it.
    Day(DayNumber),
    /// The last day of the month.
    Last,
}

/// The number of a day in a month, 1 to 31.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayNumber(u8);

impl DayNumber {
    /// Returns the number.
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl DayOfMonth {
    /// Returns the day with this number, or `None` if it is not from 1 to 31. It is not public what the server does in
    /// a month that is too short.
    pub const fn new(day: u8) -> Option<Self> {
        match day {
            1..=31 => Some(Self::Day(DayNumber(day))),
            _ => None,
        }
    }
}

impl std::fmt::Display for DayOfMonth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(day) => day.0.fmt(f),
            Self::Last => f.write_str("Last"),
        }
    }
}

/// Parses the number of a day, or `Last` in any case.
impl FromStr for DayOfMonth {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.eq_ignore_ascii_case("Last") {
            return Ok(Self::Last);
        }
        let day = text.parse().ok().and_then(Self::new);
        day.ok_or(Malformed {
            what: "day of the month",
            rule: "expected a number from 1 to 31, or `Last`",
        })
    }
}

/// Writes the length in minutes, as it is sent.
impl std::fmt::Display for Interval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.minutes().fmt(f)
    }
}

/// Parses a length in minutes.
impl FromStr for Interval {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let minutes = text.parse().ok().and_then(Self::from_minutes);
        minutes.ok_or(Malformed {
            what: "interval",
            rule: "expected a number of minutes: 5, 10, 15, 20, 30, 60, 120, 180, 240, 360 or 720",
        })
    }
}

#[cfg(test)]
mod tests {
    use wire_values::civil::{date, time};

    use super::*;

    fn sent(schedule: Schedule) -> String {
        let pairs = schedule.to_arguments();
        let pairs: Vec<String> = pairs
            .iter()
            .map(|(name, text)| format!("{name}={}", text.as_deref().unwrap()))
            .collect();
        pairs.join("&")
    }

    #[test]
    fn every_schedule_is_sent_as_a_valid_combination_of_arguments() {
        let at = time(3, 30, 0, 0);
        assert_eq!(
            sent(Schedule::Once(date(2026, 1, 2).at(3, 4, 5, 6))),
            "date=2026-01-02T03:04:05"
        );
        assert_eq!(sent(Schedule::Every(Interval::Hours12)), "interval=720");
        assert_eq!(sent(Schedule::Daily(at)), "time=03:30:00");
        assert_eq!(
            sent(Schedule::Weekly(Weekday::Sunday, at)),
            "time=03:30:00&dayOfWeek=Sunday"
        );
        let day = DayOfMonth::new(15).unwrap();
        assert_eq!(sent(Schedule::Monthly(day, at)), "time=03:30:00&dayOfMonth=15");
        assert_eq!(
            sent(Schedule::Monthly(DayOfMonth::Last, at)),
            "time=03:30:00&dayOfMonth=Last"
        );
    }

    #[test]
    fn a_schedule_in_a_year_before_1_cannot_be_sent() {
        let arguments = Schedule::Once(date(-5, 1, 1).at(0, 0, 0, 0)).to_arguments();
        assert!(arguments[0].1.is_err());
    }

    #[test]
    fn only_valid_intervals_and_days_exist() {
        let minutes: Vec<i64> = Interval::ALL.iter().map(|interval| interval.minutes()).collect();
        assert_eq!(minutes, [5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720]);
        assert_eq!(Interval::from_minutes(260), None);
        assert_eq!((DayOfMonth::new(0), DayOfMonth::new(32)), (None, None));
    }

    #[test]
    fn parsing_accepts_displayed_intervals_and_days() {
        for interval in Interval::ALL {
            assert_eq!(interval.to_string().parse(), Ok(interval));
        }
        let days = (1..=31).filter_map(DayOfMonth::new).chain([DayOfMonth::Last]);
        for day in days {
            assert_eq!(day.to_string().parse(), Ok(day));
        }
        let error = "7".parse::<Interval>().unwrap_err().to_string();
        assert!(error.contains("5, 10, 15"), "{error}");
        let error = "32".parse::<DayOfMonth>().unwrap_err().to_string();
        assert!(error.contains("`Last`"), "{error}");
    }
}
