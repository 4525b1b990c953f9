//! Functions that create values for arguments.

use std::time::Duration;

use mailstore_transport::{DateTime, FromJson, SecretString, Time, civil};
use mailstore_types::{NewProfile, Schedule, TimeZone};

use crate::by_hand::{Day, Days, Key, Span, Thing, Type};

/// A string.
pub fn text(name: &'static str) -> &'static str {
    name
}

/// JSON.
pub fn json(name: &'static str) -> &'static str {
    name
}

/// A number.
pub fn number(_: &str) -> i64 {
    1
}

/// A flag.
pub fn flag(_: &str) -> bool {
    true
}

/// A secret.
pub fn secret(name: &str) -> SecretString {
    name.into()
}

/// A date.
pub fn datetime(_: &str) -> DateTime {
    civil::date(2026, 1, 2).into()
}

/// A time of day.
pub fn time(_: &str) -> Time {
    Time::midnight()
}

/// A duration.
pub fn seconds(_: &str) -> Duration {
    Duration::ZERO
}

/// A port.
pub fn port(_: &str) -> u16 {
    443
}

/// An object or a set.
pub fn read<T: FromJson>(name: &str) -> T {
    T::from_json(&name.into()).expect(name)
}

/// An id. The name of the function is a keyword.
pub fn r#type(_: &str) -> Type {
    Type
}

/// An id.
pub fn key(_: &str) -> Key {
    Key
}

/// A day.
pub fn day(_: &str) -> Day {
    Day
}

/// Days.
pub fn days(_: &str) -> Days {
    Days
}

/// A thing.
pub fn thing(_: &str) -> Thing {
    Thing
}

/// Arguments.
pub fn span(_: &str) -> Span {
    Span
}

/// A time zone.
pub fn time_zone(_: &str) -> TimeZone {
    TimeZone::UTC
}

/// A profile.
pub fn new_profile(_: &str) -> NewProfile {
    NewProfile::default()
}

/// A schedule.
pub fn schedule(_: &str) -> Schedule {
    Schedule::Daily(Time::midnight())
}
