//! Options that a report or an error advises are taken from its text and given, and they help.

use std::collections::BTreeMap;
use std::fs;

use jiff::{Timestamp, ToSpan};
use mailstore_sim::{Edition, Simulator};
use serde_json::{Value, json};

use crate::place::{Outcome, Place};

/// What became of each function, as the report says it.
fn outcomes(outcome: &Outcome) -> BTreeMap<String, String> {
    let rows = outcome.report.lines().filter_map(|line| {
        let (function, what) = line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | ")?;
        Some((function.to_owned(), what.to_owned()))
    });
    rows.collect()
}

/// The functions whose outcome is this one, and the option that it advises between backquotes.
#[track_caller]
fn advised(outcome: &Outcome, reason: &str) -> (Vec<String>, String) {
    let rows = outcomes(outcome);
    let found = rows.iter().filter(|(_, what)| what.contains(reason));
    let found: Vec<(&String, &String)> = found.collect();
    let (_, what) = found
        .first()
        .unwrap_or_else(|| panic!("no function has the outcome {reason}: {rows:#?}"));
    let option = what.split('`').nth(1).unwrap().to_owned();
    (
        found.into_iter().map(|(function, _)| function.clone()).collect(),
        option,
    )
}

#[track_caller]
fn all_are_decoded(outcome: &Outcome, functions: &[String]) {
    let rows = outcomes(outcome);
    for function in functions {
        assert!(
            rows[function].starts_with("decoded"),
            "{function}: {}",
            rows[function]
        );
    }
}

/// The second run, which may replace the report of the first.
fn again(place: &Place, options: &[&str]) -> Outcome {
    place.probe(&[options, &["--force"]].concat()).ends_with(1)
}

#[test]
fn functions_that_may_run_long_are_asked_with_the_option_that_the_report_advises() {
    for edition in Edition::ALL {
        let place = Place::new(edition);
        let (functions, option) = advised(&place.probe(&[]).ends_with(1), "it may run long");
        all_are_decoded(&again(&place, &[&option]), &functions);
    }
}

/// The report advised `--slow` even if it was given.
#[test]
fn if_there_is_no_archive_no_option_is_advised() {
    let builder = Simulator::builder(Edition::Server)
        .result("GetUserInfo", |mut info| {
            info["privilegesOnFolders"] = json!([]);
            info
        })
        .result("GetFolderStatistics", |_| json!([]));
    let outcome = Place::of(builder).probe(&["--slow"]).ends_with(1);
    assert_eq!(outcomes(&outcome)["GetMessages"], "skipped: no archive was found");
}

#[test]
fn older_runs_are_found_with_the_option_that_the_report_advises() {
    // As if nothing had run in the last three days.
    let builder = Simulator::builder(Edition::Server).result("GetWorkerResults", |mut runs| {
        let limit = (Timestamp::now() - 72.hours()).to_string();
        if let Value::Array(runs) = &mut runs {
            runs.retain(|run| {
                run["startTime"]
                    .as_str()
                    .is_some_and(|start| start < limit.as_str())
            });
        }
        runs
    });
    let place = Place::of(builder);
    let outcome = place.probe(&["--days", "1"]).ends_with(1);
    let (functions, option) = advised(&outcome, "no run of a profile was found");
    all_are_decoded(&again(&place, &[&option, "7"]), &functions);
}

#[test]
fn an_instance_that_is_not_found_is_named_with_the_option_that_the_report_advises() {
    let builder = Simulator::builder(Edition::Spe).result("GetInstances", |mut instances| {
        for instance in instances.as_array_mut().into_iter().flatten() {
            instance["status"] = json!("stopped");
        }
        instances
    });
    let place = Place::of(builder);
    let outcome = place.probe(&[]).ends_with(1);
    let (functions, option) = advised(&outcome, "no running instance was found");
    let outcome = again(&place, &[&option, "demo"]);
    let rows = outcomes(&outcome);
    // Some of them may run long, which is another reason with another option.
    let skipped = |function: &&String| rows[*function].contains("`--slow`");
    let (slow, asked): (Vec<&String>, Vec<&String>) = functions.iter().partition(skipped);
    assert!(asked.len() > slow.len(), "{rows:#?}");
    for function in asked {
        assert!(
            rows[function].starts_with("decoded"),
            "{function}: {}",
            rows[function]
        );
    }
}

#[test]
fn a_call_that_took_too_long_is_given_more_time_with_the_option_that_the_report_advises() {
    let place = Place::new(Edition::Server);
    let slow = "start/GetUsers delay:1500ms".parse().unwrap();
    place.simulator.inject(slow).unwrap();
    let outcome = place.probe(&["--limit", "1"]).ends_with(1);
    let (functions, option) = advised(&outcome, "timed out");
    assert!(functions.contains(&"GetUsers".to_owned()));
    all_are_decoded(&again(&place, &[&option, "60"]), &functions);
}

#[test]
fn a_report_that_is_there_is_replaced_by_the_command_that_the_error_advises() {
    let place = Place::new(Edition::Server);
    fs::create_dir_all(place.out()).unwrap();
    fs::write(place.out().join("report.md"), "mine").unwrap();
    let refused = place.probe(&[]).ends_with(2);
    assert_eq!(refused.report, "mine");
    let line = refused.text.split('`').nth(1).unwrap();
    let words = shlex::split(line).unwrap();
    assert_eq!(words[..3], ["cargo", "xtask", "probe"]);
    let replaced = place
        .run(crate::place::probe(&words[3]).args(&words[4..]))
        .ends_with(1);
    assert!(replaced.report.starts_with("# Responses of MailStore Server 24"));
}
