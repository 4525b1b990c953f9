//! When to ask for the status of a running call, and what to make of the answer.
//!
//! A state machine without socket, clock or runtime: the caller tells it the time and the answers, and it says what
//! to do next. Nothing is taken out of it before a complete answer is in, so a caller may be dropped anywhere.

use std::time::Duration;

use crate::connection::{Limits, Polled};
use crate::envelope::{Bytes, Reply};
use crate::error::{Error, ErrorKind, Stage};
use crate::failure::Failure;
use crate::function::Effect;
use crate::log::{Lines, Tail};
use crate::pauses::{Heard, Pauses};
use crate::status::StatusCode;
use crate::text::Joiner;
use crate::token::StatusToken;
use crate::update::Update;
use crate::wait::{WaitLimit, WaitOptions};

/// An answer without news that came sooner than this was not held by the server, however short a wait was asked for.
const SHORTEST_HOLD: Duration = Duration::from_millis(50);

/// What to do next. Times are counted from the moment the machine was made.
#[derive(Debug)]
pub(crate) enum Step {
    /// Hand this to the caller.
    Yield(Update),
    /// Ask for what is newer than the token's version, and let the server wait for it for at most `hold`.
    Poll { token: StatusToken, hold: Duration },
    /// Do nothing until then.
    SleepUntil(Duration),
    /// A limit of the wait is reached; the call is still running.
    Limit(WaitLimit),
    /// The call ended; `outcome` tells how.
    Finished,
}

/// A running call, or one that ended.
#[derive(Debug)]
pub(crate) struct Poller {
    function: String,
    /// What the call may do to the server.
    effect: Effect,
    /// There is one while the call runs. Its version is that of the newest update that was handed over, so that
    /// a task that resumes from it misses none.
    token: Option<StatusToken>,
    poll_wait: Duration,
    limits: WaitLimits,
    /// When something new came last.
    news_at: Duration,
    /// Status requests that were answered.
    polls: u64,
    percent: Option<f64>,
    text: Joiner,
    /// The newest version heard of; `None` before the first one, which is news whatever its number.
    version: Option<u64>,
    pending: Option<Update>,
    end: Option<Reply>,
    lines: Lines,
    tail: Tail,
    pauses: Pauses,
    pub(crate) cancel_requested: bool,
}

/// Limits of the wait that is going on.
#[derive(Clone, Copy, Debug, Default)]
struct WaitLimits {
    total: Option<Duration>,
    stalled: Option<Duration>,
    began: Duration,
}

impl Poller {
    fn new(
        function: String,
        effect: Effect,
        token: Option<StatusToken>,
        version: Option<u64>,
        limits: &Limits,
        now: Duration,
    ) -> Self {
        Self {
            function,
            effect,
            token,
            poll_wait: limits.poll_wait,
            limits: WaitLimits::default(),
            news_at: now,
            polls: 0,
            percent: None,
            text: Joiner::default(),
            version,
            pending: None,
            end: None,
            lines: Lines::default(),
            tail: Tail::default(),
            pauses: Pauses::new(limits.poll_patience),
            cancel_requested: false,
        }
    }

    /// A call whose first answer is in.
    ///
    /// # Errors
    /// The answer says that the call runs, and gives no token to ask with.
    pub(crate) fn started(
        function: String,
        effect: Effect,
        mut reply: Reply,
        limits: &Limits,
        now: Duration,
    ) -> Result<Self, Error> {
        // Nothing was handed over yet, so a task resumed from this token is to hear everything.
        let token = reply
            .status_token
            .take()
            .map(|token| StatusToken { version: 0, ..token });
        if reply.status == StatusCode::Running && token.is_none() {
            let problem = "the call is running, but its status token is missing".to_owned();
            return Err(Error::new(ErrorKind::Envelope {
                problem,
                excerpt: "an object",
            })
            .of(&function)
            .affecting(effect));
        }
        let mut poller = Self::new(function, effect, token, None, limits, now);
        poller.accept(reply);
        Ok(poller)
    }

    /// A call that was started earlier, perhaps by another process.
    pub(crate) fn resumed(token: StatusToken, effect: Effect, limits: &Limits) -> Self {
        // A version of 0 stands for a call of which nothing was handed over.
        let version = (token.version > 0).then_some(token.version);
        let text = Joiner::resumed(token.open.clone());
        Self {
            text,
            ..Self::new(
                token.function.clone(),
                effect,
                Some(token),
                version,
                limits,
                Duration::ZERO,
            )
        }
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

    /// Whether the server said how the call ended. After an unknown status word the call may still be running.
    pub(crate) fn is_over(&self) -> bool {
        let end = self.end.as_ref();
        end.is_some_and(|reply| !matches!(reply.status, StatusCode::Unknown(_)))
    }

    pub(crate) fn next(&mut self, now: Duration) -> Step {
        if let Some(update) = self.pending.take() {
            if let Some(token) = &mut self.token {
                token.version = token.version.max(update.version());
                token.open = self.text.open().to_vec();
            }
            return Step::Yield(update);
        }
        let Some(token) = self.token.as_ref().filter(|_| self.end.is_none()) else {
            return Step::Finished;
        };
        let deadline = self.deadline();
        let resume = self.pauses.due();
        match deadline {
            Some((time, limit)) if time <= now => Step::Limit(limit),
            _ if resume > now => Step::SleepUntil(deadline.map_or(resume, |(time, _)| resume.min(time))),
            _ => {
                let left = deadline.map_or(Duration::MAX, |(time, _)| time - now);
                Step::Poll {
                    token: token.clone(),
                    hold: self.poll_wait.min(left),
                }
            }
        }
    }

    /// Sets the limits of a wait that begins now.
    pub(crate) fn limit(&mut self, options: &WaitOptions, now: Duration) {
        self.limits = WaitLimits {
            total: options.total,
            stalled: options.stalled,
            began: now,
        };
        if let Some(wait) = options.poll_wait {
            self.poll_wait = wait;
        }
    }

    /// The error of a wait that reached a limit.
    pub(crate) fn limit_error(&self, limit: WaitLimit, now: Duration) -> Error {
        let elapsed = now.saturating_sub(self.limits.began);
        let kind = ErrorKind::WaitLimit {
            limit,
            elapsed,
            polls: self.polls,
            percent: self.percent,
        };
        self.attribute(Error::new(kind))
            .after_cancel(self.cancel_requested)
    }

    /// The earliest moment at which a limit of the wait is reached.
    pub(crate) fn deadline(&self) -> Option<(Duration, WaitLimit)> {
        let WaitLimits {
            total,
            stalled,
            began,
        } = self.limits;
        let total = total.map(|limit| (began.saturating_add(limit), WaitLimit::Total(limit)));
        let news_at = self.news_at.max(began);
        let stalled = stalled.map(|limit| (news_at.saturating_add(limit), WaitLimit::Stalled(limit)));
        [total, stalled]
            .into_iter()
            .flatten()
            .min_by_key(|(time, _)| *time)
    }

    /// An answer came.
    pub(crate) fn on_reply(&mut self, polled: Polled, now: Duration) {
        let Polled { reply, hold, took } = polled;
        self.polls += 1;
        // A hold is shorter than wanted where many calls share the connection, whose turns are pauses in
        // themselves, and shortly before the limit of a wait.
        let shortest = if hold < self.poll_wait {
            hold / 4
        } else {
            SHORTEST_HOLD.max(hold / 4)
        };
        let heard = if self.accept(reply) {
            self.news_at = now;
            Heard::News
        } else if took < shortest {
            Heard::Hurried
        } else {
            Heard::Held
        };
        self.pauses.after_answer(heard, now);
    }

    /// A status request failed.
    ///
    /// # Errors
    /// The error, if another request does not help or if enough of them have failed.
    pub(crate) fn on_error(&mut self, error: Error, now: Duration) -> Result<(), Error> {
        if self.pauses.after_error(&error, now) {
            return Err(self.attribute(error));
        }
        Ok(())
    }

    /// Names the function, its effect, and the token if it is still good for something.
    pub(crate) fn attribute(&self, error: Error) -> Error {
        let token = if error.is_token_expired() {
            None
        } else {
            self.token.as_ref()
        };
        error
            .of(&self.function)
            .affecting(self.effect)
            .at(Stage::Status)
            .with_token(token)
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
                Error::new(ErrorKind::UnknownStatus { status })
                    .affecting(self.effect)
                    .at(Stage::Status)
                    .with_token(self.token.as_ref())
            }
            status => {
                let failure = Failure {
                    status: status.clone(),
                    error: reply.error,
                    log_tail: self.tail.to_vec(),
                    log_dropped: self.tail.dropped,
                    percent: self.percent,
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
    /// The end of the call is news even under an old version.
    fn accept(&mut self, mut reply: Reply) -> bool {
        let ended = reply.status != StatusCode::Running;
        let newer = match reply.version {
            Some(version) => self.version.is_none_or(|known| version > known),
            // An end is always new, because the last known status was `running`. A running status may be a repetition.
            // Its news is not lost: the next poll asks with the last known version and gets it again.
            None => ended,
        };
        if !newer && !ended {
            return false;
        }
        let mut log = String::new();
        if newer {
            if let Some(Bytes(piece)) = reply.log.take() {
                log = self.text.push(&piece);
            }
            self.version = reply.version.or(self.version);
        }
        if ended {
            log.push_str(self.text.finish());
        }
        self.percent = reply.percent.or(self.percent);
        let mut lines = self.lines.push(&log);
        if ended {
            lines.extend(self.lines.finish());
        }
        self.tail.extend(&lines);
        self.pending = Some(Update::new(&reply, log, lines));
        if ended {
            self.end = Some(reply);
        }
        true
    }
}

#[cfg(test)]
mod tests;
