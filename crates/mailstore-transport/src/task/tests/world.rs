//! A server of one call. Its log may be cut anywhere. It causes faults by a script and may be restarted.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use proptest::prelude::*;
use url::Url;
use wire_values::Json;

use super::{ORIGIN, SURFACE};
use crate::call::Call;
use crate::connection::{Connection, Limits};
use crate::exchange::{Answer, BoxFuture, Exchange, Post, PostError};
use crate::task::Task;
use crate::token::StatusToken;

/// How the server treats one status request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    /// The call advances by this many statuses. The server returns the newest one after this many milliseconds and
    /// skips the others.
    News(usize, u64),
    /// Holds the request for the whole hold time, then repeats the last status.
    Hold,
    /// Repeats the last status at once, with or without its log.
    Repeat(bool),
    /// A late response: this many versions before the known one.
    Older(u64),
    /// The call advances by this many statuses, and then the connection breaks.
    Lose(usize),
    /// Sends no response before the timeout of the client.
    Stall,
    /// No connection.
    Refuse,
    /// This HTTP status.
    Http(u16),
    /// A body that is not a valid response.
    Garbage,
    /// The server is restarted and forgets the call.
    Forget,
}

pub(super) fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        12 => (0_usize..4, 0_u64..50).prop_map(|(by, after)| Act::News(by, after)),
        2 => Just(Act::Hold),
        3 => any::<bool>().prop_map(Act::Repeat),
        3 => (1_u64..4).prop_map(Act::Older),
        4 => (0_usize..3).prop_map(Act::Lose),
        1 => Just(Act::Stall),
        2 => Just(Act::Refuse),
        2 => prop::sample::select(vec![408_u16, 429, 500, 502, 503, 504]).prop_map(Act::Http),
        1 => prop::sample::select(vec![401_u16, 403, 418, 501]).prop_map(Act::Http),
        1 => Just(Act::Garbage),
    ]
}

/// The log in UTF-16, as the server keeps it, and the outcome of the call.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) log: Vec<u16>,
    /// The length of the log at each version. Index 0 belongs to version 1.
    pub(super) ends: Vec<usize>,
    pub(super) outcome: &'static str,
    /// Whether the call can be stopped.
    pub(super) heeds_cancel: bool,
    pub(super) acts: Vec<Act>,
}

pub(super) fn plan() -> impl Strategy<Value = Plan> {
    let text = prop::collection::vec(
        prop::sample::select(vec![
            "a", "line 7", "\r\n", "\r\n", "\r\n", "ü", "日", "😀", "🗄\r\n", "\"\\", "\u{1}",
        ]),
        0..14,
    );
    let outcome = prop::sample::select(vec!["succeeded", "succeeded", "failed", "cancelled"]);
    let acts = prop::collection::vec(act(), 0..20);
    (
        text,
        prop::collection::vec(any::<prop::sample::Index>(), 1..9),
        outcome,
        any::<bool>(),
        acts,
        0..12_usize,
    )
        .prop_map(|(text, cuts, outcome, heeds_cancel, mut acts, forgets)| {
            let log: Vec<u16> = text.concat().encode_utf16().collect();
            let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(log.len() + 1)).collect();
            ends.sort_unstable();
            *ends.last_mut().unwrap() = log.len();
            // In one of twelve cases.
            if forgets == 0 && !acts.is_empty() {
                let place = acts.len() / 2;
                acts[place] = Act::Forget;
            }
            Plan {
                log,
                ends,
                outcome,
                heeds_cancel,
                acts,
            }
        })
}

#[derive(Default)]
pub(super) struct State {
    pub(super) version: usize,
    /// The status and version of the end, after the call has ended.
    pub(super) end: Option<(&'static str, usize)>,
    pub(super) polls: usize,
    pub(super) cancels: usize,
    pub(super) forgotten: bool,
}

pub(super) struct World {
    plan: Plan,
    state: Mutex<State>,
}

impl World {
    pub(super) fn new(plan: Plan) -> Arc<Self> {
        let world = Self {
            plan,
            state: Mutex::default(),
        };
        // The first status exists from the beginning.
        world.grow(&mut world.state(), 1);
        Arc::new(world)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn connection(self: &Arc<Self>) -> Connection {
        let base = Url::parse(ORIGIN).unwrap();
        let wait = Duration::from_secs(10);
        let limits = Limits {
            request_timeout: wait,
            poll_wait: wait,
            polls_at_once: 1,
            read_only: false,
            ..Limits::default()
        };
        Connection::new(&SURFACE, &base, Box::new(Arc::clone(self)), limits)
    }

    /// Starts the call. Its first status is not yet delivered.
    pub(super) async fn start(self: &Arc<Self>) -> Task<Json> {
        Call::new(&self.connection(), "VerifyStore")
            .start()
            .await
            .unwrap()
    }

    /// A new client that has only a token.
    pub(super) fn resume(self: &Arc<Self>, token: StatusToken) -> Task<Json> {
        Task::resume(&self.connection(), token).unwrap()
    }

    pub(super) fn token() -> StatusToken {
        StatusToken {
            token: "0f".repeat(16),
            version: 0,
            function: "VerifyStore".into(),
            origin: ORIGIN.into(),
            surface: "server".into(),
            open: Vec::new(),
        }
    }

    fn end_of(&self, version: usize) -> usize {
        if version == 0 {
            0
        } else {
            self.plan.ends[version - 1]
        }
    }

    /// Returns the log at a version, without a character of which it had only half.
    pub(super) fn log_at(&self, version: usize) -> String {
        let mut units = &self.plan.log[..self.end_of(version)];
        if let [whole @ .., 0xD800..=0xDBFF] = units {
            units = whole;
        }
        String::from_utf16(units).unwrap()
    }

    /// Returns the whole log of the ended call. Half a character at its end is replaced.
    pub(super) fn whole_log(&self) -> String {
        let (_, version) = self.state().end.unwrap();
        String::from_utf16_lossy(&self.plan.log[..self.end_of(version)])
    }

    fn grow(&self, state: &mut State, by: usize) {
        if state.end.is_some() {
            return;
        }
        state.version = (state.version + by).min(self.plan.ends.len());
        if state.version == self.plan.ends.len() {
            state.end = Some((self.plan.outcome, state.version));
        } else if by > 0 && state.cancels > 0 && self.plan.heeds_cancel {
            state.end = Some(("failed", state.version));
        }
    }

    fn status(&self, state: &State, since: usize, version: usize, with_log: bool) -> Answer {
        let code = match state.end {
            Some((code, end)) if version == end => code,
            _ => "running",
        };
        let since = if since < version {
            since
        } else {
            version.saturating_sub(1)
        };
        let log = match with_log {
            true => json_text(&self.plan.log[self.end_of(since)..self.end_of(version)]),
            false => "null".to_owned(),
        };
        let text = format!(r#"{{"statusCode":"{code}","statusVersion":{version},"logOutput":{log}}}"#);
        Answer::new(200, text.into_bytes())
    }

    /// Returns the outcome of a status request with this version, and its delay.
    fn treat(
        &self,
        known: usize,
        hold: Duration,
        timeout: Duration,
    ) -> (Duration, Result<Answer, PostError>) {
        let soon = Duration::from_millis(7);
        let state = &mut *self.state();
        let act = self
            .plan
            .acts
            .get(state.polls)
            .copied()
            .unwrap_or(Act::News(1, 3));
        state.polls += 1;
        let http = |status| Answer::new(status, b"<html>".to_vec());
        match act {
            Act::Forget => state.forgotten = true,
            Act::News(by, _) | Act::Lose(by) => self.grow(state, by),
            _ => {}
        }
        if state.forgotten {
            return (soon, Ok(http(404)));
        }
        let version = state.version;
        // A client without a version gets the whole log.
        let act = match act {
            Act::Repeat(_) | Act::Older(_) if known == 0 => Act::News(0, 0),
            act => act,
        };
        match act {
            Act::News(_, after) => {
                let after = if version > known {
                    Duration::from_millis(after)
                } else {
                    hold
                };
                (after, Ok(self.status(state, known, version, true)))
            }
            Act::Hold => (hold, Ok(self.status(state, known, version, true))),
            Act::Repeat(log) => (Duration::ZERO, Ok(self.status(state, known, known, log))),
            Act::Older(by) => {
                let older = known.saturating_sub(by as usize);
                (soon, Ok(self.status(state, older.saturating_sub(1), older, true)))
            }
            Act::Lose(_) => (
                soon,
                Err(PostError::Lost {
                    timeout: None,
                    cause: "reset".into(),
                }),
            ),
            Act::Stall => (
                timeout,
                Err(PostError::Lost {
                    timeout: Some(timeout),
                    cause: "silence".into(),
                }),
            ),
            Act::Refuse => (
                soon,
                Err(PostError::NotSent {
                    timeout: None,
                    cause: "connection refused".into(),
                }),
            ),
            Act::Http(status) => (soon, Ok(http(status))),
            Act::Garbage | Act::Forget => (soon, Ok(http(200))),
        }
    }
}

impl Exchange for Arc<World> {
    fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>> {
        let world = Arc::clone(self);
        Box::pin(async move {
            if post.path == "api/invoke/VerifyStore" {
                let mut first = world.status(&world.state(), 0, 1, true);
                let token = format!(r#","token":"{}"}}"#, World::token().token);
                first.body.pop();
                first.body.extend(token.bytes());
                return Ok(first);
            }
            if post.path == "api/cancel-async" {
                tokio::time::sleep(Duration::from_millis(5)).await;
                let state = &mut *world.state();
                state.cancels += 1;
                let status = if state.forgotten { 404 } else { 200 };
                return Ok(Answer::new(status, b"null".to_vec()));
            }
            let field = |name: &str| {
                let mut fields = form_urlencoded::parse(post.body.as_bytes());
                let value = fields.find(|(field, _)| field == name).unwrap().1;
                value.parse::<u64>().unwrap()
            };
            let hold = Duration::from_millis(field("millisecondsTimeout"));
            let known = field("lastKnownStatusVersion") as usize;
            let (after, answer) = world.treat(known, hold, post.timeout);
            tokio::time::sleep(after).await;
            answer
        })
    }
}

/// Returns UTF-16 as a JSON string. Half of a surrogate pair is written as its escape.
fn json_text(units: &[u16]) -> String {
    let mut text = String::from("\"");
    for character in char::decode_utf16(units.iter().copied()) {
        match character {
            Ok(character) => {
                let quoted = serde_json::json!(character).to_string();
                text.push_str(&quoted[1..quoted.len() - 1]);
            }
            Err(half) => text.push_str(&format!("\\u{:04x}", half.unpaired_surrogate())),
        }
    }
    text + "\""
}
