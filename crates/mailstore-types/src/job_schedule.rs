//! The schedule of a job in a list of jobs.

use wire_values::civil::Weekday;
use wire_values::{
    FromJson, Json, Object, Problem, Reader, Record, ToArguments, ToJson, Unknown, Unsendable,
};

use crate::schedule::weekday_name;
use crate::{DayOfMonth, Interval, Schedule, TimeZone};

/// The schedule of a job, as `get_jobs` lists it (observed in 25.3 for daily jobs, inferred for the others).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct JobSchedule {
    /// The time zone of the schedule.
    pub time_zone: TimeZone,
    /// The schedule, which can be passed to `set_job_schedule`. `None` if its format is unknown: its parts are then in
    /// [`unknown`](Self::unknown).
    pub schedule: Option<Schedule>,
    unknown: Unknown,
}

impl JobSchedule {
    /// Returns the members of the response for which this version has no field.
    pub fn unknown(&self) -> &Unknown {
        &self.unknown
    }
}

const TIME_ZONE: &str = "timeZoneId";
const PARTS: [&str; 5] = ["date", "interval", "time", "dayOfWeek", "dayOfMonth"];

impl FromJson for JobSchedule {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        let mut time_zone = None;
        let mut record = Record::new(reader);
        while let Some(name) = record.next_name()? {
            match &*name {
                TIME_ZONE => record.read(TIME_ZONE, &mut time_zone)?,
                _ => record.keep(name.into_owned())?,
            }
        }
        record.fill(TIME_ZONE, &mut time_zone);
        let mut unknown = record.rest(&[TIME_ZONE])?;
        let time_zone = time_zone.ok_or_else(Record::incomplete)?;
        let schedule = read(&unknown);
        if schedule.is_some() {
            PARTS.iter().for_each(|part| _ = unknown.remove(part));
        }
        Ok(Self {
            time_zone,
            schedule,
            unknown,
        })
    }
}

/// Writes the format of `get_jobs`.
impl ToJson for JobSchedule {
    fn to_json(&self) -> Result<Json, Unsendable> {
        self.write(Object::with(&self.unknown))
    }

    fn to_public_json(&self) -> Result<Json, Unsendable> {
        self.write(Object::public())
    }
}

wire_values::serialize!(JobSchedule);

impl JobSchedule {
    fn write(&self, object: Object) -> Result<Json, Unsendable> {
        let mut object = object.put(TIME_ZONE, &self.time_zone);
        let parts = self.schedule.iter().flat_map(ToArguments::to_arguments);
        for (name, text) in parts {
            object = match (name, self.schedule) {
                ("interval", Some(Schedule::Every(interval))) => object.put(name, &interval.minutes()),
                _ => object.put(name, &text?),
            };
        }
        object.into_json()
    }
}

fn read(members: &Unknown) -> Option<Schedule> {
    let part = |name| members.get(name).filter(|value| !value.is_null()).cloned();
    match PARTS.map(part) {
        [Some(date), None, None, None, None] => FromJson::from_json(&date).ok().map(Schedule::Once),
        [None, Some(minutes), None, None, None] => {
            Interval::from_minutes(i64::from_json(&minutes).ok()?).map(Schedule::Every)
        }
        [None, None, Some(time), None, None] => FromJson::from_json(&time).ok().map(Schedule::Daily),
        [None, None, Some(time), Some(day), None] => {
            Some(Schedule::Weekly(weekday(&day)?, FromJson::from_json(&time).ok()?))
        }
        [None, None, Some(time), None, Some(day)] => Some(Schedule::Monthly(
            day_of_month(&day)?,
            FromJson::from_json(&time).ok()?,
        )),
        _ => None,
    }
}

fn weekday(json: &Json) -> Option<Weekday> {
    let name = String::from_json(json).ok()?;
    let mut days = Weekday::Sunday.cycle_forward().take(7);
    days.find(|day| weekday_name(*day).eq_ignore_ascii_case(&name))
}

/// Accepts a number or a string, because it is not public which of them the server sends.
fn day_of_month(json: &Json) -> Option<DayOfMonth> {
    let word = String::from_json(json);
    if word.is_ok_and(|word| word.eq_ignore_ascii_case("Last")) {
        return Some(DayOfMonth::Last);
    }
    DayOfMonth::new(i64::from_json(json).ok()?.try_into().ok()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;
    use wire_values::ToArguments;
    use wire_values::civil::{date, time};

    use super::*;

    #[test]
    fn an_observed_daily_job_is_decoded() {
        let sample = json!({"timeZoneId": "Pacific Standard Time", "time": "03:30:00"});
        let read = JobSchedule::from_json(&sample.into()).unwrap();
        assert_eq!(read.schedule, Some(Schedule::Daily(time(3, 30, 0, 0))));
        assert_eq!(read.time_zone.as_str(), "Pacific Standard Time");
        assert!(read.unknown().is_empty());
    }

    #[test]
    fn a_schedule_of_unknown_format_is_kept() {
        for parts in [
            json!({"interval": 45}),
            json!({"time": "03:30:00", "interval": 5}),
            json!({"time": "half past three"}),
            json!({"time": "03:30:00", "dayOfWeek": "Someday"}),
            json!({"cron": "* * * * *"}),
            json!({}),
        ] {
            let mut sample = parts.clone();
            sample["timeZoneId"] = "$Local".into();
            let read = JobSchedule::from_json(&sample.into()).unwrap();
            assert_eq!(read.schedule, None, "{parts}");
            let kept: std::collections::BTreeMap<_, _> = read.unknown().iter().collect();
            assert_eq!(serde_json::to_value(kept).unwrap(), parts);
        }
    }

    fn schedules() -> impl Strategy<Value = Schedule> {
        let at = (0..24_i8, 0..60_i8, 0..60_i8).prop_map(|(h, m, s)| time(h, m, s, 0));
        let weekday = (0..7_usize).prop_map(|n| Weekday::Sunday.cycle_forward().nth(n).unwrap());
        let day = prop_oneof![
            (1..=31_u8).prop_map(|day| DayOfMonth::new(day).unwrap()),
            Just(DayOfMonth::Last)
        ];
        prop_oneof![
            (2000..2100_i16, 1..=12_i8, 1..=28_i8, at.clone())
                .prop_map(|(y, m, d, at)| Schedule::Once(date(y, m, d).to_datetime(at))),
            (0..11_usize).prop_map(|n| Schedule::Every(Interval::ALL[n])),
            at.clone().prop_map(Schedule::Daily),
            (weekday, at.clone()).prop_map(|(day, at)| Schedule::Weekly(day, at)),
            (day, at).prop_map(|(day, at)| Schedule::Monthly(day, at)),
        ]
    }

    proptest! {
        #[test]
        fn a_sent_schedule_is_decoded_to_the_same_schedule(schedule in schedules()) {
            let mut listed = json!({"timeZoneId": "$Local"});
            for (name, text) in schedule.to_arguments() {
                let text = text.unwrap();
                listed[name] = match name {
                    "interval" => text.parse::<i64>().unwrap().into(),
                    _ => text.into(),
                };
            }
            let read = JobSchedule::from_json(&listed.clone().into()).unwrap();
            prop_assert_eq!(read.to_json().unwrap(), listed.into());
            prop_assert_eq!(read.schedule, Some(schedule));
        }
    }
}
