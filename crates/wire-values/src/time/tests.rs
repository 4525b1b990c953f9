//! Tests of decoding and writing dates, times and durations.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read<T: FromJson>(value: impl Into<Json>) -> Result<T, Problem> {
    T::from_json(&value.into())
}

fn utc(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn dates_and_times_are_sent_without_a_zone_and_a_fraction() {
    let date = civil::date(2026, 1, 2).at(3, 4, 5, 678_000_000);
    assert_eq!(date.to_argument().unwrap(), "2026-01-02T03:04:05");
    assert_eq!(date.time().to_argument().unwrap(), "03:04:05");
    assert_eq!(date.to_json().unwrap(), "2026-01-02T03:04:05".into());
    assert_eq!(date.time().to_json().unwrap(), "03:04:05".into());
}

#[test]
fn a_year_before_1_is_not_sent() {
    for year in [0, -1, -9999] {
        let date = civil::date(year, 1, 1).at(0, 0, 0, 0);
        assert!(date.to_argument().is_err() && date.to_json().is_err(), "{year}");
    }
    let first = civil::date(1, 1, 1).at(0, 0, 0, 0);
    assert_eq!(first.to_argument().unwrap(), "0001-01-01T00:00:00");
}

#[test]
fn durations_are_whole_seconds_in_arguments_and_in_json() {
    let minutes = Duration::from_secs(300);
    assert_eq!(minutes.to_argument().unwrap(), "300");
    assert_eq!(minutes.to_json().unwrap(), 300.into());
    for odd in [
        Duration::from_millis(1500),
        Duration::from_nanos(1),
        Duration::MAX,
    ] {
        assert!(odd.to_argument().is_err() && odd.to_json().is_err(), "{odd:?}");
    }
    for (written, seconds) in [
        (json!(300), 300),
        (json!(300.0), 300),
        (json!("300"), 300),
        (json!(0), 0),
    ] {
        assert_eq!(read::<Duration>(written).unwrap().as_secs(), seconds);
    }
    for odd in [
        json!(1.5),
        json!(-1),
        json!("-1"),
        json!("00:05:00"),
        json!(true),
        json!(""),
    ] {
        assert!(read::<Duration>(odd.clone()).is_err(), "{odd}");
    }
}

#[test]
fn instants_are_decoded_in_utc_or_with_an_offset() {
    let moment = utc("2026-05-02T10:30:04Z");
    for text in [
        "2026-05-02T10:30:04",
        "2026-05-02T10:30:04Z",
        "2026-05-02t10:30:04z",
        "2026-05-02T10:30:04.0000000Z",
        "2026-05-02T12:30:04+02:00",
        "2026-05-02T05:00:04-05:30",
        "2026-05-03T00:30:04+14:00",
        "2026-05-02T10:30:04+00:00",
    ] {
        assert_eq!(read::<Timestamp>(text).unwrap(), moment, "{text}");
    }
    let live: Timestamp = read(1_777_748_857_223_i64).unwrap();
    assert_eq!(live.as_millisecond(), 1_777_748_857_223);
    let precise: Timestamp = read("2026-05-02T10:30:04.1234567").unwrap();
    assert_eq!(precise, utc("2026-05-02T10:30:04.1234567Z"));
}

#[test]
fn a_zone_is_rejected_where_a_date_without_a_zone_is_expected() {
    assert_eq!(
        read::<civil::DateTime>("2026-05-02T10:30:04.1234567").unwrap(),
        civil::date(2026, 5, 2).at(10, 30, 4, 123_456_700)
    );
    for text in [
        "2026-05-02T10:30:04Z",
        "2026-05-02T10:30:04+02:00",
        "2026-05-02T10:30:04+00:00",
    ] {
        assert!(read::<civil::DateTime>(text).is_err(), "{text}");
    }
}

#[test]
fn other_date_formats_are_rejected() {
    for text in [
        "",
        "2026-05-02",
        "2026-05-02T10:30",
        "2026-05-02 10:30:04",
        "2026-5-2T10:30:04",
        "20260502T103004",
        "02.05.2026 10:30:04",
        "2026-05-02T10:30:04 ",
        " 2026-05-02T10:30:04",
        "2026-05-02T10:30:04ZZ",
        "2026-05-02T10:30:04 Z",
        "2026-05-02T10:30:04+0200",
        "2026-05-02T10:30:04+02",
        "2026-05-02T10:30:04+02:60",
        "2026-05-02T10:30:04+14:01",
        "2026-05-02T10:30:04 UTC",
        "2026-05-02T10:30:04[Europe/Berlin]",
        "2026-05-02T12:30:04+02:00[Europe/Berlin]",
        "2026-05-02T10:30:04W",
        "2026-05-02T10:30:04.",
        "2026-05-02T10:30:04,5",
        "2026-05-02T10:30:04.1234567890",
        "2026-05-02T24:00:00",
        "2026-05-02T10:60:04",
        "2026-06-30T23:59:60",
        "2026-02-29T00:00:00",
        "2026-13-01T00:00:00",
        "0000-01-01T00:00:00",
        "-0001-01-01T00:00:00",
        "+002026-05-02T10:30:04",
        "10000-01-01T00:00:00",
        "\u{0662}026-05-02T10:30:04",
        "/Date(1777748857223)/",
        "1777748857223",
        "NaN",
    ] {
        assert!(read::<civil::DateTime>(text).is_err(), "{text:?}");
        assert!(read::<Timestamp>(text).is_err(), "{text:?}");
    }
    for number in [json!(1.5), json!(i64::MAX), json!(i64::MIN), json!(true)] {
        assert!(read::<Timestamp>(number.clone()).is_err(), "{number}");
    }
}

#[test]
fn the_first_and_the_last_moment_of_dotnet_are_decoded() {
    let last = "9999-12-31T23:59:59.9999999";
    assert_eq!(
        read::<civil::DateTime>(last).unwrap(),
        civil::date(9999, 12, 31).at(23, 59, 59, 999_999_900)
    );
    for text in [
        last,
        "9999-12-31T23:59:59.9999999Z",
        "9999-12-31T23:59:59",
        "9999-12-31T23:59:59-14:00",
    ] {
        assert_eq!(read::<Timestamp>(text).unwrap(), Timestamp::MAX, "{text}");
    }
    assert_eq!(
        read::<Timestamp>(253_402_300_799_999_i64).unwrap(),
        Timestamp::MAX
    );
    assert_eq!(
        read::<Timestamp>("9999-12-30T21:59:59Z").unwrap(),
        utc("9999-12-30T21:59:59Z")
    );
    assert_eq!(
        read::<Timestamp>("9999-12-31T01:00:00+14:00").unwrap(),
        utc("9999-12-30T11:00:00Z")
    );
    assert_eq!(
        read::<Timestamp>("0001-01-01T00:00:00").unwrap(),
        utc("0001-01-01T00:00:00Z")
    );
    assert_eq!(
        read::<Timestamp>("0001-01-01T00:00:00+14:00").unwrap(),
        utc("0001-01-01T00:00:00Z") - jiff::SignedDuration::from_hours(14)
    );
}

#[test]
fn times_of_day_are_decoded_from_one_format() {
    assert_eq!(read::<civil::Time>("03:30:00").unwrap(), civil::time(3, 30, 0, 0));
    assert_eq!(
        read::<civil::Time>("23:59:59.9999999").unwrap(),
        civil::time(23, 59, 59, 999_999_900)
    );
    for text in [
        "03:30",
        "3:30:00",
        "T03:30:00",
        "033000",
        "24:00:00",
        "23:59:60",
        "1.03:30:00",
        "-03:30:00",
        "03:30:00Z",
        "03:30:00+02:00",
        "03:30:00 PM",
        "2026-05-02T03:30:00",
        "half past three",
    ] {
        assert!(read::<civil::Time>(text).is_err(), "{text:?}");
    }
}

#[test]
fn the_problem_of_an_invalid_date_does_not_show_the_value() {
    let problem = read::<civil::DateTime>("hunter2").unwrap_err();
    assert_eq!(
        problem.to_string(),
        "result: expected a date and time without a zone, such as 2026-05-02T10:30:04, found a string"
    );
}

fn dates() -> impl Strategy<Value = civil::DateTime> {
    let day = (1_i16..=9999, 1_i8..=12, 1_i8..=28);
    let time = (0_i8..24, 0_i8..60, 0_i8..60, 0_i32..10_000_000);
    (day, time).prop_map(|((y, mo, d), (h, mi, s, ticks))| civil::date(y, mo, d).at(h, mi, s, ticks * 100))
}

proptest! {
    #[test]
    fn dates_are_decoded_exactly(date in dates(), minutes in -840_i64..=840) {
        let text = date.strftime("%Y-%m-%dT%H:%M:%S.%9f").to_string();
        prop_assert_eq!(read::<civil::DateTime>(&*text).unwrap(), date);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        let sign = if minutes < 0 { '-' } else { '+' };
        let size = minutes.abs();
        let zoned = format!("{text}{sign}{:02}:{:02}", size / 60, size % 60);
        let there = read::<Timestamp>(text).unwrap();
        let expected = there - jiff::SignedDuration::from_mins(minutes);
        prop_assert_eq!(read::<Timestamp>(&*zoned).unwrap(), expected);
        prop_assert!(read::<civil::DateTime>(&*zoned).is_err());
    }

    #[test]
    fn a_sent_value_is_decoded_to_the_same_value(date in dates()) {
        let whole = date.with().subsec_nanosecond(0).build().unwrap();
        prop_assert_eq!(civil::DateTime::from_json(&date.to_json().unwrap()).unwrap(), whole);
        prop_assert_eq!(civil::Time::from_json(&date.time().to_json().unwrap()).unwrap(), whole.time());
    }

    #[test]
    fn no_string_causes_a_panic(text in "[-+0-9TZtz:. é]{0,32}") {
        let _ = (read::<Timestamp>(&*text), read::<civil::DateTime>(&*text), read::<civil::Time>(&*text));
    }
}
