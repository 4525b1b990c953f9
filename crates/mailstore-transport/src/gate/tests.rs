//! Tests of the requests to scripted servers of the right, the wrong and no edition.

use std::error::Error as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mailstore_metadata::Edition;
use tokio::time::Instant;
use url::Url;
use wire_values::Json;

use crate::call::Call;
use crate::connection::{Connection, Limits};
use crate::error::{Error, ErrorKind};
use crate::exchange::{Answer, BoxFuture, Exchange, Post, PostError};
use crate::function::{Argument, ArgumentKind, Effect, Function, Surface};
use crate::task::Task;
use crate::token::StatusToken;

const ORIGIN: &str = "https://127.0.0.1:8463";
const LIMIT: Duration = Duration::from_secs(20);
const METADATA: &str = "api/get-metadata";

const INSTANCE: &[Argument] = &[Argument::new("instanceID", ArgumentKind::String)];

static DELETE_USER: Function = function("DeleteUser", Effect::Destructive, &[]);
static GET_USERS: Function = function("GetUsers", Effect::Read, &[]);
static SERVER: Surface = Surface::new("server", "API")
    .port(8463)
    .functions(&[&DELETE_USER, &GET_USERS]);

static DELETE_USER_OF: Function = function("DeleteUser", Effect::Destructive, INSTANCE);
static SPE: Surface = Surface::new("spe", "API")
    .port(8474)
    .functions(&[&DELETE_USER_OF]);

static UNKNOWN: Function = function("Novelty", Effect::Destructive, &[]);
static NO_EDITION: Surface = Surface::new("own", "API").port(1).functions(&[&UNKNOWN]);

const SERVER_LIST: &str = r#"[{"name": "GetServerInfo"}, {"name": "DeleteUser"}]"#;
const SPE_LIST: &str = r#"[{"name": "GetInstances"}]"#;

const fn function(name: &'static str, effect: Effect, arguments: &'static [Argument]) -> Function {
    Function::new(name)
        .path("api/invoke/")
        .effect(effect)
        .arguments(arguments)
}

/// How the server handles get-metadata.
#[derive(Clone, Copy)]
enum Metadata {
    List(&'static str),
    Status(u16),
    Refused,
    Silent,
}

struct Server {
    metadata: Mutex<Metadata>,
    /// Path and timeout of each request.
    sent: Mutex<Vec<(String, Duration)>>,
}

impl Server {
    fn new(metadata: Metadata) -> Arc<Self> {
        Arc::new(Self {
            metadata: Mutex::new(metadata),
            sent: Mutex::default(),
        })
    }

    fn connection(self: &Arc<Self>, surface: &'static Surface) -> Connection {
        self.limited(surface, |_| {})
    }

    fn limited(self: &Arc<Self>, surface: &'static Surface, change: impl Fn(&mut Limits)) -> Connection {
        let mut limits = Limits {
            request_timeout: LIMIT,
            poll_wait: LIMIT,
            polls_at_once: 1,
            ..Limits::default()
        };
        change(&mut limits);
        let base = Url::parse(ORIGIN).unwrap();
        Connection::new(surface, &base, Box::new(Arc::clone(self)), limits)
    }

    fn sent(&self) -> Vec<String> {
        let sent = self.sent.lock().unwrap();
        sent.iter().map(|(path, _)| path.clone()).collect()
    }

    fn becomes(&self, metadata: Metadata) {
        *self.metadata.lock().unwrap() = metadata;
    }
}

impl Exchange for Arc<Server> {
    fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>> {
        let metadata = *self.metadata.lock().unwrap();
        let is_metadata = post.path == METADATA;
        self.sent.lock().unwrap().push((post.path, post.timeout));
        let (status, body) = match metadata {
            _ if !is_metadata => (200, r#"{"statusCode": "succeeded", "statusVersion": 2}"#),
            Metadata::List(list) => (200, list),
            Metadata::Status(status) => (status, ""),
            Metadata::Refused => {
                return Box::pin(async {
                    Err(PostError::NotSent {
                        timeout: None,
                        cause: "connection refused".into(),
                    })
                });
            }
            Metadata::Silent => {
                return Box::pin(async move {
                    tokio::time::sleep(post.timeout).await;
                    let timeout = Some(post.timeout);
                    let cause = "silence".into();
                    Err(PostError::Lost { timeout, cause })
                });
            }
        };
        Box::pin(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok(Answer {
                status,
                body: body.into(),
                retry_after: None,
            })
        })
    }
}

/// Polls once.
async fn polled<F: Future + Unpin>(future: &mut F) -> std::task::Poll<F::Output> {
    std::future::poll_fn(|context| std::task::Poll::Ready(std::pin::Pin::new(&mut *future).poll(context)))
        .await
}

fn delete(connection: &Connection) -> Call {
    Call::new(connection, "DeleteUser")
}

#[track_caller]
fn assert_not_sent(error: &Error) {
    assert!(!error.is_outcome_unknown(), "{error}");
    assert_eq!(error.function(), Some("DeleteUser"), "{error}");
}

#[track_caller]
fn assert_wrong(error: &Error, edition: Option<Edition>) {
    assert!(
        matches!(error.kind(), ErrorKind::WrongEdition { found, .. } if *found == edition),
        "{error}"
    );
    assert_not_sent(error);
    assert!(
        !error.is_transient() && error.to_string().contains("no call was sent"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn calls_that_may_change_the_server_are_not_sent_to_the_wrong_edition() {
    for (surface, list, found) in [
        (&SPE, SERVER_LIST, Edition::Server),
        (&SERVER, SPE_LIST, Edition::Spe),
    ] {
        let server = Server::new(Metadata::List(list));
        let connection = server.connection(surface);
        assert_wrong(&delete(&connection).await.unwrap_err(), Some(found));
        assert_wrong(&delete(&connection).start().await.unwrap_err(), Some(found));
        assert_wrong(&delete(&connection).raw().await.unwrap_err(), Some(found));
        let unheard = Call::<Json>::new(&connection, "Unheard").await.unwrap_err();
        assert!(
            matches!(unheard.kind(), ErrorKind::WrongEdition { .. }),
            "{unheard}"
        );
        assert_eq!(server.sent(), [METADATA], "asked once");
    }
}

#[tokio::test(start_paused = true)]
async fn the_error_names_both_editions_and_their_ports() {
    let server = Server::new(Metadata::List(SERVER_LIST));
    let error = delete(&server.connection(&SPE)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "DeleteUser: no call was sent: this client is for MailStore Service Provider Edition, but the server is a \
         MailStore Server. Check the address (the usual port is 8474 for MailStore Service Provider Edition and 8463 \
         for MailStore Server), or use the client for MailStore Server"
    );
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_share_one_verification() {
    let server = Server::new(Metadata::List(SERVER_LIST));
    let connection = server.connection(&SERVER);
    let calls = (0..50).map(|_| delete(&connection).into_future());
    let ended = futures_util::future::join_all(calls).await;
    assert!(ended.iter().all(Result::is_ok));
    delete(&connection.clone()).await.unwrap();
    let sent = server.sent();
    assert_eq!(sent.iter().filter(|path| *path == METADATA).count(), 1);
    assert_eq!((sent[0].as_str(), sent.len()), (METADATA, 52));
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_share_a_failure_and_the_next_call_retries() {
    let server = Server::new(Metadata::Status(403));
    let connection = server.connection(&SERVER);
    let calls = (0..50).map(|_| delete(&connection).into_future());
    for ended in futures_util::future::join_all(calls).await {
        let error = ended.unwrap_err();
        assert!(error.is_auth(), "{error}");
        assert_not_sent(&error);
    }
    assert_eq!(server.sent(), [METADATA]);
    server.becomes(Metadata::List(SERVER_LIST));
    delete(&connection).await.unwrap();
    assert_eq!(server.sent(), [METADATA, METADATA, "api/invoke/DeleteUser"]);
}

#[tokio::test(start_paused = true)]
async fn read_only_calls_are_sent_without_verification() {
    let server = Server::new(Metadata::List(SPE_LIST));
    let connection = server.connection(&SERVER);
    Call::<Json>::new(&connection, "GetUsers").await.unwrap();
    assert_eq!(server.sent(), ["api/invoke/GetUsers"]);
    let read_only = server.limited(&SERVER, |limits| limits.read_only = true);
    assert!(delete(&read_only).await.unwrap_err().is_read_only());
    assert_eq!(server.sent(), ["api/invoke/GetUsers"]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_verified_if_the_edition_is_assumed_or_unknown_to_the_program() {
    let server = Server::new(Metadata::Silent);
    delete(&server.limited(&SPE, |limits| limits.assume_edition = true))
        .await
        .unwrap();
    Call::<Json>::new(&server.connection(&NO_EDITION), "Novelty")
        .await
        .unwrap();
    assert_eq!(server.sent(), ["api/invoke/DeleteUser", "api/invoke/Novelty"]);
}

#[tokio::test(start_paused = true)]
async fn a_list_of_an_unknown_edition_is_rejected_and_requested_again() {
    let server = Server::new(Metadata::List(r#"[{"name": "F"}]"#));
    let connection = server.connection(&SERVER);
    let error = delete(&connection).await.unwrap_err();
    assert_wrong(&error, None);
    assert!(error.to_string().contains("`assume_edition`"), "{error}");
    server.becomes(Metadata::List(SERVER_LIST));
    delete(&connection).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_call_is_not_sent_if_the_verification_fails_and_the_error_names_the_cause() {
    for metadata in [
        Metadata::Status(401),
        Metadata::Status(403),
        Metadata::Status(404),
        Metadata::Status(503),
        Metadata::List("<html>"),
        Metadata::Refused,
        Metadata::Silent,
    ] {
        let server = Server::new(metadata);
        let connection = server.connection(&SERVER);
        let error = delete(&connection).await.unwrap_err();
        assert_not_sent(&error);
        assert!(!server.sent().contains(&"api/invoke/DeleteUser".to_owned()));
        let text = error.to_string();
        let is_plain = matches!(metadata, Metadata::Status(401) | Metadata::Refused);
        assert_eq!(
            text.contains("not sent, because the edition"),
            !is_plain,
            "{text}"
        );
        assert_eq!(text.contains("`assume_edition`"), !is_plain, "{text}");
        let cause = error.source().unwrap().to_string();
        assert!(cause.starts_with("get-metadata: "), "{cause}");
        let is_transient = matches!(
            metadata,
            Metadata::Status(503) | Metadata::Refused | Metadata::Silent
        );
        assert_eq!(error.is_transient(), is_transient, "{text}");
        assert!(
            !matches!(error.kind(), ErrorKind::UnknownFunction { .. }),
            "{text}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_callers_timeout_includes_the_verification() {
    let server = Server::new(Metadata::List(SERVER_LIST));
    let connection = server.connection(&SERVER);
    delete(&connection).await.unwrap();
    let left = server.sent.lock().unwrap()[1].1;
    assert_eq!(left, LIMIT - Duration::from_secs(1));

    let silent = Server::new(Metadata::Silent);
    let begun = Instant::now();
    let limit = Duration::from_secs(3);
    let error = delete(&silent.connection(&SERVER))
        .timeout(limit)
        .await
        .unwrap_err();
    assert_eq!(begun.elapsed(), limit);
    assert!(
        matches!(error.kind(), ErrorKind::Lost { timeout: Some(_) }),
        "{error}"
    );
    assert_not_sent(&error);
}

/// A caller with little time must not take the response from one with more.
#[tokio::test(start_paused = true)]
async fn a_short_timeout_does_not_fail_the_calls_that_wait_with_it() {
    let server = Server::new(Metadata::List(SERVER_LIST));
    let connection = server.connection(&SERVER);
    let hasty = delete(&connection).timeout(Duration::from_millis(10));
    let (hasty, patient) = tokio::join!(hasty.into_future(), delete(&connection).into_future());
    hasty.unwrap_err();
    patient.unwrap();
    assert_eq!(server.sent(), [METADATA, "api/invoke/DeleteUser"]);
}

/// A future that is kept but no longer polled must not block the others.
#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_or_no_longer_polled_does_not_stop_the_others() {
    let server = Server::new(Metadata::List(SERVER_LIST));
    let connection = server.connection(&SERVER);
    let mut kept = delete(&connection).into_future();
    assert!(polled(&mut kept).await.is_pending());
    let mut dropped = delete(&connection).into_future();
    assert!(polled(&mut dropped).await.is_pending());
    drop(dropped);
    let begun = Instant::now();
    delete(&connection).await.unwrap();
    assert_eq!(begun.elapsed(), Duration::from_secs(2));
    kept.await.unwrap();
    let asked = server.sent().iter().filter(|path| *path == METADATA).count();
    assert_eq!(asked, 1);
}

/// After all callers have stopped waiting, the next caller sends its own request.
#[tokio::test(start_paused = true)]
async fn a_request_without_waiting_calls_is_cancelled() {
    let server = Server::new(Metadata::Silent);
    let connection = server.connection(&SERVER);
    let mut dropped = delete(&connection).into_future();
    assert!(polled(&mut dropped).await.is_pending());
    drop(dropped);
    server.becomes(Metadata::List(SERVER_LIST));
    delete(&connection).await.unwrap();
    assert_eq!(server.sent(), [METADATA, METADATA, "api/invoke/DeleteUser"]);
}

/// A future that waited for a failed request and is kept must not give its failure to later calls.
#[tokio::test(start_paused = true)]
async fn a_failure_is_not_kept_by_a_future_that_is_no_longer_polled() {
    let server = Server::new(Metadata::Status(403));
    let connection = server.connection(&SERVER);
    let mut kept = delete(&connection).into_future();
    assert!(polled(&mut kept).await.is_pending());
    delete(&connection).await.unwrap_err();
    server.becomes(Metadata::List(SERVER_LIST));
    delete(&connection).await.unwrap();
    kept.await.unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn a_list_that_was_read_for_another_reason_is_used() {
    let server = Server::new(Metadata::List(SERVER_LIST));
    let connection = server.connection(&SERVER);
    connection.compatibility().await.unwrap();
    delete(&connection).await.unwrap();
    assert_eq!(server.sent(), [METADATA, "api/invoke/DeleteUser"]);
}

fn token(function: &str) -> StatusToken {
    StatusToken {
        token: "0f".repeat(16),
        version: 0,
        function: function.to_owned(),
        origin: ORIGIN.to_owned(),
        surface: "server".to_owned(),
        open: Vec::new(),
    }
}

#[tokio::test(start_paused = true)]
async fn the_edition_is_verified_before_a_cancel_request_unless_the_call_is_read_only() {
    let server = Server::new(Metadata::List(SPE_LIST));
    let connection = server.connection(&SERVER);
    let mut task = Task::<Json>::resume(&connection, token("DeleteUser")).unwrap();
    let error = task.request_cancel().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::WrongEdition { .. }), "{error}");
    assert_eq!(server.sent(), [METADATA]);
    let mut task = Task::<Json>::resume(&connection, token("GetUsers")).unwrap();
    task.request_cancel().await.unwrap();
    assert_eq!(server.sent(), [METADATA, "api/cancel-async"]);
}

#[tokio::test]
async fn a_token_of_another_edition_at_the_same_address_is_rejected() {
    let server = Server::new(Metadata::Silent);
    let error = Task::<Json>::resume(&server.connection(&SPE), token("DeleteUser")).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ForeignToken { .. }), "{error}");
    assert!(server.sent().is_empty());
}

/// A blocked runtime must not block the calls of another runtime.
#[test]
fn each_runtime_sends_its_own_request() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap()
    };
    let server = Server::new(Metadata::List(SERVER_LIST));
    let connection = server.connection(&SERVER);
    let (idle, busy) = (runtime(), runtime());
    let mut kept = delete(&connection).into_future();
    assert!(idle.block_on(polled(&mut kept)).is_pending());
    busy.block_on(delete(&connection).into_future()).unwrap();
    drop(idle);
    drop(kept);
    busy.block_on(delete(&connection).into_future()).unwrap();
}
