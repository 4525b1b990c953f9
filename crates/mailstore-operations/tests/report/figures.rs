//! What the figures of a report mean.

use mailstore_operations::report::{Collected, Customer, Figure, Report, csv, html};
use mailstore_operations::{Contract, Reading, Size};

use crate::made_up::{at, report, snapshot, stopped, year};

fn customer<'a>(report: &'a Report, instance: &str) -> &'a Customer {
    let mut customers = report.customers.iter();
    customers
        .find(|customer| customer.latest.instance == instance)
        .unwrap()
}

fn users(report: &Report, instance: &str) -> Vec<Option<u64>> {
    let months = customer(report, instance).months.iter();
    months.map(|month| month.users.value()).collect()
}

#[test]
fn the_last_snapshot_of_a_month_counts_in_any_order_of_the_file() {
    let days = [
        "2026-10-05",
        "2026-11-30",
        "2026-11-02",
        "2026-10-31",
        "2026-10-30",
    ];
    let all = (1..)
        .zip(days)
        .map(|(users, day)| snapshot("a", day, users, 0, 0));
    assert_eq!(users(&report(all, 12), "a"), [Some(4), Some(2)]);
}

#[test]
fn the_last_snapshot_of_a_day_counts() {
    let first = snapshot("a", "2026-11-02", 1, 0, 0);
    let mut second = snapshot("a", "2026-11-02", 2, 0, 0);
    // Of two lines with the same moment, the later line counts.
    assert_eq!(users(&report([first.clone(), second.clone()], 1), "a"), [Some(2)]);
    second.taken = "2026-11-02T05:00:00Z".parse().unwrap();
    assert_eq!(users(&report([first, second], 1), "a"), [Some(1)]);
}

#[test]
fn a_figure_that_was_not_read_is_missing_and_not_0_and_the_last_one_is_kept_beside_it() {
    let all = [
        snapshot("a", "2026-11-26", 7, 70, 700),
        snapshot("a", "2026-11-27", 8, 80, 800),
        stopped("a", "2026-11-28"),
        snapshot("b", "2026-11-28", 5, 50, 500),
    ];
    let report = report(all, 1);
    let Figure::NotRead { reason, last_read } = &customer(&report, "a").months[0].users else {
        panic!("{report:?}");
    };
    assert!(reason.contains("stopped"), "{reason}");
    let last_read = last_read.as_ref().unwrap();
    assert_eq!(
        (last_read.value, last_read.day.to_string().as_str()),
        (8, "2026-11-27")
    );
    let totals = &report.totals[0];
    assert_eq!(
        (totals.users.sum, totals.users.read, totals.users.missing),
        (5, 1, 1)
    );
    assert_eq!((totals.size.sum, totals.size.missing), (Size::from_mb(500), 1));
    assert_eq!(totals.failing_profiles.missing, 1);
}

#[test]
fn a_figure_of_another_month_is_not_kept_beside_a_missing_one() {
    let all = [
        snapshot("a", "2026-10-31", 7, 70, 700),
        stopped("a", "2026-11-28"),
    ];
    let report = report(all, 12);
    let figure = &customer(&report, "a").months[1].users;
    assert!(
        matches!(figure, Figure::NotRead { last_read: None, .. }),
        "{figure:?}"
    );
}

#[test]
fn an_archive_is_missing_between_its_snapshots_and_absent_before_and_after_them() {
    let report = report(year(), 24);
    let missing = |instance: &str| -> Vec<usize> {
        let months = customer(&report, instance).months.iter().enumerate();
        months
            .filter(|(_, month)| matches!(month.users, Figure::NotRead { .. }))
            .map(|(index, _)| index)
            .collect()
    };
    let absent = |instance: &str| -> usize {
        let months = customer(&report, instance).months.iter();
        months.filter(|month| month.users == Figure::Absent).count()
    };
    assert_eq!((missing("acme"), absent("acme")), (vec![], 0));
    assert_eq!((missing("bolt"), absent("bolt")), (vec![], 5));
    assert_eq!((missing("cargo"), absent("cargo")), (vec![], 5));
    assert_eq!((missing("delta"), absent("delta")), (vec![4, 11], 0));
}

#[test]
fn all_archives_of_a_server_without_snapshots_are_missing() {
    let mut other = snapshot("b", "2026-11-28", 1, 1, 1);
    other.server = "https://other:8474".to_owned();
    let all = [snapshot("a", "2026-10-31", 7, 70, 700), other];
    let report = report(all, 12);
    assert_eq!(users(&report, "a"), [Some(7), None]);
    assert_eq!(report.totals[1].users.missing, 1);
    assert_eq!(report.totals[1].failing_jobs.missing, 1);
}

#[test]
fn only_the_last_months_are_shown_and_archives_without_them_are_left_out() {
    let report = report(year(), 3);
    let months: Vec<String> = report.months.iter().map(ToString::to_string).collect();
    assert_eq!(months, ["2026-09", "2026-10", "2026-11"]);
    let ids: Vec<&str> = report
        .customers
        .iter()
        .map(|customer| customer.latest.instance.as_str())
        .collect();
    assert_eq!(ids, ["acme", "bolt", "delta", "server"]);
}

#[test]
fn the_rows_of_the_text_have_no_0_for_what_was_not_read() {
    let mut half = snapshot("half", "2026-11-28", 3, 1, 1);
    half.messages = Reading::not_read("the server said no");
    let report = report(
        [
            half,
            snapshot("gone", "2026-11-27", 9, 1, 1),
            stopped("gone", "2026-11-28"),
        ],
        1,
    );
    let text = csv(&report);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let column = |row: usize, name: &str| {
        let index = text
            .lines()
            .next()
            .unwrap()
            .split(',')
            .position(|cell| cell.trim_matches('"') == name);
        rows[row][index.unwrap()].to_owned()
    };
    assert_eq!(column(0, "instance"), "gone");
    assert_eq!(column(0, "users"), "not read");
    assert_eq!(
        (column(0, "users_last_read"), column(0, "users_last_read_day")),
        ("9".to_owned(), "2026-11-27".to_owned())
    );
    assert_eq!(
        (column(1, "users"), column(1, "messages")),
        ("3".to_owned(), "not read".to_owned())
    );
    // The Service Provider Edition has no function for licences.
    assert_eq!(column(1, "licence_used"), "");
}

#[test]
fn sums_do_not_overflow() {
    let all = ["a", "b"].map(|id| snapshot(id, "2026-11-28", u64::MAX - 2, i64::MAX, i64::MAX));
    let report = report(all, 1);
    assert_eq!(report.totals[0].users.sum, u64::MAX);
    assert_eq!(report.totals[0].messages.sum, i64::MAX);
    mailstore_operations::report::html(&report);
}

#[test]
fn a_contract_is_the_licence_of_an_instance_in_the_last_month() {
    let mut collected = Collected::default();
    for snapshot in [
        snapshot("a", "2026-10-31", 4, 0, 0),
        snapshot("a", "2026-11-30", 6, 0, 0),
        snapshot("b", "2026-11-30", 1, 0, 0),
        stopped("c", "2026-11-30"),
    ] {
        collected.add(snapshot);
    }
    collected.set_contract(Contract::from_csv("instance,users\na,5\nc,5\n").unwrap());
    let report = Report::new(&collected, 12, at("2026-12-01"));
    let licences = |instance| {
        let months = customer(&report, instance).months.iter();
        months.map(|month| month.licence.clone()).collect::<Vec<_>>()
    };
    let a = licences("a");
    assert_eq!(a[0], Figure::Absent);
    let licence = a[1].value().unwrap();
    assert_eq!((licence.used, licence.allowed), (6, 5));
    assert_eq!(licences("b")[1], Figure::Absent);
    assert!(matches!(licences("c")[1], Figure::NotRead { .. }));
    assert!(html(&report).contains("over the limit"));
}
