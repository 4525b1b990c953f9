//! Tests of errors that end the command without an outcome.

use std::fs;

use mailstore_sim::Edition;

use crate::place::{Place, probe};

#[test]
fn a_wrong_password_is_reported_and_no_file_is_written() {
    let place = Place::new(Edition::Server);
    let outcome = place
        .run(place.command().env("MAILSTORE_PASSWORD", "hunter2"))
        .ends_with(2);
    assert!(
        outcome.text.contains("HTTP 401") && outcome.text.contains("MAILSTORE_PASSWORD"),
        "{}",
        outcome.text
    );
    assert!(!outcome.text.contains("hunter2"));
    assert_eq!((outcome.report.as_str(), outcome.patch.as_str()), ("", ""));
}

#[test]
fn an_unreachable_host_is_reported() {
    let place = Place::new(Edition::Server);
    // No server listens on port 1.
    let outcome = place
        .run(probe("127.0.0.1:1").args(["--edition", "spe"]))
        .ends_with(2);
    assert!(
        outcome.text.contains("no connection to https://127.0.0.1:1"),
        "{}",
        outcome.text
    );
}

#[test]
fn an_address_without_a_known_port_requires_the_edition() {
    let place = Place::new(Edition::Server);
    let outcome = place.run(&mut probe("mailstore.example.com")).ends_with(2);
    assert!(outcome.text.contains("--edition server"), "{}", outcome.text);
}

#[test]
fn files_are_replaced_only_with_force() {
    let place = Place::new(Edition::Server);
    fs::create_dir_all(place.out()).unwrap();
    fs::write(place.out().join("report.md"), "mine").unwrap();
    let outcome = place.probe(&[]).ends_with(2);
    assert!(outcome.text.contains("--force"), "{}", outcome.text);
    assert_eq!(outcome.report, "mine");
    assert!(place.simulator.received().is_empty(), "no request was sent");
    let outcome = place.probe(&["--force"]).ends_with(1);
    assert!(
        outcome.report.starts_with("# Responses of MailStore Server 24"),
        "{}",
        outcome.report
    );
}
