//! Tests of each rule of polling.

use super::*;
use crate::wait::Patience;

const WAIT: Duration = Duration::from_secs(10);
const AT_ONCE: Duration = Duration::ZERO;
const LATER: Duration = Duration::from_secs(3600);

fn token() -> StatusToken {
    StatusToken {
        token: "00".repeat(16),
        version: 0,
        function: "VerifyStore".into(),
        origin: "https://127.0.0.1:8463".into(),
        surface: "server".into(),
        open: Vec::new(),
    }
}

/// A response that took this long.
fn polled(status: &str, version: u64, log: &str, took: Duration) -> Polled {
    Polled {
        reply: reply(status, version, log),
        hold: WAIT,
        took,
    }
}

fn reply(status: &str, version: u64, log: &str) -> Reply {
    let text = serde_json::json!({"statusCode": status, "statusVersion": version, "logOutput": log});
    Reply::parse(text.to_string().into()).unwrap()
}

fn limits(poll_wait: Duration) -> Limits {
    Limits {
        poll_wait,
        ..Limits::default()
    }
}

/// A call that changes the server.
fn start(first: Reply) -> Result<Poller, Error> {
    Poller::started(
        "VerifyStore".into(),
        Effect::Action,
        first,
        &limits(WAIT),
        AT_ONCE,
    )
}

fn resumed(poll_wait: Duration) -> Poller {
    Poller::resumed(token(), Effect::Action, &limits(poll_wait))
}

fn started(log: &str) -> Poller {
    let mut first = reply("running", 3, log);
    first.status_token = Some(token());
    start(first).unwrap()
}

fn lost() -> Error {
    Error::new(ErrorKind::Lost { timeout: None })
}

fn log(poller: &mut Poller) -> String {
    let mut log = String::new();
    while let Step::Yield(update) = poller.next(AT_ONCE) {
        log.push_str(update.log());
    }
    log
}

#[test]
fn each_part_of_the_log_is_delivered_once() {
    let mut poller = started("one\r\n");
    assert_eq!(log(&mut poller), "one\r\n");
    assert!(matches!(poller.next(AT_ONCE), Step::Poll { token, .. } if token.version == 3));
    poller.on_reply(polled("running", 9, "two\r\n", WAIT), AT_ONCE);
    assert_eq!(log(&mut poller), "two\r\n");
    // A long poll that timed out repeats the last status.
    poller.on_reply(polled("running", 9, "two\r\n", WAIT), AT_ONCE);
    assert_eq!(log(&mut poller), "");
    // A late response to an older request.
    poller.on_reply(polled("running", 5, "old\r\n", WAIT), AT_ONCE);
    assert_eq!(log(&mut poller), "");
    poller.on_reply(polled("succeeded", 71, "three\r\n", WAIT), AT_ONCE);
    assert_eq!(log(&mut poller), "three\r\n");
    assert!(matches!(poller.next(AT_ONCE), Step::Finished));
    assert!(poller.outcome().unwrap().is_ok());
}

#[test]
fn an_end_without_a_newer_version_adds_no_log() {
    let mut poller = started("one\r\n");
    log(&mut poller);
    poller.on_reply(polled("succeeded", 3, "one\r\n", WAIT), AT_ONCE);
    assert_eq!(log(&mut poller), "");
    assert!(matches!(poller.next(AT_ONCE), Step::Finished));
}

#[test]
fn polls_pause_if_the_server_does_not_hold_them() {
    let mut poller = started("");
    log(&mut poller);
    poller.on_reply(polled("running", 3, "", AT_ONCE), AT_ONCE);
    assert!(matches!(poller.next(AT_ONCE), Step::SleepUntil(time) if time >= Duration::from_millis(250)));
}

#[test]
fn transient_errors_are_retried_a_limited_number_of_times() {
    let mut poller = started("");
    log(&mut poller);

    for _ in 1..Patience::default().failures {
        poller.on_error(lost(), AT_ONCE).expect("retried");
    }
    let error = poller.on_error(lost(), AT_ONCE).expect_err("reported");
    assert!(error.task_token().is_some() && error.is_resumable() && !error.is_transient());
    poller
        .on_error(lost(), AT_ONCE)
        .expect("a caller that continues has the full patience again");
}

#[test]
fn rejected_credentials_end_the_wait_and_keep_the_token() {
    let error = started("")
        .on_error(Error::new(ErrorKind::Unauthorized), AT_ONCE)
        .expect_err("reported");
    assert!(error.is_auth() && error.task_token().is_some());
}

#[test]
fn the_error_of_an_expired_token_contains_no_token() {
    let error = started("")
        .on_error(Error::new(ErrorKind::TokenExpired), AT_ONCE)
        .expect_err("reported");
    assert!(error.is_token_expired() && error.task_token().is_none());
}

#[test]
fn an_unknown_status_ends_the_wait_and_keeps_the_token() {
    let mut poller = started("");
    poller.on_reply(polled("melting", 4, "", WAIT), AT_ONCE);
    let error = poller.outcome().unwrap().expect_err("not a success");
    assert!(error.to_string().contains("`melting`") && error.task_token().is_some());
}

#[test]
fn a_failure_contains_the_end_of_the_log() {
    let mut poller = started("Verifying...\r\n");
    poller.on_reply(polled("failed", 4, "Disk full.", WAIT), AT_ONCE);
    let error = poller.outcome().unwrap().expect_err("failed");
    let ErrorKind::Failed(failure) = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(failure.log_tail, ["Verifying...", "Disk full."]);
}

#[test]
fn running_without_a_token_is_an_error() {
    let error = start(reply("running", 3, "")).expect_err("no token");
    assert!(error.to_string().contains("status token is missing"), "{error}");
}

#[test]
fn an_end_with_an_old_version_is_an_update_and_ends_the_open_line() {
    let mut poller = started("one\r\nFinished.");
    log(&mut poller);
    poller.on_reply(polled("succeeded", 3, "one\r\nFinished.", WAIT), AT_ONCE);
    let Step::Yield(update) = poller.next(AT_ONCE) else {
        panic!("the end is news")
    };
    assert_eq!((update.status(), update.log()), (&StatusCode::Succeeded, ""));
    assert_eq!(update.lines(), ["Finished."]);
}

#[test]
fn the_token_changes_only_when_an_update_is_returned() {
    let mut poller = started("one\r\n");
    assert_eq!(
        poller.token().unwrap().version,
        0,
        "a task resumed from here returns the first part again"
    );
    log(&mut poller);
    assert_eq!(poller.token().unwrap().version, 3);
    poller.on_reply(polled("running", 9, "two\r\n", WAIT), AT_ONCE);
    assert_eq!(poller.token().unwrap().version, 3);
    log(&mut poller);
    assert_eq!(poller.token().unwrap().version, 9);
}

#[test]
fn a_call_resumed_without_a_version_returns_even_version_0() {
    let mut poller = resumed(WAIT);
    poller.on_reply(polled("running", 0, "one\r\n", WAIT), AT_ONCE);
    assert_eq!(log(&mut poller), "one\r\n");
}

#[test]
fn polls_without_news_are_followed_by_a_pause_even_without_a_hold_time() {
    let mut poller = resumed(AT_ONCE);
    poller.on_reply(polled("running", 3, "", AT_ONCE), AT_ONCE);
    log(&mut poller);
    poller.on_reply(polled("running", 3, "", AT_ONCE), AT_ONCE);
    assert!(matches!(poller.next(AT_ONCE), Step::SleepUntil(_)));
}

#[test]
fn the_patience_does_not_include_time_without_polls() {
    let mut poller = started("");
    log(&mut poller);
    poller
        .on_error(lost(), LATER)
        .expect("retried, because the caller did not poll before");
}

#[test]
fn failures_over_a_long_time_are_reported() {
    let mut poller = started("");
    log(&mut poller);
    poller.on_error(lost(), AT_ONCE).expect("retried");
    poller.on_error(lost(), LATER).expect_err("reported");
}

#[test]
fn a_wait_ends_at_its_limit_and_the_next_wait_continues() {
    let mut poller = started("");
    log(&mut poller);
    poller.limit(&WaitOptions::new().total(WAIT), AT_ONCE);
    assert!(matches!(poller.next(WAIT / 2), Step::Poll { hold, .. } if hold == WAIT / 2));
    let Step::Limit(limit) = poller.next(WAIT) else {
        panic!("no limit")
    };
    let error = poller.limit_error(limit, WAIT);
    assert!(error.is_wait_limit() && error.task_token().is_some(), "{error}");
    poller.limit(&WaitOptions::new(), WAIT);
    assert!(matches!(poller.next(WAIT), Step::Poll { hold, .. } if hold == WAIT));
}

#[test]
fn news_restarts_the_limit_of_a_stalled_call() {
    let mut poller = started("");
    log(&mut poller);
    poller.limit(&WaitOptions::new().stalled(WAIT), AT_ONCE);
    poller.on_reply(polled("running", 4, "", AT_ONCE), WAIT / 2);
    log(&mut poller);
    assert!(matches!(poller.next(WAIT), Step::Poll { .. }));
    assert!(matches!(
        poller.next(WAIT / 2 + WAIT),
        Step::Limit(WaitLimit::Stalled(_))
    ));
}

#[test]
fn a_pause_ends_at_the_limit() {
    let mut poller = started("");
    log(&mut poller);
    let limit = Duration::from_millis(1);
    poller.limit(&WaitOptions::new().total(limit), AT_ONCE);
    poller
        .on_error(Error::new(ErrorKind::Lost { timeout: None }), AT_ONCE)
        .expect("retried");
    assert!(matches!(poller.next(AT_ONCE), Step::SleepUntil(time) if time == limit));
}

/// Once, such a poll counted as not held, and the pause after it delayed the end of a cancelled call.
#[test]
fn a_poll_that_was_held_until_the_limit_causes_no_pause() {
    let mut poller = started("");
    log(&mut poller);
    let short = Duration::from_millis(34);
    poller.limit(&WaitOptions::new().total(short), AT_ONCE);
    let held = Polled {
        hold: short,
        ..polled("running", 3, "", short)
    };
    poller.on_reply(held, short);
    poller.limit(&WaitOptions::new().total(short), short);
    assert!(matches!(poller.next(short), Step::Poll { .. }));
}

#[test]
fn the_outcome_of_a_started_changing_call_is_unknown_after_every_error() {
    let errors = || {
        [
            ErrorKind::Lost { timeout: None },
            ErrorKind::Unauthorized,
            ErrorKind::Forbidden,
            ErrorKind::TokenExpired,
            ErrorKind::Http { status: 302 },
            ErrorKind::Http { status: 503 },
            ErrorKind::TooLarge { limit: 7 },
            ErrorKind::InvalidHttp {
                problem: String::new(),
            },
            ErrorKind::Envelope {
                problem: String::new(),
                excerpt: "",
            },
            ErrorKind::Connect {
                cause: crate::ConnectCause::Refused,
                origin: String::new(),
                reason: String::new(),
            },
        ]
    };
    for kind in errors() {
        let error = started("").attribute(Error::new(kind));
        assert!(error.is_outcome_unknown() && !error.is_transient(), "{error}");
        assert_eq!(error.task_token().is_none(), error.is_token_expired(), "{error}");
        assert!(
            error.is_token_expired() || error.to_string().contains("was started"),
            "{error}"
        );
    }
    for kind in errors() {
        let poller = Poller::resumed(token(), Effect::Read, &limits(WAIT));
        let error = poller.attribute(Error::new(kind));
        assert!(!error.is_outcome_unknown(), "{error}");
    }
    let limit = started("").limit_error(WaitLimit::Total(WAIT), WAIT);
    assert!(limit.is_outcome_unknown(), "{limit}");
}

#[test]
fn the_outcome_is_known_after_a_final_status_and_unknown_after_an_unknown_status() {
    for (word, unknown) in [("failed", false), ("cancelled", false), ("melting", true)] {
        let mut poller = started("");
        poller.on_reply(polled(word, 4, "", WAIT), AT_ONCE);
        let error = poller.outcome().unwrap().expect_err("not a success");
        assert_eq!(error.is_outcome_unknown(), unknown, "{error}");
    }
}

#[test]
fn the_error_of_an_expired_token_says_what_to_do() {
    let error = started("").attribute(Error::new(ErrorKind::TokenExpired));
    assert!(
        error
            .to_string()
            .contains("check the server before you repeat it"),
        "{error}"
    );
}

/// Once, after six failures early in a call, the pause after one failure hours later lasted 10 seconds.
#[test]
fn any_response_resets_the_pauses_after_failures() {
    let mut poller = started("");
    log(&mut poller);
    for _ in 0..6 {
        poller.on_error(lost(), AT_ONCE).expect("retried");
    }
    // The server held this request and had no news.
    poller.on_reply(polled("running", 3, "", WAIT), LATER);
    poller.on_error(lost(), 2 * LATER).expect("retried");
    let Step::SleepUntil(time) = poller.next(2 * LATER) else {
        panic!("no pause")
    };
    assert!(time - 2 * LATER <= Duration::from_millis(500), "{time:?}");
}

#[test]
fn pauses_between_responses_that_are_not_held_grow() {
    let mut poller = started("");
    log(&mut poller);
    let mut now = AT_ONCE;
    for _ in 0..10 {
        poller.on_reply(polled("running", 3, "", AT_ONCE), now);
        let Step::SleepUntil(time) = poller.next(now) else {
            panic!("no pause")
        };
        now = time;
    }
    assert!(now > Duration::from_secs(20), "{now:?}");
}

/// Once, a version that rose with every response caused 1,260 requests a second.
#[test]
fn a_server_with_news_in_every_response_is_polled_ten_times_a_second() {
    let mut poller = started("");
    let (mut now, mut polls) = (AT_ONCE, 0_u64);
    while now < Duration::from_secs(60) {
        match poller.next(now) {
            Step::Yield(_) => {}
            Step::SleepUntil(time) => now = time,
            Step::Poll { .. } => {
                polls += 1;
                poller.on_reply(polled("running", 3 + polls, "", AT_ONCE), now);
            }
            other => panic!("{other:?}"),
        }
    }
    assert!((500..=611).contains(&polls), "{polls}");
}

#[test]
fn rejected_credentials_are_sent_again_only_after_long_pauses() {
    let mut poller = started("");
    log(&mut poller);
    let (mut now, mut sent) = (AT_ONCE, 0);
    while now < Duration::from_secs(1800) {
        match poller.next(now) {
            Step::SleepUntil(time) => now = time,
            Step::Poll { .. } => {
                sent += 1;
                poller
                    .on_error(Error::new(ErrorKind::Unauthorized), now)
                    .expect_err("reported");
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(sent <= 8, "sent {sent} times in half an hour");
}

#[test]
fn reported_errors_are_followed_by_a_pause() {
    for kind in [
        ErrorKind::Unauthorized,
        ErrorKind::TokenExpired,
        ErrorKind::Http { status: 418 },
        ErrorKind::TooLarge { limit: 7 },
    ] {
        let mut poller = started("");
        log(&mut poller);
        poller.on_error(Error::new(kind), AT_ONCE).expect_err("reported");
        assert!(matches!(poller.next(AT_ONCE), Step::SleepUntil(time) if time >= Duration::from_secs(1)));
    }
}

#[test]
fn the_pause_follows_retry_after_within_the_patience() {
    let busy = |seconds| {
        let error = Error::new(ErrorKind::Http { status: 503 });
        error.with_retry_after(Some(Duration::from_secs(seconds)))
    };
    let mut poller = started("");
    log(&mut poller);
    poller.on_error(busy(40), AT_ONCE).expect("retried");
    assert!(matches!(poller.next(AT_ONCE), Step::SleepUntil(time) if time == Duration::from_secs(40)));
    let error = poller.on_error(busy(86_400), WAIT).expect_err("reported");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(86_400)));
}

mod long_logs;
