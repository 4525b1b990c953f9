//! The schedules of jobs.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use crate::arguments::Arguments;
use crate::envelope::Failure;
use crate::{time, zones};

/// The intervals in minutes that the documentation allows.
const INTERVALS: [i64; 11] = [5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720];

/// A schedule: the given strings and the parsed values.
#[derive(Debug, Clone)]
pub(crate) struct Schedule {
    zone_id: String,
    zone: TimeZone,
    interval: Option<i64>,
    date: Option<(String, Date)>,
    time: Option<(String, Time)>,
    day_of_week: Option<Weekday>,
    day_of_month: Option<Day>,
}

/// A day of every month.
#[derive(Debug, Clone, Copy)]
enum Day {
    Number(i8),
    Last,
}

impl Schedule {
    /// Parses the arguments that CreateJob and SetJobSchedule share.
    ///
    /// It is inferred that either an interval or a time is required, and that both together are rejected.
    pub(crate) fn read(arguments: &Arguments) -> Result<Schedule, Failure> {
        let zone_id = arguments.text("timeZoneId")?;
        let schedule = Schedule {
            zone_id: zone_id.to_owned(),
            zone: zones::find(zone_id)?,
            interval: arguments.optional_number("interval").map(interval).transpose()?,
            date: arguments.optional_text("date").map(date).transpose()?,
            time: arguments.optional_text("time").map(clock).transpose()?,
            day_of_week: arguments.optional_text("dayOfWeek").map(weekday).transpose()?,
            day_of_month: arguments.optional_text("dayOfMonth").map(day).transpose()?,
        };
        match (schedule.interval, &schedule.time) {
            (None, None) => Err(Failure::new("A schedule needs an interval or a time.")),
            (Some(_), Some(_)) => Err(Failure::new(
                "A schedule has either an interval or a time, not both.",
            )),
            _ => Ok(schedule),
        }
    }

    /// Creates a schedule for every day at this time.
    pub(crate) fn daily(zone_id: &str, hour: i8, minute: i8) -> Schedule {
        Schedule {
            zone_id: zone_id.to_owned(),
            zone: zones::find(zone_id).unwrap_or(TimeZone::UTC),
            interval: None,
            date: None,
            time: Some((
                format!("{hour:02}:{minute:02}:00"),
                jiff::civil::time(hour, minute, 0, 0),
            )),
            day_of_week: None,
            day_of_month: None,
        }
    }

    /// Returns the object of GetJobs. Unused keys are absent (observed).
    pub(crate) fn row(&self) -> Value {
        let mut row = json!({ "timeZoneId": self.zone_id });
        if let Some((text, _)) = &self.time {
            row["time"] = json!(text);
        }
        if let Some(minutes) = self.interval {
            row["interval"] = json!(minutes);
        }
        if let Some(day) = self.day_of_week {
            row["dayOfWeek"] = json!(weekday_name(day));
        }
        match self.day_of_month {
            Some(Day::Number(number)) => row["dayOfMonth"] = json!(number.to_string()),
            Some(Day::Last) => row["dayOfMonth"] = json!("Last"),
            None => {}
        }
        if let Some((text, _)) = &self.date {
            row["date"] = json!(text);
        }
        row
    }

    /// Returns the next run after an instant, or `None` for a single date in the past.
    pub(crate) fn next(&self, after: Timestamp) -> Option<Timestamp> {
        if let Some(minutes) = self.interval {
            return Some(time::later(after, minutes * 60));
        }
        let (_, time) = self.time.as_ref()?;
        let at = |date: Date| self.zone.to_timestamp(date.to_datetime(*time)).ok();
        if let Some((_, date)) = &self.date {
            return at(*date).filter(|instant| *instant > after);
        }
        let today = self.zone.to_datetime(after).date();
        // Every day of the month occurs within two months.
        (0..64)
            .filter_map(|days| today.checked_add(i64::from(days).days()).ok())
            .filter(|date| self.day_of_week.is_none_or(|day| date.weekday() == day))
            .filter(|date| match self.day_of_month {
                Some(Day::Number(number)) => date.day() == number,
                Some(Day::Last) => date.day() == date.days_in_month(),
                None => true,
            })
            .filter_map(at)
            .find(|instant| *instant > after)
    }
}

fn interval(minutes: i64) -> Result<i64, Failure> {
    if INTERVALS.contains(&minutes) {
        return Ok(minutes);
    }
    Err(Failure::new(format!(
        "{minutes} minutes is not an interval of jobs; allowed are {INTERVALS:?}."
    )))
}

/// Parses a date with an optional time. The time is ignored.
fn date(text: &str) -> Result<(String, Date), Failure> {
    let date = time::parse(text.trim()).map(|civil| civil.date());
    let date = date
        .or_else(|| text.trim().parse().ok())
        .ok_or_else(Failure::date)?;
    Ok((text.trim().to_owned(), date))
}

/// Parses `03:30` or `03:30:00`. Getters return the latter form.
fn clock(text: &str) -> Result<(String, Time), Failure> {
    let text = text.trim();
    let time = ["%H:%M:%S", "%H:%M"]
        .into_iter()
        .find_map(|shape| Time::strptime(shape, text).ok());
    let time = time.ok_or_else(|| Failure::format("The time of a schedule is written like 03:30."))?;
    Ok((time.strftime("%H:%M:%S").to_string(), time))
}

const WEEK: [(Weekday, &str); 7] = [
    (Weekday::Sunday, "Sunday"),
    (Weekday::Monday, "Monday"),
    (Weekday::Tuesday, "Tuesday"),
    (Weekday::Wednesday, "Wednesday"),
    (Weekday::Thursday, "Thursday"),
    (Weekday::Friday, "Friday"),
    (Weekday::Saturday, "Saturday"),
];

fn weekday(text: &str) -> Result<Weekday, Failure> {
    let day = WEEK
        .into_iter()
        .find(|(_, name)| name.eq_ignore_ascii_case(text.trim()));
    day.map(|(day, _)| day)
        .ok_or_else(|| Failure::new(format!("'{text}' is not a day of the week.")))
}

fn weekday_name(day: Weekday) -> &'static str {
    WEEK.into_iter()
        .find(|(known, _)| *known == day)
        .map_or("Sunday", |(_, name)| name)
}

fn day(text: &str) -> Result<Day, Failure> {
    if text.trim().eq_ignore_ascii_case("last") {
        return Ok(Day::Last);
    }
    let number = text
        .trim()
        .parse()
        .ok()
        .filter(|number| (1..=31).contains(number));
    let number = number.ok_or_else(|| Failure::new("The day of the month is 1 to 31, or Last."))?;
    Ok(Day::Number(number))
}
