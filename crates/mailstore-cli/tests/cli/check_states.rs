//! The table of states in `docs/monitoring.md`: every row is produced with a simulator, with the default and with another
//! state.

use std::collections::BTreeSet;

use mailstore_sim::Edition;

use crate::check_scenes::{Scene, scene};
use crate::support::{Ran, Server, command, run};

const DOCUMENT: &str = include_str!("../../docs/monitoring.md");

const CHECKS: [&str; 7] = [
    "profiles",
    "jobs",
    "stores",
    "service",
    "licence",
    "index",
    "instances",
];

/// States that an option can set, with their exit codes.
const STATES: [(&str, i32); 2] = [("ok", 0), ("warning", 1)];

struct Row {
    check: &'static str,
    situation: &'static str,
    option: Option<&'static str>,
    state: &'static str,
    code: i32,
}

fn rows() -> Vec<Row> {
    let (_, table) = DOCUMENT.split_once("| --- | --- | --- | --- | --- |\n").unwrap();
    let lines = table.lines().take_while(|line| line.starts_with('|'));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [check, situation, option, state, code] = cells[..] else {
                panic!("{line}");
            };
            Row {
                check,
                situation,
                option: (!option.is_empty()).then(|| option.trim_matches('`')),
                state,
                code: code.parse().unwrap(),
            }
        })
        .collect()
}

fn check(server: &Server, check: &str, arguments: &[&str]) -> Ran {
    let name = format!("check {check}");
    run(&mut server.command(&server.with_trust(&name, arguments)))
}

#[track_caller]
fn has_state(ran: &Ran, row: &Row, state: &str, code: i32) {
    assert_eq!(ran.code, Some(code), "{} | {}: {ran:?}", row.check, row.situation);
    let start = format!("{} - ", state.to_uppercase());
    assert!(
        ran.stdout.starts_with(&start),
        "{} | {}: {ran:?}",
        row.check,
        row.situation
    );
    assert!(ran.stderr.is_empty(), "{ran:?}");
}

#[test]
fn every_row_of_the_table_has_its_state_and_its_option_sets_another() {
    let rows = rows();
    assert!(rows.len() > 50, "too few rows were found");
    for row in rows.iter().filter(|row| CHECKS.contains(&row.check)) {
        let Scene { server, arguments } = scene(row.check, row.situation)
            .unwrap_or_else(|| panic!("no scene: {} | {}", row.check, row.situation));
        has_state(&check(&server, row.check, &arguments), row, row.state, row.code);
        if let Some(option) = row.option {
            // All states are parsed in the same way, so one other state is enough.
            let (state, code) = if row.code == 0 { STATES[1] } else { STATES[0] };
            let arguments = [&arguments[..], &[option, state]].concat();
            has_state(&check(&server, row.check, &arguments), row, state, code);
        }
    }
}

#[test]
fn rows_of_every_check_are_true_for_every_check() {
    let servers = [Edition::Server, Edition::Spe].map(|edition| Scene::new(edition, vec![], &[]).server);
    let slow = mailstore_sim::Fault::stall().on(mailstore_sim::Phase::Start);
    let stalled = [Edition::Server, Edition::Spe].map(|edition| Scene::new(edition, vec![], &[]).server);
    for server in &stalled {
        server.simulator.inject(slow.clone()).unwrap();
    }
    let mut count = 0;
    for row in rows() {
        let Some(rest) = row.check.strip_prefix("every check") else {
            continue;
        };
        let (servers, arguments): (_, &[&str]) = match row.situation {
            "wrong usage" => (&servers, &["--timeout", "soon"]),
            "the credentials are rejected" => (&servers, &["--user", "eve"]),
            "the server cannot be reached" => (&servers, &["--server", "127.0.0.1:1"]),
            "the server does not answer within `--timeout`" => (&stalled, &["--timeout", "1"]),
            other => panic!("no scene: {other}"),
        };
        let except = rest.strip_prefix(" but ");
        for name in CHECKS.into_iter().filter(|name| Some(*name) != except) {
            let server = &servers[usize::from(name == "instances")];
            let ran = check(server, name, arguments);
            assert_eq!(ran.code, Some(row.code), "{name}: {}: {ran:?}", row.situation);
            assert!(
                ran.stdout.starts_with(&format!("{} - ", row.state)),
                "{name}: {ran:?}"
            );
            count += 1;
        }
    }
    assert_eq!(count, 7 + 7 + 6 + 6);
}

#[test]
fn the_table_lists_every_option_for_a_state() {
    for name in CHECKS {
        let help = run(&mut command(&["check", name, "--help"])).stdout;
        let lines = help.lines().map(str::trim);
        let options: BTreeSet<&str> = lines.filter_map(|line| line.strip_suffix(" <STATE>")).collect();
        let rows = rows();
        let listed = rows
            .iter()
            .filter(|row| row.check == name)
            .filter_map(|row| row.option);
        assert_eq!(options, listed.collect(), "{name}");
    }
}

/// The commands in the examples for monitoring systems, with the simulator in place of the server.
#[test]
fn the_commands_in_the_examples_are_valid() {
    let server = Server::start();
    let mut count = 0;
    for line in DOCUMENT
        .lines()
        .filter(|line| line.contains("mailstore check ") && !line.starts_with('`'))
    {
        let Some((_, rest)) = line
            .split_once("/mailstore check ")
            .or_else(|| line.split_once("* mailstore check "))
        else {
            continue;
        };
        let rest = rest.split(" > ").next().unwrap();
        let rest = rest
            .replace("--server $HOSTADDRESS$:8463 --pin $_HOSTPIN$", "")
            .replace("--profile monitoring", "")
            .replace("$ARG1$", "profiles --max-age 26h")
            .replace("$1", "stores");
        let words = rest.split_whitespace().collect::<Vec<_>>();
        let ran = check(&server, words[0], &words[1..]);
        assert_eq!(ran.code, Some(0), "{line}: {ran:?}");
        count += 1;
    }
    assert_eq!(count, 4, "the document has other examples");
}
