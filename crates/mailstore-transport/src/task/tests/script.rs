//! A server that handles requests as a test specifies.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::sleep;
use url::Url;

use super::ORIGIN;
use crate::connection::{Connection, Limits};
use crate::exchange::{Answer, BoxFuture, Exchange, Post, PostError};
use crate::function::{Effect, Function, Surface};

static VERIFY: Function = Function::new("VerifyStore")
    .path("api/invoke/")
    .effect(Effect::Action);
static READ: Function = Function::new("GetUsers").path("api/invoke/").effect(Effect::Read);
static SURFACE: Surface = Surface::new("server", "Test")
    .port(8463)
    .functions(&[&VERIFY, &READ]);

/// This response after this time. A request whose timeout is shorter is lost.
pub(super) type Treated = (Duration, Result<Answer, PostError>);

/// Handles a request with this path. The number counts all requests from 0.
type Treat = dyn Fn(&str, usize) -> Treated + Send + Sync;

pub(super) struct Script {
    treat: Box<Treat>,
    paths: Mutex<Vec<String>>,
}

pub(super) fn at_once(answer: Answer) -> Treated {
    (Duration::ZERO, Ok(answer))
}

/// A response with this HTTP status and without a body.
pub(super) fn http(status: u16) -> Answer {
    Answer::new(status, Vec::new())
}

/// A status of a call with a token.
pub(super) fn status(word: &str, version: usize) -> Answer {
    let token = "00".repeat(16);
    let body = format!(r#"{{"statusCode":"{word}","statusVersion":{version},"token":"{token}"}}"#);
    Answer::new(200, body.into_bytes())
}

impl Script {
    pub(super) fn new(treat: impl Fn(&str, usize) -> Treated + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            treat: Box::new(treat),
            paths: Mutex::default(),
        })
    }

    pub(super) fn connection(self: &Arc<Self>, limits: Limits) -> Connection {
        // The script contains only calls and their statuses: it has no response to get-metadata.
        let limits = Limits {
            assume_edition: true,
            ..limits
        };
        let base = Url::parse(ORIGIN).unwrap();
        Connection::new(&SURFACE, &base, Box::new(Arc::clone(self)), limits)
    }

    /// Returns the number of requests with this path.
    pub(super) fn count(&self, path: &str) -> usize {
        self.paths
            .lock()
            .unwrap()
            .iter()
            .filter(|seen| *seen == path)
            .count()
    }
}

impl Exchange for Arc<Script> {
    fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>> {
        let script = Arc::clone(self);
        Box::pin(async move {
            let number = {
                let mut paths = script.paths.lock().unwrap();
                paths.push(post.path.clone());
                paths.len() - 1
            };
            let (after, answer) = (script.treat)(&post.path, number);
            if after >= post.timeout {
                sleep(post.timeout).await;
                return Err(PostError::Lost {
                    timeout: Some(post.timeout),
                    cause: "silence".into(),
                });
            }
            sleep(after).await;
            answer
        })
    }
}
