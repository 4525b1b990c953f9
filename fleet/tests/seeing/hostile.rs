//! Names and texts that try to leave their place.

use mailstore_fleet::call::CallEffect;
use mailstore_fleet::outcome::{Outcome, Results};
use mailstore_fleet::seeing::{SeenWindow, Selection, csv, html, json_of_window, text_of_window};
use mailstore_fleet::trouble::{Stuck, Trouble};

use crate::made_up::{after, begun, call, ended, window};

const TEXTS: [&str; 6] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "\u{202e}gnp.exe",
    "line\nbreak\u{0}\u{1b}[2J\u{9b}31m",
    "'; rm -rf / #",
];

/// A window with each text in every place that an engine or a server fills.
fn hostile() -> SeenWindow {
    let calls: Vec<_> = TEXTS
        .iter()
        .map(|text| call(text, Some(text), CallEffect::Change, 0))
        .collect();
    let known = calls
        .iter()
        .zip(TEXTS)
        .map(|(call, text)| begun(call, ended(Outcome::Failed, Some(text), 1)));
    let known = known.collect();
    let mut window = window(calls, known, Results::new(), true);
    window.trouble = Some(Trouble {
        state: Stuck::Retrying,
        reason: TEXTS.concat(),
    });
    window.window = TEXTS.concat();
    window
}

#[test]
fn no_text_controls_a_terminal() {
    for selection in [Selection::default(), Selection::of_all()] {
        let window = hostile();
        for text in [
            text_of_window(&window, &selection),
            json_of_window(&window, &selection),
            csv(&window),
        ] {
            let is_control = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!text.contains(is_control), "{text:?}");
            assert!(text.contains("break"), "{text}");
        }
    }
}

#[test]
fn a_long_text_of_a_server_is_cut_for_people_and_kept_for_programs() {
    let long = "x".repeat(10_000);
    let one = call("berlin", None, CallEffect::Change, 0);
    let known = vec![begun(&one, ended(Outcome::Failed, Some(&long), 1))];
    let window = window(vec![one], known, Results::new(), true);
    let text = text_of_window(&window, &Selection::default());
    assert!(text.lines().all(|line| line.chars().count() < 400), "{text}");
    assert!(!html(&window, after(0)).contains(&"x".repeat(400)));
    assert!(csv(&window).contains(&long));
    assert!(json_of_window(&window, &Selection::default()).contains(&long));
}

#[test]
fn json_keeps_each_text() {
    let text = json_of_window(&hostile(), &Selection::of_all());
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    for (place, text) in TEXTS.iter().enumerate() {
        assert_eq!(json["calls"][place]["reason"], *text);
    }
}

#[test]
fn no_text_becomes_a_part_of_the_page() {
    let page = html(&hostile(), after(0));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    for text in [
        "<script",
        "<img",
        "onerror=alert(1)>",
        "\u{202e}",
        "\u{0}",
        "\u{1b}",
        "\u{9b}",
    ] {
        assert!(!page.contains(text), "{text:?}");
    }
}

#[test]
fn no_text_becomes_a_formula() {
    let text = csv(&hostile());
    assert!(text.contains("\"'=cmd|"), "{text}");
    assert!(!text.contains("\"=cmd"), "{text}");
}
