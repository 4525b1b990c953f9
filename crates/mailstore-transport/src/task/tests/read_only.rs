//! Tests of read-only clients: the requests that they send and the calls that they reject.

use std::error::Error as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use url::Url;
use wire_values::Json;

use super::{ORIGIN, WAIT};
use crate::call::Call;
use crate::connection::{Connection, Limits};
use crate::error::{Error, ErrorKind};
use crate::exchange::{Answer, BoxFuture, Exchange, Post, PostError};
use crate::function::{Effect, Function, Surface};
use crate::task::Task;
use crate::wait::WaitOptions;

const EFFECTS: [Effect; 8] = Effect::ALL;

const NAMES: [&str; EFFECTS.len()] = ["A", "B", "C", "D", "E", "F", "G", "H"];

/// A function of each effect. `A` is read-only.
static FUNCTIONS: [Function; EFFECTS.len()] = {
    const NOTHING: Function = Function::new("").path("api/invoke/").effect(Effect::Unknown);
    let mut functions = [NOTHING; EFFECTS.len()];
    let mut index = 0;
    while index < EFFECTS.len() {
        functions[index] = Function::new(NAMES[index])
            .path("api/invoke/")
            .effect(EFFECTS[index]);
        index += 1;
    }
    functions
};

static SURFACE: Surface = Surface::new("server", "Test").port(8463).functions(&[
    &FUNCTIONS[0],
    &FUNCTIONS[1],
    &FUNCTIONS[2],
    &FUNCTIONS[3],
    &FUNCTIONS[4],
    &FUNCTIONS[5],
    &FUNCTIONS[6],
    &FUNCTIONS[7],
]);

/// Responds with `running` to every call and every poll, and records the requests.
#[derive(Default)]
struct Server {
    paths: Mutex<Vec<String>>,
}

impl Server {
    fn connection(self: &Arc<Self>, read_only: bool) -> Connection {
        let limits = Limits {
            request_timeout: WAIT,
            poll_wait: WAIT,
            polls_at_once: 1,
            read_only,
            ..Limits::default()
        };
        let base = Url::parse(ORIGIN).unwrap();
        Connection::new(&SURFACE, &base, Box::new(Arc::clone(self)), limits)
    }

    /// A read-only client that resumed a call of a client with all rights.
    async fn running(self: &Arc<Self>, function: &str) -> Task<Json> {
        let call = Call::<Json>::new(&self.connection(false), function);
        let token = call.start().await.unwrap().detach().unwrap();
        self.paths.lock().unwrap().clear();
        Task::resume(&self.connection(true), token).unwrap()
    }

    fn paths(&self) -> Vec<String> {
        self.paths.lock().unwrap().clone()
    }

    fn cancels(&self) -> usize {
        let is_cancel = |path: &&String| *path == "api/cancel-async";
        self.paths.lock().unwrap().iter().filter(is_cancel).count()
    }
}

impl Exchange for Arc<Server> {
    fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>> {
        let mut paths = self.paths.lock().unwrap();
        let version = paths.len() + 1;
        paths.push(post.path);
        let body = serde_json::json!({
            "statusCode": "running",
            "statusVersion": version,
            "token": "00".repeat(16),
            "logOutput": "line\r\n",
        });
        Box::pin(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok(Answer::new(200, body.to_string().into_bytes()))
        })
    }
}

#[track_caller]
fn assert_refused(error: &Error, name: &str, refused: Effect) {
    assert!(error.is_read_only(), "{error}");
    assert!(!error.is_transient() && !error.is_auth(), "{error}");
    // A call that is not cancelled continues.
    assert_eq!(error.is_outcome_unknown(), error.is_cancel_failure(), "{error}");
    assert!(
        matches!(error.kind(), ErrorKind::ReadOnly { effect, .. } if *effect == refused),
        "{error}"
    );
    assert_eq!(error.function(), Some(name));
    let text = error.to_string();
    assert!(text.starts_with(&format!("{name}: ")), "{text}");
    assert!(text.contains(&format!("effect: {refused}")), "{text}");
    assert!(text.contains("`read_only`"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn calls_that_are_not_read_only_are_rejected_before_they_are_sent() {
    let server = Arc::new(Server::default());
    let connection = server.connection(true);
    assert!(connection.is_read_only() && !server.connection(false).is_read_only());
    for (name, effect) in NAMES.into_iter().zip(EFFECTS).skip(1) {
        let call = || Call::<Json>::new(&connection, name).arg("userName", "jane");
        assert_refused(&call().await.unwrap_err(), name, effect);
        assert_refused(&call().start().await.unwrap_err(), name, effect);
        assert_refused(&call().raw().await.unwrap_err(), name, effect);
    }
    assert_eq!(server.paths(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn an_unknown_function_is_rejected_and_the_error_says_why() {
    let server = Arc::new(Server::default());
    let call = Call::<Json>::new(&server.connection(true), "GetNovelty");
    let error = call.await.unwrap_err();
    assert_refused(&error, "GetNovelty", Effect::Unknown);
    assert!(error.to_string().contains("the function is unknown"), "{error}");
    assert_eq!(server.paths(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn read_only_requests_are_sent() {
    let server = Arc::new(Server::default());
    let connection = server.connection(true);
    connection.metadata().await.unwrap();
    let call = || Call::<Json>::new(&connection, "A");
    call().raw().await.unwrap();
    let mut task = call().start().await.unwrap();
    task.next().await.unwrap().unwrap();
    task.next().await.unwrap().unwrap();
    assert_eq!(
        server.paths(),
        [
            "api/get-metadata",
            "api/invoke/A",
            "api/invoke/A",
            "api/get-status"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_running_call_can_be_polled_but_not_cancelled() {
    let server = Arc::new(Server::default());
    for (name, effect) in NAMES.into_iter().zip(EFFECTS).skip(1) {
        let mut task = server.running(name).await;
        task.next().await.unwrap().unwrap();
        let error = task.request_cancel().await.unwrap_err();
        assert_refused(&error, name, effect);
        assert!(
            matches!(error.kind(), ErrorKind::ReadOnly { cancelling: true, .. }),
            "{error}"
        );
        assert_eq!(
            error.task_token(),
            task.token(),
            "to be cancelled by another client"
        );
        task.next().await.unwrap().unwrap();
        assert_refused(&task.cancel().await.unwrap_err(), name, effect);
        assert_eq!(server.cancels(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_only_call_can_be_cancelled() {
    let server = Arc::new(Server::default());
    server.running("A").await.request_cancel().await.unwrap();
    assert_eq!(server.cancels(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_task_cancels_only_read_only_calls() {
    let server = Arc::new(Server::default());
    for (name, cancels) in [("A", 1), ("G", 0), ("H", 0)] {
        drop(server.running(name).await.cancel_on_drop());
        tokio::time::sleep(WAIT).await;
        assert_eq!(server.cancels(), cancels, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_error_of_a_rejected_cancel_at_a_limit_has_the_limit_as_its_cause() {
    let server = Arc::new(Server::default());
    let options = WaitOptions::new().total(WAIT).cancel_at_limit();
    let error = server.running("F").await.wait(options).await.unwrap_err();
    assert_refused(&error, "F", Effect::Maintenance);
    assert!(error.task_token().is_some());
    let cause = error.source().unwrap().downcast_ref::<Error>().unwrap();
    assert!(cause.is_wait_limit(), "{cause}");
    assert_eq!(server.cancels(), 0);

    let error = server.running("A").await.wait(options).await.unwrap_err();
    assert!(error.is_wait_limit(), "asked to stop, and it did not: {error}");
    assert_eq!(server.cancels(), 1);
}
