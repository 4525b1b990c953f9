//! Hostile text in the responses of a server does not reach the terminal or the files.

use std::fs;

use mailstore_reach::is_printable;
use mailstore_sim::{Edition, Simulator};
use serde_json::json;

use crate::place::Place;

/// Text that clears the screen, sets its title, changes the direction of writing, forges a line, and is invisible.
const HOSTILE: &str = "\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m\u{7f}\u{202e}\u{2067}\r\nFORGED: no differences\r\n\u{200b}\u{2028}";

#[track_caller]
fn assert_harmless(place: &str, text: &str) {
    let found = text
        .chars()
        .find(|c| !matches!(c, '\n' | '\t') && !is_printable(*c));
    assert_eq!(found, None, "{place}: {text:?}");
    assert!(
        !text.lines().any(|line| line.trim_start().starts_with("FORGED")),
        "{place}: {text}"
    );
}

#[test]
fn no_response_puts_hostile_text_into_the_output() {
    for (edition, function, result) in [
        (
            Edition::Server,
            "GetUsers",
            json!([{"userName": HOSTILE, HOSTILE: {HOSTILE: HOSTILE}}]),
        ),
        (
            Edition::Server,
            "GetUserInfo",
            json!({"authentication": HOSTILE, "privileges": [HOSTILE]}),
        ),
        (
            Edition::Server,
            "GetServerInfo",
            json!({"version": HOSTILE, HOSTILE: HOSTILE}),
        ),
        (
            Edition::Server,
            "GetStores",
            json!([{HOSTILE: [1], "requestedState": HOSTILE}]),
        ),
        (Edition::Server, "GetStores", json!(HOSTILE)),
        (
            Edition::Spe,
            "GetInstances",
            json!([{"instanceID": HOSTILE, "status": HOSTILE, HOSTILE: 1}]),
        ),
    ] {
        let builder = Simulator::builder(edition).result(function, move |_| result.clone());
        let place = Place::of(builder);
        let output = place.command().output().unwrap();
        assert!(
            place.simulator.starts(function) > 0,
            "{function} was not called: {output:?}"
        );
        for (name, bytes) in [
            ("stdout", output.stdout),
            ("stderr", output.stderr),
            (
                "report",
                fs::read(place.out().join("report.md")).unwrap_or_default(),
            ),
            (
                "patch",
                fs::read(place.out().join("overlay-patch.toml")).unwrap_or_default(),
            ),
        ] {
            assert_harmless(&format!("{function} {name}"), &String::from_utf8(bytes).unwrap());
        }
    }
}
