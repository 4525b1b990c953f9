//! When the calls of a job may start, and how often it is run.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use mailstore_api::printable;
use schemars::JsonSchema;
use serde::Deserialize;

use super::problem::Problem;
use crate::call::StartSpan;

/// The longest name of a window. Keys contain it.
const MAX_NAME: usize = 120;

/// When calls may start. A job is run once in each window.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Window {
    /// The name of the window. The same call is made once in a window. `{date}`, `{week}` and `{month}` are those of
    /// the evening on which the window opens, and `{job}` is the name of the job.
    pub name: String,
    /// The time zone of the times, such as `Europe/Berlin`.
    pub time_zone: String,
    /// The time of day from which calls may start, such as `22:00`. `closes` is needed as well.
    pub opens: Option<String>,
    /// The time of day from which calls do not start any more, such as `05:00`. Calls that run are followed to their
    /// end.
    pub closes: Option<String>,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            name: "{date}/{job}".to_owned(),
            time_zone: "UTC".to_owned(),
            opens: None,
            closes: None,
        }
    }
}

/// A window of a certain date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Night {
    /// The name of the window, such as `2026-11-27/verify`. Keys begin with it.
    pub window: String,
    /// When calls may start. Without it, they may start at any time.
    pub starts: Option<StartSpan>,
}

/// The times of day at which a window opens and closes.
type Times = Option<(Time, Time)>;

impl Window {
    /// Returns the first window that has not closed at `now`.
    ///
    /// # Errors
    /// The window is not valid.
    pub fn at(&self, job: &str, now: Timestamp) -> Result<Night, Problem> {
        let (zone, times) = self.read()?;
        let today = now.to_zoned(zone.clone()).date();
        // A window that opened yesterday may still be open.
        for date in [today.yesterday().unwrap_or(today), today] {
            let night = self.night(job, date, &zone, times)?;
            match night.starts {
                None if date == today => return Ok(night),
                Some(starts) if now < starts.closes => return Ok(night),
                _ => {}
            }
        }
        self.night(job, today.tomorrow().unwrap_or(today), &zone, times)
    }

    /// Returns the window that opens on a date.
    ///
    /// # Errors
    /// The window is not valid.
    pub fn on(&self, job: &str, date: Date) -> Result<Night, Problem> {
        let (zone, times) = self.read()?;
        self.night(job, date, &zone, times)
    }

    /// Returns the problems of the fields.
    pub(super) fn problems(&self, job: &str) -> Vec<Problem> {
        self.on(job, jiff::civil::date(2000, 1, 1))
            .err()
            .into_iter()
            .collect()
    }

    fn read(&self) -> Result<(TimeZone, Times), Problem> {
        let zone = TimeZone::get(&self.time_zone).map_err(|_| {
            let message = format!("there is no time zone `{}`", printable(&self.time_zone));
            Problem::new("window.time-zone", message).with_help("Names are like `Europe/Berlin`")
        })?;
        let times = match (&self.opens, &self.closes) {
            (None, None) => None,
            (Some(opens), Some(closes)) => {
                let (opens, closes) = (time("window.opens", opens)?, time("window.closes", closes)?);
                if opens == closes {
                    return Err(Problem::new(
                        "window.closes",
                        "the window opens and closes at the same time",
                    ));
                }
                Some((opens, closes))
            }
            (Some(_), None) => return Err(Problem::new("window.opens", "`closes` is missing")),
            (None, Some(_)) => return Err(Problem::new("window.closes", "`opens` is missing")),
        };
        Ok((zone, times))
    }

    fn night(&self, job: &str, date: Date, zone: &TimeZone, times: Times) -> Result<Night, Problem> {
        let outside = |_| {
            Problem::new(
                "window",
                format!("the window of {date} is outside of the calendar"),
            )
        };
        let starts = match times {
            None => None,
            Some((opens, closes)) => {
                let last = if closes > opens {
                    date
                } else {
                    date.checked_add(1.day()).map_err(outside)?
                };
                let instant = |date: Date, time: Time| {
                    let zoned = date.to_datetime(time).to_zoned(zone.clone());
                    zoned.map(|zoned| zoned.timestamp()).map_err(outside)
                };
                Some(StartSpan {
                    opens: instant(date, opens)?,
                    closes: instant(last, closes)?,
                })
            }
        };
        Ok(Night {
            window: self.named(job, date)?,
            starts,
        })
    }

    /// Returns the name of the window that opens on a date.
    fn named(&self, job: &str, date: Date) -> Result<String, Problem> {
        let wrong = |message: String| Err(Problem::new("window.name", message));
        let week = date.iso_week_date();
        let mut name = String::new();
        let mut rest = self.name.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            name.push_str(before);
            let Some((word, after)) = after.split_once('}') else {
                return wrong("`{` has no `}`".to_owned());
            };
            match word {
                "date" => name.push_str(&date.to_string()),
                "week" => name.push_str(&format!("{}-W{:02}", week.year(), week.week())),
                "month" => name.push_str(&format!("{:04}-{:02}", date.year(), date.month())),
                "job" => name.push_str(job),
                _ => {
                    let known = mailstore_reach::nearest(word, ["date", "week", "month", "job"]);
                    let message = format!("`{{{}}}` is not known", printable(word));
                    return Err(Problem::new("window.name", message).with_suggestion(known));
                }
            }
            rest = after;
        }
        name.push_str(rest);
        let is_valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
        if name.is_empty() || name.len() > MAX_NAME || !name.chars().all(is_valid) {
            return wrong(format!(
                "a name has letters without accents, digits, `-`, `_`, `.` and `/`, and at most {MAX_NAME} of them"
            ));
        }
        Ok(name)
    }
}

fn time(field: &str, text: &str) -> Result<Time, Problem> {
    Time::strptime("%H:%M", text).map_err(|_| {
        let message = format!("`{}` is not a time of day such as `22:00`", printable(text));
        Problem::new(field, message)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn window(text: &str) -> Window {
        toml::from_str(text).unwrap()
    }

    const NIGHT: &str = "time-zone = 'Europe/Berlin'\nopens = '22:00'\ncloses = '05:00'";

    /// Returns the window at a time, with its limits.
    fn at(window: &Window, now: &str) -> (String, String) {
        let night = window.at("verify", now.parse().unwrap()).unwrap();
        let starts = night
            .starts
            .map(|span| format!("{}..{}", span.opens, span.closes))
            .unwrap_or_default();
        (night.window, starts)
    }

    #[test]
    fn the_hours_after_midnight_belong_to_the_evening_before() {
        let window = window(NIGHT);
        for (now, name) in [
            ("2026-11-27T20:59:00Z", "2026-11-27/verify"),
            ("2026-11-27T23:30:00Z", "2026-11-27/verify"),
            ("2026-11-28T03:59:59Z", "2026-11-27/verify"),
            // The window has closed, so the next one is meant.
            ("2026-11-28T04:00:00Z", "2026-11-28/verify"),
        ] {
            assert_eq!(at(&window, now).0, name, "{now}");
        }
        assert_eq!(
            at(&window, "2026-11-27T23:30:00Z").1,
            "2026-11-27T21:00:00Z..2026-11-28T04:00:00Z"
        );
    }

    #[test]
    fn a_night_with_a_change_of_the_clock_is_longer_or_shorter() {
        let window = window(NIGHT);
        assert_eq!(
            at(&window, "2026-03-28T23:00:00Z").1,
            "2026-03-28T21:00:00Z..2026-03-29T03:00:00Z"
        );
        assert_eq!(
            at(&window, "2026-10-24T23:00:00Z").1,
            "2026-10-24T20:00:00Z..2026-10-25T04:00:00Z"
        );
    }

    #[test]
    fn a_window_without_times_changes_at_midnight_of_its_time_zone() {
        let window = window("time-zone = 'Europe/Berlin'");
        assert_eq!(
            at(&window, "2026-11-27T22:59:59Z"),
            ("2026-11-27/verify".into(), "".into())
        );
        assert_eq!(at(&window, "2026-11-27T23:00:00Z").0, "2026-11-28/verify");
    }

    #[test]
    fn a_window_that_closes_on_the_same_day_is_followed_by_the_next_day() {
        let window = window("opens = '08:00'\ncloses = '12:00'");
        assert_eq!(at(&window, "2026-11-27T11:59:00Z").0, "2026-11-27/verify");
        assert_eq!(at(&window, "2026-11-27T12:00:00Z").0, "2026-11-28/verify");
    }

    #[test]
    fn a_name_can_contain_the_week_and_the_month() {
        let window = window("name = 'upgrade/{month}/{week}'");
        assert_eq!(at(&window, "2027-01-01T12:00:00Z").0, "upgrade/2027-01/2026-W53");
    }

    #[test]
    fn wrong_windows_are_problems() {
        for (text, problem) in [
            (
                "time-zone = 'Europe/Berlim'",
                "there is no time zone `Europe/Berlim`",
            ),
            ("opens = '22:00'", "`closes` is missing"),
            ("closes = '22:00'", "`opens` is missing"),
            (
                "opens = '5'\ncloses = '22:00'",
                "`5` is not a time of day such as `22:00`",
            ),
            ("opens = '22:00'\ncloses = '22:00'", "at the same time"),
            ("name = '{dat}'", "`{dat}` is not known. Did you mean `date`?"),
            ("name = '{date'", "`{` has no `}`"),
            ("name = 'a:b'", "a name has"),
            ("name = ''", "a name has"),
        ] {
            let problems = window(text).problems("verify");
            assert!(problems[0].to_string().contains(problem), "{problems:?}");
        }
    }
}
