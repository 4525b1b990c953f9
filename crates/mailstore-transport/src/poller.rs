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
mod tests;
