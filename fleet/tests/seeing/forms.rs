//! The forms of windows: text, JSON, comma-separated values and a page.

use insta::assert_snapshot;
use mailstore_fleet::outcome::Outcome;
use mailstore_fleet::seeing::{
    ListedWindow, Selection, Stage, State, Totals, csv, html, json_of_window, json_of_windows,
    text_of_window, text_of_windows,
};

use crate::made_up::{after, no_worker, running, stopped};

fn listed() -> [ListedWindow; 2] {
    let window = |name: &str, state, totals| ListedWindow {
        window: name.to_owned(),
        state,
        started: Some(after(0)),
        ended: None,
        trouble: None,
        totals,
    };
    let mut running = window("2026-11-28/verify", State::Running, running().totals);
    running.trouble = Some(no_worker());
    [
        running,
        window("2026-11-27/verify", State::Ended, stopped().totals),
    ]
}

#[test]
fn a_window_that_runs_shows_what_a_person_should_look_at() {
    assert_snapshot!(text_of_window(&running(), &Selection::default()));
}

#[test]
fn a_window_that_stopped_names_some_of_the_skipped_calls_and_says_how_to_see_the_others() {
    assert_snapshot!(text_of_window(&stopped(), &Selection::default()));
}

#[test]
fn a_choice_shows_these_calls_only() {
    let all = text_of_window(&running(), &Selection::of_all());
    assert_snapshot!(all);
    let waiting = Selection {
        phase: vec![Stage::Waiting],
        ..Selection::default()
    };
    let calls = waiting.of(&running()).len();
    assert_eq!(calls, 1);
    let skipped = Selection {
        outcome: vec![Outcome::Skipped],
        ..Selection::default()
    };
    let window = stopped();
    assert_eq!(skipped.of(&window).len(), 23);
    let text = text_of_window(&window, &skipped);
    assert!(
        window.calls[2..].iter().all(|call| text.contains(&call.key)),
        "{text}"
    );
}

#[test]
fn the_list_of_windows_has_their_totals() {
    assert_snapshot!(text_of_windows(&listed(), Some(false)));
    assert_eq!(text_of_windows(&[], None), "The engine knows no window.\n");
}

#[test]
fn json_has_each_member_also_if_it_is_empty() {
    assert_snapshot!(json_of_window(&running(), &Selection::of_all()));
    assert_snapshot!(json_of_windows(&listed(), Some(true)));
}

#[test]
fn comma_separated_values_have_a_row_for_each_call() {
    assert_snapshot!(csv(&running()));
}

#[test]
fn the_page_names_totals_servers_and_calls_that_did_not_succeed() {
    let page = html(&running(), after(3600));
    let (_, body) = page.split_once("</style>").unwrap();
    assert_snapshot!(body.replace("><", ">\n<"));
}

#[test]
fn the_page_loads_nothing() {
    let page = html(&running(), after(3600));
    assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
    for text in ["<script", "<link", "<img", "src=", "href=", "@import", "url("] {
        assert!(!page.contains(text), "{text}");
    }
}

#[test]
fn counts_without_calls_are_zero() {
    assert_eq!(Totals::default().named().count(), 0);
}
