//! Tests of the judgement, with a table and without a server. The first tests are named after mistakes that published
//! checks make.

use mailstore_api::Timestamp;
use mailstore_api::jiff::SignedDuration;

use super::judge::{Judgement, Situation, judge, long};
use super::run::{Outcome, Run, Start, Subject, last_of_each};

const NOW: &str = "2026-05-02T00:05:00Z";

fn now() -> Timestamp {
    NOW.parse().expect("a moment")
}

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

/// A run of profile 1 that ended some hours ago.
fn run(word: &str, ago: i64) -> (i64, Run) {
    let run = Run {
        id: 1000 - ago,
        outcome: Outcome::of(word),
        ended: now() - hours(ago),
        archived: None,
    };
    (1, run)
}

/// An automatic profile with these runs.
fn subject(runs: &[(i64, Run)]) -> Subject {
    Subject {
        id: 1,
        name: "Jane".to_owned(),
        start: Start::Automatic,
        limit: Some(hours(26)),
        last: last_of_each(runs.to_vec()).remove(&1),
        running: None,
        not_due: false,
    }
}

#[track_caller]
fn check(subject: &Subject, situation: Situation) {
    let judgement = judged(subject);
    assert_eq!(judgement.situation, situation, "{judgement:?}");
}

fn judged(subject: &Subject) -> Judgement {
    judge(subject, hours(168), |situation| situation, now())
}

#[test]
fn one_success_does_not_hide_later_failures() {
    let runs = [run("succeeded", 20), run("failed", 2), run("failed", 1)];
    check(&subject(&runs), Situation::Failed);
}

#[test]
fn old_failures_do_not_count_after_a_success() {
    let runs = [run("failed", 30), run("succeeded", 1), run("failed", 3)];
    check(&subject(&runs), Situation::Succeeded);
}

#[test]
fn runs_of_other_profiles_do_not_count() {
    let other = |(_, run)| (2, run);
    let runs = [run("failed", 2), other(run("succeeded", 1))];
    check(&subject(&runs), Situation::Failed);
    let runs = [run("succeeded", 2), other(run("failed", 1))];
    check(&subject(&runs), Situation::Succeeded);
}

#[test]
fn no_run_is_not_a_failure_and_not_a_success() {
    check(&subject(&[]), Situation::NoRun);
}

#[test]
fn a_run_before_midnight_is_found_just_after_midnight() {
    check(&subject(&[run("succeeded", 1)]), Situation::Succeeded);
}

#[test]
fn disabled_is_not_overdue() {
    for runs in [vec![], vec![run("succeeded", 100)], vec![run("failed", 100)]] {
        for start in [Start::Disabled, Start::Manual] {
            let subject = Subject {
                start,
                ..subject(&runs)
            };
            check(&subject, Situation::Disabled);
        }
    }
}

#[test]
fn the_severity_of_the_caller_decides_which_of_two_situations_counts() {
    let subject = subject(&[run("completedWithErrors", 27)]);
    for situation in [Situation::CompletedWithErrors, Situation::TooOld] {
        let judgement = judge(&subject, hours(168), |other| other == situation, now());
        assert_eq!(judgement.situation, situation);
    }
}

#[test]
fn each_last_result_has_its_situation() {
    for (word, situation) in [
        ("succeeded", Situation::Succeeded),
        ("completedWithErrors", Situation::CompletedWithErrors),
        ("completedWithWarnings", Situation::CompletedWithWarnings),
        ("failed", Situation::Failed),
        ("disconnected", Situation::Failed),
        ("threadAbort", Situation::Failed),
        ("cancelled", Situation::Cancelled),
        ("evaporated", Situation::OtherResult),
    ] {
        check(&subject(&[run(word, 1)]), situation);
    }
}

#[test]
fn a_run_is_too_old_only_beyond_the_limit() {
    check(&subject(&[run("succeeded", 26)]), Situation::Succeeded);
    check(&subject(&[run("succeeded", 27)]), Situation::TooOld);
    let unlimited = Subject {
        limit: None,
        ..subject(&[run("succeeded", 1000)])
    };
    check(&unlimited, Situation::Succeeded);
}

#[test]
fn the_worst_situation_counts() {
    let old = subject(&[run("completedWithErrors", 27)]);
    check(&old, Situation::TooOld);
    // The failure says more.
    check(&subject(&[run("failed", 27)]), Situation::Failed);
    let running = Subject {
        running: Some(now() - hours(1)),
        ..subject(&[run("failed", 2)])
    };
    check(&running, Situation::Failed);
}

#[test]
fn a_run_that_has_not_ended_is_judged_by_its_beginning() {
    let since = |ago, runs: &[(i64, Run)]| Subject {
        running: Some(now() - hours(ago)),
        ..subject(runs)
    };
    check(&since(1, &[]), Situation::Running);
    check(&since(1, &[run("succeeded", 30)]), Situation::Running);
    check(&since(30, &[]), Situation::TooOld);
}

#[test]
fn a_person_runs_a_profile_and_its_recent_result_counts() {
    let manual = |runs: &[(i64, Run)]| Subject {
        start: Start::Manual,
        ..subject(runs)
    };
    check(&manual(&[run("failed", 1)]), Situation::Failed);
    check(&manual(&[run("succeeded", 1)]), Situation::Succeeded);
}

#[test]
fn nothing_is_missed_before_it_is_due() {
    let new = Subject {
        not_due: true,
        ..subject(&[])
    };
    check(&new, Situation::NotDue);
}

#[test]
fn durations_are_short() {
    for (minutes, text) in [
        (0, "0m"),
        (5, "5m"),
        (60, "1h"),
        (71 * 60 + 1, "71h 1m"),
        (72 * 60, "3d"),
        (73 * 60 + 5, "3d 1h"),
    ] {
        assert_eq!(long(SignedDuration::from_mins(minutes)), text);
    }
}

#[test]
fn a_clock_of_the_server_that_is_ahead_makes_no_negative_age() {
    let judgement = judged(&subject(&[run("succeeded", -3)]));
    assert_eq!(judgement.age, Some(SignedDuration::ZERO));
}
