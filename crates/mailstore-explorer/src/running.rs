//! The long calls that this explorer started.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use mailstore_transport::Function;
use serde::Deserialize;

/// The calls that have not ended.
#[derive(Default)]
pub(crate) struct Running {
    /// The running calls by their status tokens.
    calls: Mutex<HashMap<String, &'static Function>>,
    /// The changes that wait for their first response.
    waiting: Mutex<Vec<&'static str>>,
}

/// The calls that have not ended when an explorer ends, by the names of their functions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unfinished {
    /// The calls that are still running on the MailStore server, as far as the page has asked for their status.
    pub running: Vec<&'static str>,
    /// The changes that were sent and have no response. The MailStore server may have executed them.
    pub unknown: Vec<&'static str>,
}

/// A change that waits for its first response, until this value is dropped.
pub(crate) struct Waiting<'a> {
    waiting: &'a Mutex<Vec<&'static str>>,
    name: &'static str,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = waiting.iter().position(|name| *name == self.name) {
            waiting.swap_remove(place);
        }
    }
}

/// What a response says about a call.
enum State {
    Running {
        token: String,
    },
    Ended,
    /// The response is not that of a call.
    Unknown,
}

impl Running {
    /// More calls than a page starts. Further calls are not remembered, so only an explorer with writes cancels them.
    const MOST: usize = 1_000;

    /// Remembers a call if its response says that it is running.
    pub(crate) fn started(&self, function: &'static Function, body: &[u8]) {
        if let State::Running { token } = State::of(body) {
            self.with(|calls| {
                if calls.len() < Self::MOST {
                    calls.insert(token, function);
                }
            });
        }
    }

    /// Forgets a call if a response to a status request says that it ended.
    pub(crate) fn polled(&self, token: &str, status: u16, body: &[u8]) {
        if status == 404 || matches!(State::of(body), State::Ended) {
            self.with(|calls| calls.remove(token));
        }
    }

    /// Returns the function of a running call.
    pub(crate) fn function(&self, token: &str) -> Option<&'static Function> {
        self.with(|calls| calls.get(token).copied())
    }

    /// Remembers a call that is sent, if it may change the server.
    pub(crate) fn waits(&self, function: &'static Function) -> Option<Waiting<'_>> {
        if function.effect.only_reads() {
            return None;
        }
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push(function.name);
        Some(Waiting {
            waiting: &self.waiting,
            name: function.name,
        })
    }

    /// Returns the calls that have not ended.
    pub(crate) fn unfinished(&self) -> Unfinished {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut unknown = waiting.clone();
        unknown.sort_unstable();
        Unfinished {
            running: self.functions(),
            unknown,
        }
    }

    /// Returns the functions of the running calls, sorted by name.
    fn functions(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.with(|calls| calls.values().map(|function| function.name).collect());
        names.sort_unstable();
        names
    }

    fn with<T>(&self, use_calls: impl FnOnce(&mut HashMap<String, &'static Function>) -> T) -> T {
        // Each change is one operation of the map, so a panic leaves it whole.
        use_calls(&mut self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The members of a response that say whether a call is running. The others are skipped.
#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow, rename = "statusCode")]
    status: Option<Cow<'a, str>>,
    #[serde(borrow)]
    token: Option<Cow<'a, str>>,
}

impl State {
    fn of(body: &[u8]) -> Self {
        let json = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        let Ok(reply) = serde_json::from_slice::<Reply<'_>>(json) else {
            return Self::Unknown;
        };
        match (reply.status.as_deref(), reply.token) {
            (Some("running"), Some(token)) => Self::Running {
                token: token.into_owned(),
            },
            (Some("running"), None) | (None, _) => Self::Unknown,
            (Some(_), _) => Self::Ended,
        }
    }
}

/// Shows only functions, because a token gives access to a call.
impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.functions()).finish()
    }
}
