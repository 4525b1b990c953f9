//! When to ask for the status of a running call, and what to make of the answer.
//!
//! A state machine without socket, clock or runtime: the caller tells it the time and the answers, and it says what
//! to do next. Nothing is taken out of it before a complete answer is in, so a caller may be dropped anywhere.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use crate::envelope::Reply;
use crate::error::{Error, ErrorKind, Failure, is_transient_status};
use crate::log::{Lines, Tail};
use crate::status::StatusCode;
use crate::token::StatusToken;
use crate::update::Update;

/// How many polls in a row may fail before the failure is reported.
const MAX_FAILURES: u32 = 10;
/// How long polls may fail before the failure is reported.
const MAX_SILENCE: Duration = Duration::from_secs(300);

/// What to do next. Times are counted from the moment the machine was made.
#[derive(Debug)]
pub(crate) enum Step {
    /// Hand this to the caller.
    Yield(Update),
    /// Ask for what is newer than `version`, and let the server wait for it.
    Poll { version: u64 },
    /// Do nothing until then.
    SleepUntil(Duration),
    /// The call ended; `outcome` tells how.
    Finished,
}

/// A running call, or one that ended.
#[derive(Debug)]
pub(crate) struct Poller {
    function: String,
    token: Option<StatusToken>,
    poll_wait: Duration,
    /// Whether any version of the call was heard of: the first one is news whatever its number.
    heard: bool,
    pending: Option<Update>,
    end: Option<Reply>,
    lines: Lines,
    tail: Tail,
    resume_at: Option<Duration>,
    backoff: ExponentialBackoff,
    failures: u32,
    last_good: Duration,
    pub(crate) cancel_requested: bool,
}

impl Poller {
    fn new(function: String, token: Option<StatusToken>, poll_wait: Duration) -> Self {
        Self {
            function,
            token,
            poll_wait,
            heard: false,
            pending: None,
            end: None,
            lines: Lines::default(),
            tail: Tail::default(),
            resume_at: None,
            backoff: backoff(),
            failures: 0,
            last_good: Duration::ZERO,
            cancel_requested: false,
        }
    }

    /// A call whose first answer is in.
    ///
    /// # Errors
    /// The answer says that the call runs, and gives no token to ask with.
    pub(crate) fn started(function: String, mut reply: Reply, poll_wait: Duration) -> Result<Self, Error> {
        let token = reply.status_token.take();
        if reply.status == StatusCode::Running && token.is_none() {
            let problem = "the call is running, but its status token is missing".to_owned();
            return Err(Error::new(ErrorKind::Envelope {
                problem,
                excerpt: "an object",
            })
            .of(&function));
        }
        let mut poller = Self::new(function, token, poll_wait);
        poller.accept(reply);
        Ok(poller)
    }

    /// A call that was started earlier, perhaps by another process.
    pub(crate) fn resumed(token: StatusToken, poll_wait: Duration) -> Self {
        let mut poller = Self::new(token.function.clone(), Some(token), poll_wait);
        poller.heard = true;
        poller
    }

    pub(crate) fn function(&self) -> &str {
        &self.function
    }

    pub(crate) fn token(&self) -> Option<&StatusToken> {
        self.token.as_ref()
    }

    pub(crate) fn is_finished(&self) -> bool {
        self.end.is_some()
    }

    pub(crate) fn next(&mut self, now: Duration) -> Step {
        if let Some(update) = self.pending.take() {
            return Step::Yield(update);
        }
        if self.end.is_some() {
            return Step::Finished;
        }
        match self.resume_at {
            Some(time) if time > now => Step::SleepUntil(time),
            _ => Step::Poll {
                version: self.token.as_ref().map_or(0, |token| token.version),
            },
        }
    }

    /// An answer came `asked_for` after it was asked for.
    pub(crate) fn on_reply(&mut self, reply: Reply, asked_for: Duration, now: Duration) {
        self.failures = 0;
        self.last_good = now;
        self.resume_at = None;
        if self.accept(reply) {
            self.backoff = backoff();
        } else if self.end.is_none() && asked_for < self.poll_wait / 4 {
            // The server, or something before it, did not hold the request: without a pause of our own the polls
            // would follow each other as fast as the line allows.
            self.resume_at = Some(now + self.pause());
        }
    }

    /// Asking failed. Returns the error if asking again is no use or was tried long enough.
    pub(crate) fn on_error(&mut self, error: Error, now: Duration) -> Result<(), Error> {
        let transient = match error.kind() {
            ErrorKind::Connect { .. } | ErrorKind::Lost { .. } => true,
            ErrorKind::Http { status } => is_transient_status(*status),
            _ => false,
        };
        self.failures += 1;
        let exhausted = self.failures >= MAX_FAILURES || now.saturating_sub(self.last_good) >= MAX_SILENCE;
        if transient && !exhausted {
            self.resume_at = Some(now + self.pause());
            return Ok(());
        }
        // The caller may go on: give it the full patience again.
        self.failures = 0;
        self.last_good = now;
        let token = if error.is_token_expired() {
            None
        } else {
            self.token.as_ref()
        };
        Err(error.of(&self.function).with_token(token))
    }

    /// How the call ended: its last answer, or the error that it amounts to.
    ///
    /// `None` while the call runs.
    pub(crate) fn outcome(self) -> Option<Result<Reply, Error>> {
        let reply = self.end?;
        let error = match &reply.status {
            StatusCode::Succeeded if reply.error.is_none() => return Some(Ok(reply)),
            StatusCode::Unknown(word) => {
                let status = word.as_str().to_owned();
                Error::new(ErrorKind::UnknownStatus { status }).with_token(self.token.as_ref())
            }
            status => {
                let failure = Failure {
                    status: status.clone(),
                    error: reply.error,
                    log_tail: self.tail.to_vec(),
                };
                Error::new(ErrorKind::Failed(failure))
            }
        };
        Some(Err(error.of(&self.function).after_cancel(self.cancel_requested)))
    }

    /// Takes over what a reply brings. Returns whether it brought anything.
    ///
    /// The log of a reply is what came since the version that was asked with. A reply that is not newer than what
    /// is held repeats old news, whose log is in already. Version and log are taken over together or not at all.
    fn accept(&mut self, reply: Reply) -> bool {
        let known = self.token.as_ref().map_or(0, |token| token.version);
        let newer = self.end.is_none() && (reply.version > known || !self.heard);
        self.heard = true;
        let ended = reply.status != StatusCode::Running;
        if !newer && !ended {
            return false;
        }
        if newer {
            let piece = reply.log.clone().unwrap_or_default();
            let mut lines = self.lines.push(&piece);
            if ended {
                lines.extend(self.lines.finish());
            }
            self.tail.extend(&lines);
            if let Some(token) = &mut self.token {
                token.version = token.version.max(reply.version);
            }
            self.pending = Some(Update::new(&reply, piece, lines));
        }
        if ended {
            self.end = Some(reply);
        }
        true
    }

    fn pause(&mut self) -> Duration {
        self.backoff.next().unwrap_or(Duration::from_secs(5))
    }
}

/// 250 ms, doubled up to 5 s, each with up to as much again at random, so that many callers do not return at once.
fn backoff() -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_min_delay(Duration::from_millis(250))
        .with_max_delay(Duration::from_secs(5))
        .with_jitter()
        .without_max_times()
        .build()
}

#[cfg(test)]
mod tests {
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
}
