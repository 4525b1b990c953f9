//! The whole text of reports.

use mailstore_operations::report::{csv, html, json};

use crate::made_up::{report, snapshot, year};

#[test]
fn the_page_of_a_year() {
    insta::assert_snapshot!(html(&report(year(), 24)));
}

#[test]
fn the_rows_of_three_months() {
    insta::assert_snapshot!(csv(&report(year(), 3)));
}

#[test]
fn the_json_of_one_month() {
    let all = year()
        .into_iter()
        .filter(|one| ["delta", "server"].contains(&one.instance.as_str()));
    insta::assert_snapshot!(json(&report(all, 1)));
}

#[test]
fn the_page_of_an_empty_history() {
    insta::assert_snapshot!(html(&report([], 24)));
}

#[test]
fn the_page_of_one_snapshot() {
    insta::assert_snapshot!(html(&report([snapshot("acme", "2026-11-01", 5, 6, 7)], 24)));
}
