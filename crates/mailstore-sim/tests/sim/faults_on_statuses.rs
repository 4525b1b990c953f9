//! Tests of faults that affect the statuses of long calls.

use std::time::{Duration, Instant};

use mailstore_sim::{Edition, Fault, Phase, Rule, Simulator};
use serde_json::Value;

use crate::client::Client;

const NEVER: Duration = Duration::from_secs(3600);

/// Starts MailStore Server. Its long calls have ten status changes, one per poll.
fn start_server() -> Simulator {
    Simulator::builder(Edition::Server)
        .step(Duration::ZERO)
        .steps(10)
        .start()
        .unwrap()
}

/// A long call, with the version and the log that its caller has.
struct Call {
    client: Client,
    token: String,
    version: i64,
    log: String,
}

impl Call {
    fn start(server: &Simulator) -> Call {
        let mut client = Client::new(server);
        let first = client.call("VerifyStore", &[("id", "3"), ("includeIndexes", "true")]);
        Call {
            client,
            token: first["token"].as_str().unwrap().to_owned(),
            version: 3,
            log: first["logOutput"].as_str().unwrap().to_owned(),
        }
    }

    /// Polls once without recording the news.
    fn poll(&mut self) -> Value {
        self.client.status(&self.token, self.version, 60_000).json()
    }

    /// Polls once and records the news, as a correct client does.
    fn learn(&mut self) -> Value {
        let status = self.poll();
        let version = status["statusVersion"].as_i64().unwrap();
        if version > self.version {
            self.version = version;
            self.log += status["logOutput"].as_str().unwrap_or_default();
        }
        status
    }

    /// Polls to the end and compares the log with the complete log.
    fn finish(&mut self, server: &Simulator) {
        while self.learn()["statusCode"] == "running" {}
        let truth = server.tasks().pop().unwrap();
        assert_eq!(truth.status, "succeeded");
        assert_eq!(truth.log, self.log);
        assert_eq!(truth.version, self.version);
    }
}

fn once(fault: Fault) -> Rule {
    fault.on(Phase::Poll).times(1)
}

#[test]
fn long_calls_have_the_configured_number_of_steps() {
    for steps in [1, 2, 20, 100] {
        let builder = Simulator::builder(Edition::Server)
            .step(Duration::ZERO)
            .steps(steps);
        let server = builder.long_running("GetUsers").start().unwrap();
        for function in ["VerifyStore", "CompactMasterDatabase", "GetUsers"] {
            let arguments = [("id", "3"), ("includeIndexes", "true")];
            let arguments = if function == "VerifyStore" {
                &arguments[..]
            } else {
                &[]
            };
            let (log, last) = Client::new(&server).finish(function, arguments);
            assert_eq!(last["statusCode"], "succeeded");
            let task = server.tasks().pop().unwrap();
            assert_eq!((task.function.as_str(), task.polls), (function, steps));
            assert_eq!(task.log, log);
            assert_eq!(server.polls(function), steps);
        }
    }
}

#[test]
fn a_skipped_version_is_reported_with_the_next() {
    let server = start_server();
    let mut plain = Call::start(&server);
    let versions: Vec<i64> = (0..3)
        .map(|_| plain.learn()["statusVersion"].as_i64().unwrap())
        .collect();
    let mut call = Call::start(&server);
    call.learn();
    server.inject(Fault::skip().on(Phase::Poll).at_step(3)).unwrap();
    assert_eq!(call.learn()["statusVersion"], versions[2]);
    assert_eq!(
        call.log, plain.log,
        "the status contains the log of both versions"
    );
    call.finish(&server);
}

#[test]
fn a_poll_waits_for_the_version_after_a_skipped_one() {
    let builder = Simulator::builder(Edition::Server)
        .step(Duration::from_millis(20))
        .steps(4);
    let server = builder
        .fault(Fault::skip().on(Phase::Poll).at_step(2))
        .start()
        .unwrap();
    let mut call = Call::start(&server);
    let status = call.learn();
    assert!(status["statusVersion"].as_i64().unwrap() > 4, "{status}");
    call.finish(&server);
    // A poll that has no time to wait repeats the known status.
    let server = Simulator::builder(Edition::Server).step(NEVER).start().unwrap();
    server.inject(Fault::skip().on(Phase::Poll)).unwrap();
    let mut call = Call::start(&server);
    assert_eq!(call.client.status(&call.token, 3, 10).json()["statusVersion"], 3);
}

#[test]
fn repeated_stale_and_older_responses_lose_no_log() {
    let server = start_server();
    let mut call = Call::start(&server);
    let first = call.log.clone();
    let repeat = server.inject(once(Fault::repeat())).unwrap();
    let status = call.learn();
    assert_eq!(
        (&status["statusVersion"], &status["logOutput"]),
        (&Value::from(3), &Value::Null)
    );

    server.inject(once(Fault::stale())).unwrap();
    let status = call.learn();
    assert_eq!(status["statusVersion"], 3);
    assert_eq!(
        status["logOutput"], first,
        "the log of the known version is repeated"
    );

    let older = server.inject(once(Fault::older())).unwrap();
    let second = call.learn();
    assert_eq!(older.applied(), 0, "there is no older version yet");
    let third = call.poll();
    assert_eq!(older.applied(), 1);
    assert!(third["statusVersion"].as_i64() < second["statusVersion"].as_i64());
    let old = third["logOutput"].as_str().unwrap();
    assert!(call.log.contains(old), "{old:?} was reported before");
    call.finish(&server);
    assert_eq!(repeat.applied(), 1);
}

#[test]
fn a_repeat_can_hide_the_last_status() {
    let server = start_server();
    let injection = server
        .inject(Fault::repeat().on(Phase::Poll).last().times(2))
        .unwrap();
    let mut call = Call::start(&server);
    call.finish(&server);
    assert_eq!(injection.applied(), 2);
    assert_eq!(server.polls("VerifyStore"), 12);
}

#[test]
fn a_lost_last_response_can_be_requested_again() {
    for fault in [
        Fault::close(),
        Fault::reset(),
        Fault::status_after(504),
        Fault::truncate(30),
    ] {
        let server = start_server();
        let injection = server.inject(fault.on(Phase::Poll).last().times(1)).unwrap();
        let mut call = Call::start(&server);
        for _ in 0..9 {
            assert_eq!(call.learn()["statusCode"], "running");
        }
        let poll = format!(
            "token={}&lastKnownStatusVersion={}&millisecondsTimeout=0",
            call.token, call.version
        );
        if injection.rule().fault() == &Fault::status_after(504) {
            assert_eq!(call.client.post("/api/get-status", &poll).status, 504);
        } else {
            let _ = call.client.last_words("/api/get-status", &poll);
        }
        assert_eq!(injection.applied(), 1, "{injection:?}");
        call.client = Client::new(&server);
        call.finish(&server);
    }
}

#[test]
fn polls_without_long_polling_return_immediately() {
    let server = Simulator::builder(Edition::Server).step(NEVER).start().unwrap();
    let injection = server
        .inject(Fault::no_hold().on(Phase::Poll).of("VerifyStore"))
        .unwrap();
    let mut call = Call::start(&server);
    let before = Instant::now();
    for polls in 1..=20 {
        let status = call.poll();
        assert_eq!(
            (&status["statusVersion"], &status["logOutput"]),
            (&Value::from(3), &Value::Null)
        );
        assert_eq!(injection.applied(), polls);
    }
    assert!(
        before.elapsed() < Duration::from_secs(60),
        "all polls together return before the timeout of one"
    );
}

#[test]
fn a_forgotten_token_is_not_found() {
    for phase in [Phase::Start, Phase::Poll, Phase::Cancel] {
        let server = start_server();
        server.inject(Fault::forget().on(phase).times(1)).unwrap();
        let mut call = Call::start(&server);
        match phase {
            Phase::Poll => assert_eq!(call.client.status(&call.token, 3, 0).status, 404),
            Phase::Cancel => assert_eq!(call.client.cancel(&call.token).status, 404),
            _ => {}
        }
        assert_eq!(call.client.status(&call.token, 3, 0).status, 404, "{phase}");
        assert_eq!(call.client.cancel(&call.token).status, 404, "{phase}");
        let task = server.tasks().remove(0);
        assert!(task.forgotten && task.status == "running", "{task:?}");
    }
}

#[test]
fn faults_change_the_members_of_the_envelope() {
    let server = start_server();
    let mut call = Call::start(&server);
    server.inject(once(Fault::status_word("paused"))).unwrap();
    assert_eq!(call.poll()["statusCode"], "paused");
    server.inject(once(Fault::version_missing())).unwrap();
    assert_eq!(call.poll().get("statusVersion"), None);
    server.inject(once(Fault::version_text())).unwrap();
    let text = call.poll()["statusVersion"].as_str().unwrap().to_owned();
    assert!(text.parse::<i64>().unwrap() > 3);
    call.finish(&server);
    server
        .inject(Fault::status_word("paused").on(Phase::Start))
        .unwrap();
    assert_eq!(call.client.call("GetUsers", &[])["statusCode"], "paused");
    server.inject(Fault::version_missing().on(Phase::Cancel)).unwrap();
    assert_eq!(call.client.cancel(&call.token).json().get("statusVersion"), None);
}

#[test]
fn logs_cut_inside_lines_and_line_ends() {
    for (fault, ends) in [(Fault::cut_line(), ""), (Fault::cut_line_end(), "\r")] {
        let server = start_server();
        let starts = server.inject(fault.clone().on(Phase::Start)).unwrap();
        let polls = server.inject(fault.on(Phase::Poll)).unwrap();
        let mut call = Call::start(&server);
        assert!(
            call.log.ends_with(ends) && !call.log.ends_with('\n'),
            "{:?}",
            call.log
        );
        while call.learn()["statusCode"] == "running" {
            assert!(
                call.log.ends_with(ends) && !call.log.ends_with('\n'),
                "{:?}",
                call.log
            );
        }
        call.finish(&server);
        assert_eq!(
            (starts.applied(), polls.applied()),
            (1, 9),
            "every status except the last is cut"
        );
    }
}

#[test]
fn repeated_requests_return_the_same_cut() {
    let server = start_server();
    server.inject(Fault::cut_line().on(Phase::Poll).nth(1)).unwrap();
    let mut call = Call::start(&server);
    let cut = call.poll()["logOutput"].as_str().unwrap().to_owned();
    // A request with the old version returns everything since then at once.
    let both = call.poll()["logOutput"].as_str().unwrap().to_owned();
    assert!(
        both.starts_with(&cut) && both.ends_with("\r\n") && !cut.ends_with("\r\n"),
        "{cut:?} {both:?}"
    );
    call.finish(&server);
}

#[test]
fn logs_cut_between_the_halves_of_a_character() {
    let server = start_server();
    server
        .inject(Fault::cut_pair().on(Phase::Poll).at_step(2))
        .unwrap();
    let mut call = Call::start(&server);
    let mut pieces = Vec::new();
    for _ in 0..2 {
        let answer = call.client.status(&call.token, call.version, 0);
        let text = answer.text().to_owned();
        let start = text.find(r#""logOutput":""#).unwrap() + r#""logOutput":""#.len();
        let end = text[start..].find("\"}").unwrap();
        pieces.push(text[start..start + end].to_owned());
        // JSON libraries may reject half a character, so the version is parsed manually.
        let version = text
            .split("\"statusVersion\":")
            .nth(1)
            .unwrap()
            .split(',')
            .next()
            .unwrap();
        call.version = version.parse().unwrap();
    }
    assert!(pieces[0].ends_with(r"\ud83d"), "{pieces:?}");
    assert!(pieces[1].starts_with(r"\udce7"), "{pieces:?}");
    let joined: String = serde_json::from_str(&format!("\"{}\"", pieces.concat())).unwrap();
    call.log += &joined;
    call.finish(&server);
    assert!(call.log.contains('\u{1F4E7}'));
}

#[test]
fn any_order_of_faults_loses_no_log() {
    let words = [
        "poll #3 x2 repeat",
        "poll #4 stale",
        "poll #5 older",
        "poll step:4 skip",
        "poll #6+ cut-line-end",
        "poll #2 cut-line",
        "poll #7 status:503",
        "poll #8 status-after:503",
        "poll last x2 status-after:502",
    ];
    for first in 0..words.len() {
        let server = start_server();
        for place in 0..words.len() {
            let rule: Rule = words[(first + place) % words.len()].parse().unwrap();
            server.inject(rule).unwrap();
        }
        let mut call = Call::start(&server);
        loop {
            let answer = call.client.status(&call.token, call.version, 0);
            if answer.status != 200 {
                continue;
            }
            let status = answer.json();
            let version = status["statusVersion"].as_i64().unwrap();
            if version > call.version {
                call.version = version;
                call.log += status["logOutput"].as_str().unwrap_or_default();
            }
            if status["statusCode"] != "running" {
                break;
            }
        }
        let task = server.tasks().remove(0);
        assert_eq!(task.log, call.log, "from {first}: {:?}", server.faults());
        assert_eq!(task.status, "succeeded");
    }
}
