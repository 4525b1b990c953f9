//! Tests that the options which a report or an error advises resolve the problem. The options are taken from the text.

use std::collections::BTreeMap;
use std::fs;

use jiff::{Timestamp, ToSpan};
use mailstore_sim::{Edition, Simulator};
use serde_json::{Value, json};

use crate::place::{Outcome, Place};

/// Returns the outcome of each function from the report.
fn outcomes(outcome: &Outcome) -> BTreeMap<String, String> {
    let rows = outcome.report.lines().filter_map(|line| {
        let (function, what) = line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | ")?;
        Some((function.to_owned(), what.to_owned()))
    });
    rows.collect()
}

/// Returns the functions with this outcome, and the option between backquotes that the outcome advises.
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

/// Runs the command again and replaces the report.
fn again(place: &Place, options: &[&str]) -> Outcome {
    place.probe(&[options, &["--force"]].concat()).ends_with(1)
}

#[test]
fn the_advised_option_calls_functions_that_may_run_long() {
    for edition in Edition::ALL {
        let place = Place::new(edition);
        let (functions, option) = advised(&place.probe(&[]).ends_with(1), "it may run long");
        all_are_decoded(&again(&place, &[&option]), &functions);
    }
}

/// A fixed bug: the report advised `--slow` although it was given.
#[test]
fn no_option_is_advised_if_there_is_no_archive() {
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
fn the_advised_option_finds_older_runs() {
    // Simulates a server without runs in the last three days.
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
fn the_advised_option_selects_an_instance_that_is_not_running() {
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
    // Some of the functions may run long, so the report advises another option for them.
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
fn the_advised_option_gives_a_slow_call_more_time() {
    let place = Place::new(Edition::Server);
    let slow = "start/GetUsers delay:1500ms".parse().unwrap();
    place.simulator.inject(slow).unwrap();
    let outcome = place.probe(&["--limit", "1"]).ends_with(1);
    let (functions, option) = advised(&outcome, "timed out");
    assert!(functions.contains(&"GetUsers".to_owned()));
    all_are_decoded(&again(&place, &[&option, "60"]), &functions);
}

#[test]
fn the_advised_command_replaces_an_existing_report() {
    let place = Place::new(Edition::Server);
    fs::create_dir_all(place.out()).unwrap();
    fs::write(place.out().join("report.md"), "mine").unwrap();
    let rejected = place.probe(&[]).ends_with(2);
    assert_eq!(rejected.report, "mine");
    let line = rejected.text.split('`').nth(1).unwrap();
    let words = shlex::split(line).unwrap();
    assert_eq!(words[..3], ["mailstore", "probe", "--server"]);
    let replaced = place
        .run(crate::place::probe(&words[3]).args(&words[4..]))
        .ends_with(1);
    assert!(replaced.report.starts_with("# Responses of MailStore Server 24"));
}
