//! `mailstore check`. The first tests are named after mistakes that published checks make.

use mailstore_api::civil::DateTime;
use mailstore_sim::{Edition, Simulator};
use serde_json::json;

use crate::check_scenes::{Scene, hours_ago, profile, run as profile_run};
use crate::support::{Ran, Server, run};

fn check(server: &Server, name: &str, arguments: &[&str]) -> Ran {
    let name = format!("check {name}");
    run(&mut server.command(&server.with_trust(&name, arguments)))
}

fn server(profiles: serde_json::Value, runs: serde_json::Value) -> Server {
    let results = vec![("GetProfiles", profiles), ("GetWorkerResults", runs)];
    Scene::new(Edition::Server, results, &[]).server
}

#[test]
fn the_window_begins_before_its_end_and_is_in_utc() {
    let server = Server::start();
    for (name, function, zone) in [
        ("profiles", "GetWorkerResults", "timeZoneID"),
        ("jobs", "GetJobResults", "timeZoneId"),
    ] {
        assert_eq!(check(&server, name, &[]).code, Some(0));
        let received = server.simulator.received();
        let sent = received.iter().find(|sent| sent.function == function).unwrap();
        assert_eq!(sent.argument(zone), Some("UTC"));
        let date = |name| sent.argument(name).unwrap().parse::<DateTime>().unwrap();
        let now: DateTime = hours_ago(0).parse().unwrap();
        assert!(
            date("fromIncluding") < now && now < date("toExcluding"),
            "{sent:?}"
        );
    }
}

#[test]
fn one_success_does_not_hide_the_failure_of_another_profile() {
    let profiles = json!([profile(1, "Jane", true), profile(2, "Joe", true)]);
    let server = server(
        profiles,
        json!([profile_run(2, "failed", 1), profile_run(1, "succeeded", 1)]),
    );
    let ran = check(&server, "profiles", &[]);
    assert_eq!(ran.code, Some(2));
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert!(
        lines[0].starts_with("CRITICAL - profile 2 Joe: the last run failed 1h"),
        "{ran:?}"
    );
    assert!(lines[0].contains(" ago | total=2 failed=1;;0 "), "{ran:?}");
    // The ids and names of all profiles follow, the worst first.
    assert!(lines[1].starts_with("CRITICAL profile 2 Joe: "), "{ran:?}");
    assert!(lines[2].starts_with("OK profile 1 Jane: "), "{ran:?}");
}

#[test]
fn failures_no_runs_and_old_runs_are_counted_separately() {
    let profiles = json!([
        profile(1, "failed", true),
        profile(2, "never", true),
        profile(3, "old", true),
        profile(4, "off", false)
    ]);
    let runs = json!([
        profile_run(1, "failed", 1),
        profile_run(3, "succeeded", 40),
        profile_run(4, "succeeded", 60)
    ]);
    let ran = check(
        &server(profiles, runs),
        "profiles",
        &["--no-run", "critical", "--completed-with-errors", "ok"],
    );
    assert_eq!(ran.code, Some(2));
    for figure in [
        "total=4",
        "failed=1;;0",
        "no_run=1;;0",
        "too_old=1;;0",
        "disabled=1",
        "completed_with_errors=0",
    ] {
        assert!(ran.stdout.contains(&format!(" {figure} ")), "{figure}: {ran:?}");
    }
    assert!(ran.stdout.contains(" ago (limit 26h 5m)\n"), "{ran:?}");
}

#[test]
fn a_profile_that_another_program_runs_can_be_overdue() {
    let server = server(
        json!([profile(1, "Jane", false)]),
        json!([profile_run(1, "succeeded", 40)]),
    );
    assert_eq!(check(&server, "profiles", &[]).code, Some(0));
    let ran = check(&server, "profiles", &["--scheduled-elsewhere"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    let ran = check(&server, "profiles", &["--scheduled-elsewhere", "--max-age", "2d"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
}

#[test]
fn a_profile_without_a_recent_run_is_searched_for_alone() {
    let profiles = json!([
        profile(1, "Jane", true),
        profile(2, "Joe", true),
        profile(3, "off", false)
    ]);
    let server = server(profiles, json!([profile_run(1, "succeeded", 1)]));
    let ran = check(&server, "profiles", &["--window", "30d"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        ran.stdout.contains("profile 2 Joe: no run in the last 30d\n"),
        "{ran:?}"
    );
    let received = server.simulator.received();
    let searched = received.iter().filter(|sent| sent.function == "GetWorkerResults");
    let ids: Vec<_> = searched.map(|sent| sent.argument("profileID")).collect();
    assert_eq!(ids, [None, Some("2")]);
}

#[test]
fn a_server_that_needs_time_for_the_runs_is_polled() {
    let simulator = Simulator::builder(Edition::Server)
        .step(std::time::Duration::ZERO)
        .long_running("GetWorkerResults")
        .start();
    let server = Server::of(simulator.unwrap());
    let ran = check(&server, "profiles", &[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(server.simulator.polls("GetWorkerResults") > 0);
}

#[test]
fn the_earlier_of_two_dates_is_the_end_of_the_licence() {
    let valid_to = hours_ago(-48);
    let day = valid_to.split('T').next().unwrap();
    let licence = json!({
        "namedUsers": 1, "maxNamedUsers": 10, "expirationDate": "2999-01-01T00:00:00", "validTo": valid_to,
        "supportExpirationDate": "0001-01-01T00:00:00",
    });
    let server = Scene::new(
        Edition::Server,
        vec![("GetLicenseInformation", licence.clone())],
        &[],
    )
    .server;
    let ran = check(&server, "licence", &[]);
    // One day is left if the test began before midnight and the check ran after it.
    let is_expected = [2, 1].iter().any(|days| {
        let expected = format!("CRITICAL - licence: ends in {days} day");
        ran.stdout.starts_with(&expected)
    });
    assert!(is_expected, "{ran:?}");
    assert!(ran.stdout.contains(&format!("({day})")), "{ran:?}");
    assert!(!ran.stdout.contains("support"), "{ran:?}");
    let mut licence = licence;
    licence["validTo"] = "soon".into();
    let server = Scene::new(Edition::Server, vec![("GetLicenseInformation", licence)], &[]).server;
    let ran = check(&server, "licence", &[]);
    assert!(
        ran.stdout.starts_with("UNKNOWN - date: `soon` cannot be read | "),
        "{ran:?}"
    );
}

#[test]
fn only_and_except_choose_by_id_or_name() {
    let profiles = json!([profile(1, "Jane", true), profile(2, "Joe", true)]);
    let server = server(
        profiles,
        json!([profile_run(2, "failed", 1), profile_run(1, "succeeded", 1)]),
    );
    for (arguments, code, text) in [
        (["--only", "jane"], 0, "OK - 1 profile |"),
        (["--only", "2"], 2, "CRITICAL - profile 2 Joe"),
        (["--except", "JOE"], 0, "OK - 1 profile |"),
        (
            ["--only", "Jan"],
            3,
            "UNKNOWN - there is no profile `Jan`\nDid you mean `Jane`?",
        ),
        (["--except", "Jack"], 2, "--except: there is no profile `Jack`"),
    ] {
        let ran = check(&server, "profiles", &arguments);
        assert_eq!(ran.code, Some(code), "{ran:?}");
        assert!(ran.stdout.contains(text), "{ran:?}");
    }
}

#[test]
fn a_check_sends_only_read_only_calls() {
    let (server, spe) = (
        Server::start(),
        Server::of(Simulator::builder(Edition::Spe).start().unwrap()),
    );
    for name in ["profiles", "jobs", "stores", "index"] {
        assert_eq!(check(&server, name, &[]).code, Some(0));
        assert_eq!(check(&spe, name, &["--instance", "demo"]).code, Some(0));
    }
    assert_eq!(check(&server, "licence", &[]).code, Some(0));
    for (server, name) in [(&server, "service"), (&spe, "service"), (&spe, "instances")] {
        assert_eq!(check(server, name, &[]).code, Some(0));
    }
    let ran = check(
        &spe,
        "instances",
        &["--instance", "demo", "--new-mail", "7d", "--sizes"],
    );
    assert!(
        ran.stdout.starts_with("OK - 1 instance, 1 running | total=1 "),
        "{ran:?}"
    );
    let received = [server.simulator.received(), spe.simulator.received()].concat();
    assert!(
        received.iter().all(|call| call.function.starts_with("Get")),
        "{received:?}"
    );
}

#[test]
fn sizes_are_requested_only_if_they_are_wanted() {
    let server = Server::start();
    let size = |arguments: &[&str]| {
        let ran = check(&server, "stores", arguments);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let received = server.simulator.received();
        let sent = received
            .last()
            .unwrap()
            .argument("includeSize")
            .unwrap()
            .to_owned();
        (sent, ran.stdout.contains(" size=3564058003B"))
    };
    assert_eq!(size(&[]), ("false".to_owned(), false));
    assert_eq!(size(&["--sizes"]), ("true".to_owned(), true));
}

#[test]
fn an_instance_that_does_not_answer_does_not_stop_the_others() {
    let spe = Server::of(Simulator::builder(Edition::Spe).start().unwrap());
    let call = spe.with_trust(
        "call",
        &[
            "--yes",
            "SetArchiveAdminEnabled",
            "instanceID=acme",
            "enabled=false",
        ],
    );
    assert_eq!(run(&mut spe.command(&call)).code, Some(0));
    let ran = check(&spe, "instances", &["--new-mail", "7d", "--no-answer", "warning"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stdout.contains("\nWARNING instance acme"), "{ran:?}");
    assert!(ran.stdout.contains("\nOK instance demo"), "{ran:?}");
}

#[test]
fn a_mistake_is_one_line_on_standard_output_and_never_critical() {
    let server = Server::start();
    let spe = Server::of(Simulator::builder(Edition::Spe).start().unwrap());
    for (server, words, text) in [
        (
            &server,
            "profiles --max-age 26",
            "`26` is not a duration: write for example `90m`, `26h` or `7d`",
        ),
        (
            &server,
            "profiles --failed red",
            "invalid value 'red' for '--failed <STATE>'",
        ),
        (&server, "profils", "unrecognized subcommand 'profils'"),
        (
            &server,
            "profiles --instance demo",
            "MailStore Server has no instances",
        ),
        (&server, "instances", "MailStore Server has no instances"),
        (&spe, "profiles", "this check examines one instance"),
        (&spe, "licence", "has no function that returns the licence"),
        (
            &spe,
            "jobs --instance nope",
            "There is no instance with the id nope.",
        ),
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        let ran = check(server, words[0], &words[1..]);
        assert_eq!(ran.code, Some(3), "{ran:?}");
        let first = ran.stdout.lines().next().unwrap();
        assert!(first.starts_with("UNKNOWN - ") && first.contains(text), "{ran:?}");
    }
}

#[test]
fn help_says_that_a_check_only_reads_and_has_examples() {
    for name in [
        "",
        "profiles",
        "jobs",
        "stores",
        "service",
        "licence",
        "index",
        "instances",
    ] {
        let words: Vec<&str> = ["check", name, "--help"]
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect();
        let help = run(&mut crate::support::command(&words)).stdout;
        assert!(
            help.contains("read-only") && help.contains("Examples:\n  mailstore check"),
            "{help}"
        );
    }
}
