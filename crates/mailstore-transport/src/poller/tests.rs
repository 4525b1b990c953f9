//! The rules of polling, one by one.

use super::*;

const WAIT: Duration = Duration::from_secs(10);
const AT_ONCE: Duration = Duration::ZERO;

fn token() -> StatusToken {
    StatusToken {
        token: "00".repeat(16),
        version: 0,
        function: "VerifyStore".into(),
        origin: "https://127.0.0.1:8463".into(),
        surface: "server".into(),
    }
}

fn reply(status: &str, version: u64, log: &str) -> Reply {
    let text = serde_json::json!({"statusCode": status, "statusVersion": version, "logOutput": log});
    Reply::parse(text.to_string().as_bytes()).unwrap()
}

fn started(log: &str) -> Poller {
    let mut first = reply("running", 3, log);
    first.status_token = Some(token());
    Poller::started("VerifyStore".into(), first, WAIT).unwrap()
}

fn log(poller: &mut Poller) -> String {
    let mut log = String::new();
    while let Step::Yield(update) = poller.next(AT_ONCE) {
        log.push_str(update.log());
    }
    log
}

#[test]
fn each_piece_of_the_log_comes_once() {
    let mut poller = started("one\r\n");
    assert_eq!(log(&mut poller), "one\r\n");
    assert!(matches!(poller.next(AT_ONCE), Step::Poll { version: 3 }));
    poller.on_reply(reply("running", 9, "two\r\n"), WAIT, AT_ONCE);
    assert_eq!(log(&mut poller), "two\r\n");
    // A long poll that timed out repeats the last status.
    poller.on_reply(reply("running", 9, "two\r\n"), WAIT, AT_ONCE);
    assert_eq!(log(&mut poller), "");
    // A late answer to an older question.
    poller.on_reply(reply("running", 5, "old\r\n"), WAIT, AT_ONCE);
    assert_eq!(log(&mut poller), "");
    poller.on_reply(reply("succeeded", 71, "three\r\n"), WAIT, AT_ONCE);
    assert_eq!(log(&mut poller), "three\r\n");
    assert!(matches!(poller.next(AT_ONCE), Step::Finished));
    assert!(poller.outcome().unwrap().is_ok());
}

#[test]
fn an_end_without_a_newer_version_ends_but_adds_no_log() {
    let mut poller = started("one\r\n");
    log(&mut poller);
    poller.on_reply(reply("succeeded", 3, "one\r\n"), WAIT, AT_ONCE);
    assert_eq!(log(&mut poller), "");
    assert!(matches!(poller.next(AT_ONCE), Step::Finished));
}

#[test]
fn a_server_that_holds_no_poll_is_not_asked_in_a_hot_loop() {
    let mut poller = started("");
    log(&mut poller);
    poller.on_reply(reply("running", 3, ""), AT_ONCE, AT_ONCE);
    assert!(matches!(poller.next(AT_ONCE), Step::SleepUntil(time) if time >= Duration::from_millis(250)));
}

#[test]
fn transient_errors_are_asked_again_for_a_bounded_number_of_times() {
    let mut poller = started("");
    log(&mut poller);
    let lost = || Error::new(ErrorKind::Lost { timeout: None });
    for _ in 1..MAX_FAILURES {
        poller.on_error(lost(), AT_ONCE).expect("asked again");
    }
    let error = poller.on_error(lost(), AT_ONCE).expect_err("reported");
    assert!(error.task_token().is_some() && error.is_transient());
    poller
        .on_error(lost(), AT_ONCE)
        .expect("a caller that goes on has the full patience again");
}

#[test]
fn refused_credentials_end_the_wait_and_keep_the_token() {
    let error = started("")
        .on_error(Error::new(ErrorKind::Unauthorized), AT_ONCE)
        .expect_err("reported");
    assert!(error.is_auth() && error.task_token().is_some());
}

#[test]
fn an_expired_token_is_not_carried_on() {
    let error = started("")
        .on_error(Error::new(ErrorKind::TokenExpired), AT_ONCE)
        .expect_err("reported");
    assert!(error.is_token_expired() && error.task_token().is_none());
}

#[test]
fn a_status_that_is_not_known_ends_the_wait_and_keeps_the_token() {
    let mut poller = started("");
    poller.on_reply(reply("melting", 4, ""), WAIT, AT_ONCE);
    let error = poller.outcome().unwrap().expect_err("not a success");
    assert!(error.to_string().contains("`melting`") && error.task_token().is_some());
}

#[test]
fn a_failure_carries_the_end_of_the_log() {
    let mut poller = started("Verifying...\r\n");
    poller.on_reply(reply("failed", 4, "Disk full."), WAIT, AT_ONCE);
    let error = poller.outcome().unwrap().expect_err("failed");
    let ErrorKind::Failed(failure) = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(failure.log_tail, ["Verifying...", "Disk full."]);
}

#[test]
fn running_without_a_token_is_an_error() {
    let error = Poller::started("X".into(), reply("running", 3, ""), WAIT).expect_err("no token");
    assert!(error.to_string().contains("status token is missing"), "{error}");
}
