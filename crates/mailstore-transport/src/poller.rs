//! The state machine of polling.
//!
//! It uses no socket, clock or runtime. The caller passes in the time and the responses, and the machine returns the
//! next step. Its state changes only after a complete response, so the caller may be dropped at any time.

use std::ops::Range;
use std::time::Duration;

use crate::connection::{Limits, Polled};
use crate::envelope::Reply;
use crate::error::{Error, ErrorKind, Stage};
use crate::failure::Failure;
use crate::function::Effect;
use crate::json_text::{bytes_of, part};
use crate::log::{Lines, Tail};
use crate::pauses::{Heard, Pauses};
use crate::secrets::Secrets;
use crate::status::StatusCode;
use crate::text::Joiner;
use crate::token::StatusToken;
use crate::update::Update;
use crate::wait::{WaitLimit, WaitOptions};

/// A response without news that arrives earlier than this was not held by the server.
const SHORTEST_HOLD: Duration = Duration::from_millis(50);

/// Maximum length of the JSON text from which the log of one update is decoded. A longer log is returned in several
/// updates, because a log of short lines needs many times the memory of its text.
const LONGEST_LOG: usize = 128 * 1024;

/// The next step of the caller. Times count from the creation of the machine.
#[derive(Debug)]
pub(crate) enum Step {
    /// Return this update.
    Yield(Update),
    /// Send a status request for a newer version than the token's. The server may hold it for at most `hold`.
    Poll { token: StatusToken, hold: Duration },
    /// Do nothing until this time.
    SleepUntil(Duration),
    /// A limit of the wait is reached; the call is still running.
    Limit(WaitLimit),
    /// The call has ended; `outcome` returns its outcome.
    Finished,
}

/// The state of a call.
#[derive(Debug)]
pub(crate) struct Poller {
    function: String,
    /// The effect of the function.
    effect: Effect,
    /// Always present while the call runs. Its version is that of the last returned update, so a task that is resumed
    /// from it misses no update.
    token: Option<StatusToken>,
    poll_wait: Duration,
    limits: WaitLimits,
    /// The time of the last news.
    news_at: Duration,
    /// Number of responses to status requests.
    polls: u64,
    percent: Option<f64>,
    text: Joiner,
    /// The newest received version; `None` before the first version, which is always news.
    version: Option<u64>,
    pending: Option<Pending>,
    end: Option<Reply>,
    lines: Lines,
    tail: Tail,
    /// The secrets of the call. For a resumed call, only the password of the client is known.
    secrets: Secrets,
    pauses: Pauses,
    pub(crate) cancel_requested: bool,
}

/// A response that was not yet returned completely.
#[derive(Debug)]
struct Pending {
    /// The response. It is `None` if it is the last one, which is in `end`.
    reply: Option<Reply>,
    /// The place of the rest of its log.
    log: Range<usize>,
}

/// Limits of the current wait.
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
            secrets: Secrets::default(),
            pauses: Pauses::new(limits.poll_patience),
            cancel_requested: false,
        }
    }

    /// Creates the state of a call from its first response.
    ///
    /// # Errors
    /// The call is running, but the response has no token.
    pub(crate) fn started(
        function: String,
        effect: Effect,
        mut reply: Reply,
        limits: &Limits,
        now: Duration,
    ) -> Result<Self, Error> {
        // No update was returned yet, so a task that is resumed from this token must get all updates.
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
        poller.secrets = reply.secrets.clone();
        poller.accept(reply);
        Ok(poller)
    }

    /// Creates the state of a call that was started earlier, possibly by another process.
    pub(crate) fn resumed(token: StatusToken, effect: Effect, limits: &Limits) -> Self {
        // Version 0 means that no update was returned.
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

    /// Whether the server reported the end of the call. After an unknown status the call may still be running.
    pub(crate) fn is_over(&self) -> bool {
        let end = self.end.as_ref();
        end.is_some_and(|reply| !matches!(reply.status, StatusCode::Unknown(_)))
    }

    pub(crate) fn next(&mut self, now: Duration) -> Step {
        if let Some(update) = self.pending.take().and_then(|pending| self.next_part(pending)) {
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

    /// Returns the update with the next part of the log of a response.
    ///
    /// The call counts as running until the last part is returned. The token gets the new version with the last part, so
    /// that a task that is resumed from it gets all of them.
    fn next_part(&mut self, mut pending: Pending) -> Option<Update> {
        let is_end = pending.reply.is_none();
        let reply = pending.reply.as_ref().or(self.end.as_ref())?;
        let rest = reply.log_json(pending.log.clone());
        let length = part(rest, LONGEST_LOG);
        let mut log = self.text.push(&bytes_of(&rest[..length]));
        pending.log.start += length;
        let is_last = length == rest.len();
        if is_last && is_end {
            log.push_str(self.text.finish());
        }
        let mut lines = self.lines.push(&log);
        if is_last && is_end {
            lines.extend(self.lines.finish());
        }
        self.tail.extend(&lines, &self.secrets);
        let status = if is_last {
            &reply.status
        } else {
            &StatusCode::Running
        };
        let update = Update::new(reply, status, log, lines);
        if !is_last {
            self.pending = Some(pending);
        } else if let Some(token) = &mut self.token {
            token.version = token.version.max(update.version());
            token.open = self.text.open().to_vec();
        }
        Some(update)
    }

    /// Adds the log of a response that was not returned completely to the tail.
    fn finish_pending(&mut self) {
        while let Some(pending) = self.pending.take() {
            self.next_part(pending);
        }
    }

    /// Sets the limits of a wait that starts now.
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

    /// Handles a response.
    pub(crate) fn on_reply(&mut self, polled: Polled, now: Duration) {
        let Polled { reply, hold, took } = polled;
        self.polls += 1;
        // The hold is shorter than `poll_wait` in two cases: many calls share the connection, so waiting for a slot is
        // already a pause; or the limit of a wait is near.
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

    /// Handles a failed status request.
    ///
    /// # Errors
    /// Returns the error if a retry cannot help or if too many requests have failed.
    pub(crate) fn on_error(&mut self, error: Error, now: Duration) -> Result<(), Error> {
        if self.pauses.after_error(&error, now) {
            return Err(self.attribute(error));
        }
        Ok(())
    }

    /// Adds the function, its effect and its token to an error. Omits an expired token.
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

    /// Returns the last response of a call that succeeded, or the error of a call that failed. `None` while the call
    /// runs.
    pub(crate) fn outcome(mut self) -> Option<Result<Reply, Error>> {
        self.finish_pending();
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

    /// Applies a response to the state. Returns whether it contained news.
    ///
    /// The log of a response starts at the version in the request. A response with an old version repeats a log that
    /// was already applied, so its version and its log are both ignored. The end of the call is news even with an old
    /// version.
    fn accept(&mut self, mut reply: Reply) -> bool {
        let ended = reply.status != StatusCode::Running;
        let newer = match reply.version {
            Some(version) => self.version.is_none_or(|known| version > known),
            // The end is always news, because the last known status was `running`. Another status without a version may
            // be a repetition. Nothing is lost: the next request contains the last known version and gets the news
            // again.
            None => ended,
        };
        if !newer && !ended {
            return false;
        }
        self.finish_pending();
        reply.conceal(&self.secrets);
        self.secrets.extend(&reply.secrets);
        reply.secrets = self.secrets.clone();
        let log = std::mem::take(&mut reply.log);
        if newer {
            self.version = reply.version.or(self.version);
        }
        self.percent = reply.percent.or(self.percent);
        let log = if newer { log } else { 0..0 };
        self.pending = Some(if ended {
            self.end = Some(reply);
            Pending { reply: None, log }
        } else {
            let reply = Some(reply);
            Pending { reply, log }
        });
        true
    }
}

#[cfg(test)]
mod tests;
