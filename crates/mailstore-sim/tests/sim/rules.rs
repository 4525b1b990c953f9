//! Tests of the requests to which a rule applies, of counts, and of the string form of rules.

use std::sync::LazyLock;
use std::time::Duration;

use mailstore_sim::{Edition, Error, Fault, Phase, Rule, Simulator};
use proptest::prelude::*;

use crate::client::{Client, start_server};

/// Calls a function repeatedly. Returns the numbers of the calls to which the fault applied.
fn met(server: &Simulator, calls: usize) -> Vec<usize> {
    let mut client = Client::new(server);
    (1..=calls)
        .filter(|_| client.post("/api/invoke/GetServerInfo", "").status == 503)
        .collect()
}

#[test]
fn counts_select_requests() {
    let fault = || Fault::status(503).on(Phase::Start);
    for (rule, expected) in [
        (fault(), vec![1, 2, 3, 4, 5]),
        (fault().times(2), vec![1, 2]),
        (fault().nth(3), vec![3]),
        (fault().nth(2).times(3), vec![2, 3, 4]),
        (fault().times(3).nth(2), vec![2, 3, 4]),
        (fault().from_nth(4), vec![4, 5]),
        (fault().of("GetUsers"), vec![]),
    ] {
        let server = start_server();
        let injection = server.inject(rule).unwrap();
        assert_eq!(met(&server, 5), expected, "{injection:?}");
        assert_eq!(injection.applied(), expected.len());
    }
}

#[test]
fn a_rule_that_is_skipped_stays_due() {
    let server = start_server();
    for code in [500, 502, 504] {
        server
            .inject(Fault::status(code).on(Phase::Start).times(1))
            .unwrap();
    }
    let mut client = Client::new(&server);
    let statuses: Vec<u16> = (0..4)
        .map(|_| client.post("/api/invoke/GetServerInfo", "").status)
        .collect();
    assert_eq!(statuses, [500, 502, 504, 200]);
}

#[test]
fn rules_are_added_counted_and_cleared_while_the_simulator_runs() {
    let builder = Simulator::builder(Edition::Server).fault(Fault::status(503).on(Phase::Start).nth(1));
    let server = builder.start().unwrap();
    assert_eq!(met(&server, 2), [1]);
    let injection = server.inject(Fault::status(503).on(Phase::Start)).unwrap();
    assert_eq!(met(&server, 2), [1, 2]);
    let applied: Vec<usize> = server.faults().iter().map(|fault| fault.applied()).collect();
    assert_eq!(applied, [1, 2]);
    server.clear_faults();
    assert!(server.faults().is_empty());
    assert!(met(&server, 2).is_empty());
    assert_eq!(injection.applied(), 2, "the count can still be read");
}

#[test]
fn tasks_can_be_counted_separately() {
    let server = start_server();
    let rule = Fault::status(503).on(Phase::Poll).each_task().nth(2);
    let injection = server.inject(rule).unwrap();
    let mut client = Client::new(&server);
    for tasks in 1..=3 {
        let first = client.call("VerifyStores", &[("includeIndexes", "true")]);
        let token = first["token"].as_str().unwrap();
        let statuses: Vec<u16> = (0..4).map(|_| client.status(token, 3, 0).status).collect();
        assert_eq!(statuses, [200, 503, 200, 200]);
        assert_eq!(injection.applied(), tasks);
    }
}

#[test]
fn rules_select_polls_and_cancellations_by_function() {
    let server = start_server();
    for phase in [Phase::Poll, Phase::Cancel] {
        server
            .inject(Fault::status(503).on(phase).of("CompactStore"))
            .unwrap();
    }
    let mut client = Client::new(&server);
    for (function, status) in [("CompactStore", 503), ("RepairStoreDatabase", 200)] {
        let first = client.call(function, &[("id", "3")]);
        let token = first["token"].as_str().unwrap();
        assert_eq!(client.status(token, 3, 0).status, status);
        assert_eq!(client.cancel(token).status, status);
    }
    assert_eq!(client.status("none", 3, 0).status, 404);
}

#[test]
fn rules_that_never_apply_are_rejected() {
    let server = start_server();
    for (rule, part) in [
        (
            Fault::refuse().on(Phase::Poll),
            "its fault is only possible with connect",
        ),
        (
            Fault::skip().on(Phase::Start),
            "its fault is only possible with poll",
        ),
        (
            Fault::garble().on(Phase::Connect),
            "its fault is only possible with start",
        ),
        (
            Fault::close().on(Phase::Connect).of("GetUsers"),
            "names a function",
        ),
        (Fault::close().on(Phase::Start).of("getusers"), "case-sensitive"),
        (Fault::close().on(Phase::Start).last(), "only possible with poll"),
        (Fault::close_before().on(Phase::Poll).last(), "not known yet"),
        (
            Fault::cut_line().on(Phase::Poll).last(),
            "neither skipped nor cut",
        ),
        (
            Fault::close().on(Phase::Start).each_task(),
            "only possible with poll and cancel",
        ),
        (Fault::status(200).on(Phase::Start), "between 300 and 599"),
        (Fault::status_word("two words").on(Phase::Start), "one word"),
    ] {
        let said = server.inject(rule.clone()).unwrap_err().to_string();
        assert!(said.contains(part) && said.contains(&rule.to_string()), "{said}");
        let error = Simulator::builder(Edition::Server)
            .fault(rule)
            .start()
            .unwrap_err();
        assert!(matches!(error, Error::Rule { .. }), "{error:?}");
    }
    assert!(server.faults().is_empty());
}

#[test]
fn invalid_rules_are_explained() {
    for (text, part) in [
        ("", "PHASE[/FUNCTION]"),
        ("poll", "PHASE[/FUNCTION]"),
        ("pol reset", "connect, start, poll"),
        ("poll/ reset", "lacks the function"),
        ("poll rest", "reset:BYTES"),
        ("poll reset:many", "reset:BYTES"),
        ("poll status:70000", "status:CODE"),
        ("poll delay:5", "500ms"),
        ("poll delay:-5s", "500ms"),
        ("poll second reset", "#N"),
        ("poll #0 reset", "#N"),
        ("poll x reset", "xN"),
        ("poll #1 #2 reset", "occurs twice"),
        ("poll each each reset", "occurs twice"),
        ("poll #2+ x3 reset", "both"),
        ("start skip", "its fault is only possible with poll"),
        ("poll version:three reset", "version:N"),
    ] {
        let said = text.parse::<Rule>().unwrap_err().to_string();
        assert!(said.contains(part), "{text}: {said}");
    }
}

#[test]
fn rules_are_displayed_in_the_documented_form() {
    for text in [
        "poll/VerifyStore #2 x3 reset:100",
        "connect x5 refuse",
        "connect for:2s refuse",
        "poll #2+ stall",
        "poll each last status-after:503",
        "start/CreateUser #1 close",
        "poll version:7 step:3 cut-pair",
        "cancel delay:1m30s",
        "metadata bom:2",
        "poll #3 restart-keep:500ms",
    ] {
        assert_eq!(text.parse::<Rule>().unwrap().to_string(), text);
    }
    let either: Rule = "  poll   x3 #2 reset ".parse().unwrap();
    assert_eq!(either, Fault::reset().on(Phase::Poll).nth(2).times(3));
}

fn faults() -> impl Strategy<Value = Fault> {
    let time = || (0..100_000_u64, 0..1_000_000_000_u32).prop_map(|(s, n)| Duration::new(s, n));
    prop_oneof![
        proptest::sample::select(vec![
            Fault::stall(),
            Fault::stall_before(),
            Fault::reset(),
            Fault::close(),
            Fault::close_before(),
            Fault::refuse(),
            Fault::garble(),
            Fault::html(),
            Fault::version_missing(),
            Fault::version_text(),
            Fault::skip(),
            Fault::repeat(),
            Fault::stale(),
            Fault::older(),
            Fault::no_hold(),
            Fault::forget(),
            Fault::cut_line(),
            Fault::cut_line_end(),
            Fault::cut_pair(),
        ]),
        time().prop_map(Fault::delay),
        time().prop_map(Fault::restart),
        time().prop_map(Fault::restart_keeping_tasks),
        any::<usize>().prop_map(Fault::stall_after),
        any::<usize>().prop_map(Fault::reset_after),
        any::<usize>().prop_map(Fault::truncate),
        any::<u16>().prop_map(Fault::status),
        any::<u16>().prop_map(Fault::status_after),
        any::<u8>().prop_map(Fault::byte_order_marks),
        "[^\\s]{0,12}".prop_map(Fault::status_word),
    ]
}

fn phases() -> impl Strategy<Value = Phase> {
    use Phase::{Cancel, Connect, Metadata, Poll, Start};
    proptest::sample::select(vec![Connect, Start, Poll, Cancel, Metadata])
}

prop_compose! {
    fn rules()(
        fault in faults(),
        phase in phases(),
        function in proptest::option::of("[A-Za-z_][A-Za-z0-9_.-]{0,20}"),
        version in proptest::option::of(any::<i64>()),
        step in proptest::option::of(1..=usize::MAX),
        (last, each) in any::<(bool, bool)>(),
        nth in proptest::option::of(any::<usize>()),
        from in proptest::option::of(any::<usize>()),
        times in proptest::option::of(any::<usize>()),
        lasting in proptest::option::of(any::<Duration>()),
    ) -> Rule {
        let mut rule = fault.on(phase);
        if let Some(function) = function { rule = rule.of(function); }
        if let Some(version) = version { rule = rule.at_version(version); }
        if let Some(step) = step { rule = rule.at_step(step); }
        if last { rule = rule.last(); }
        if each { rule = rule.each_task(); }
        if let Some(nth) = nth { rule = rule.nth(nth); }
        if let Some(from) = from { rule = rule.from_nth(from); }
        if let Some(times) = times { rule = rule.times(times); }
        if let Some(lasting) = lasting { rule = rule.lasting(lasting); }
        rule
    }
}

static SERVER: LazyLock<Simulator> = LazyLock::new(start_server);

proptest! {
    /// A displayed rule parses as the same rule, and parsing rejects inconsistent rules.
    #[test]
    fn displayed_rules_parse_as_the_same_rule(rule in rules()) {
        match rule.to_string().parse::<Rule>() {
            Ok(read) => prop_assert_eq!(read, rule),
            Err(wrong) => {
                prop_assert!(SERVER.inject(rule).is_err(), "{}", wrong);
            }
        }
    }

    #[test]
    fn parsing_never_panics(text in "(poll|start|\\PC{0,9})(/\\PC{0,5})?( (#|x|for:|step:)?\\PC{0,9}){0,3}") {
        let _ = text.parse::<Rule>();
    }
}
