//! Tests of the requests of the checks and of the request after an HTTP 404.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use url::Url;
use wire_values::Json;

use super::{function, list, surface};
use crate::call::Call;
use crate::connection::{Connection, Limits};
use crate::error::{Error, ErrorKind};
use crate::exchange::{Answer, BoxFuture, Exchange, Post, PostError};
use crate::function::Effect;
use crate::task::Task;
use crate::token::StatusToken;

const ORIGIN: &str = "https://127.0.0.1:8463";
const REQUEST_TIMEOUT: Duration = Duration::from_secs(120);

/// Returns this HTTP status for every call, and this response for get-metadata.
struct Server {
    status: u16,
    metadata: Metadata,
    asked: Mutex<Vec<(String, Duration)>>,
}

#[derive(Clone)]
enum Metadata {
    Is(Vec<u8>),
    Status(u16),
    /// Sends no response before the timeout of the client.
    Silence,
}

impl Server {
    fn new(status: u16, metadata: Metadata) -> Arc<Self> {
        let asked = Mutex::default();
        Arc::new(Self {
            status,
            metadata,
            asked,
        })
    }

    /// A server that has these of the program's functions `F` and `G`.
    fn lists(lines: &[&str]) -> Arc<Self> {
        Self::new(404, Metadata::Is(list(lines)))
    }

    fn connection(self: &Arc<Self>) -> Connection {
        self.limited(false)
    }

    fn limited(self: &Arc<Self>, read_only: bool) -> Connection {
        let limits = Limits {
            request_timeout: REQUEST_TIMEOUT,
            poll_wait: Duration::from_secs(10),
            polls_at_once: 1,
            read_only,
            ..Limits::default()
        };
        let base = Url::parse(ORIGIN).unwrap();
        Connection::new(surface(&["F", "G"]), &base, Box::new(Arc::clone(self)), limits)
    }

    fn asked(&self) -> Vec<String> {
        self.asked
            .lock()
            .unwrap()
            .iter()
            .map(|(path, _)| path.clone())
            .collect()
    }
}

impl Exchange for Arc<Server> {
    fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>> {
        let is_metadata = post.path == "api/get-metadata";
        let timeout = post.timeout;
        self.asked.lock().unwrap().push((post.path, timeout));
        let answer = match (&self.metadata, is_metadata) {
            (Metadata::Is(list), true) => Answer::new(200, list.clone()),
            (Metadata::Status(status), true) => Answer::new(*status, Vec::new()),
            (Metadata::Silence, true) => {
                return Box::pin(async move {
                    tokio::time::sleep(timeout).await;
                    let cause = "silence".into();
                    Err(PostError::Lost {
                        timeout: Some(timeout),
                        cause,
                    })
                });
            }
            (_, false) => Answer::new(self.status, Vec::new()),
        };
        Box::pin(async { Ok(answer) })
    }
}

fn call(connection: &Connection, function: &str) -> Call {
    Call::<Json>::new(connection, function).arg("password", "hunter2")
}

#[track_caller]
fn assert_listed(error: &Error, expected: Option<bool>) {
    assert!(
        matches!(error.kind(), ErrorKind::UnknownFunction { listed, .. } if *listed == expected),
        "{error}"
    );
    assert!(
        !error.is_transient() && !error.is_outcome_unknown() && !error.is_token_expired(),
        "{error}"
    );
    assert!(!format!("{error:#?}").contains("hunter2"));
}

const PLAIN: &str = "F: the server does not have this function (HTTP 404): check that its version and edition are those \
                     that this program was compiled for";

#[tokio::test(start_paused = true)]
async fn the_error_says_that_a_function_is_missing_on_the_server() {
    let server = Server::lists(&["G"]);
    let error = call(&server.connection(), "F").await.unwrap_err();
    assert_listed(&error, Some(false));
    assert_eq!(
        error.to_string(),
        "F: the server does not have this function (HTTP 404): it is not in the function list of the server. This \
         program was compiled for version 24. Check the name of the function, or do not call it on this server"
    );
    assert_eq!(server.asked(), ["api/invoke/F", "api/get-metadata"]);
    assert!(
        server.asked.lock().unwrap()[1].1 <= Duration::from_secs(10),
        "bounded"
    );
}

#[tokio::test(start_paused = true)]
async fn the_error_says_that_the_server_lists_a_function() {
    for lines in [&["F"][..], &["F at:date"]] {
        let server = Server::lists(lines);
        let error = call(&server.connection(), "F").await.unwrap_err();
        assert_listed(&error, Some(true));
        assert!(
            error.to_string().starts_with(
                "F: the server returned HTTP 404, although the function is in its function list. "
            ),
            "{error}"
        );
        assert_eq!(server.asked(), ["api/invoke/F", "api/get-metadata"]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_http_404_is_explained_for_every_way_of_sending_a_call() {
    let server = Server::lists(&["G"]);
    let connection = server.limited(true);
    assert_listed(&call(&connection, "F").start().await.unwrap_err(), Some(false));
    assert_listed(&call(&connection, "F").raw().await.unwrap_err(), Some(false));
    let unheard_of = call(&server.connection(), "Unheard").await.unwrap_err();
    assert_listed(&unheard_of, Some(false));
    assert_eq!(server.asked().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn the_error_is_unchanged_if_the_list_cannot_be_read() {
    for metadata in [
        Metadata::Status(401),
        Metadata::Status(404),
        Metadata::Status(503),
        Metadata::Is(b"<html>hunter2".to_vec()),
        Metadata::Silence,
    ] {
        let server = Server::new(404, metadata);
        let error = call(&server.connection(), "F").await.unwrap_err();
        assert_listed(&error, None);
        assert_eq!(error.to_string(), PLAIN);
        assert_eq!(server.asked(), ["api/invoke/F", "api/get-metadata"], "asked once");
    }
}

/// The request for the list has the same timeout as the call.
#[tokio::test(start_paused = true)]
async fn the_request_for_the_list_ends_at_the_timeout_of_the_call() {
    let server = Server::new(404, Metadata::Silence);
    let asked_at = tokio::time::Instant::now();
    let limit = Duration::from_secs(2);
    assert_listed(
        &call(&server.connection(), "F").timeout(limit).await.unwrap_err(),
        None,
    );
    assert_eq!(asked_at.elapsed(), limit);
}

#[tokio::test(start_paused = true)]
async fn other_errors_cause_no_request_for_the_list() {
    for status in [401, 403, 418, 500] {
        let server = Server::new(status, Metadata::Is(list(&["G"])));
        call(&server.connection(), "F")
            .timeout(Duration::ZERO)
            .raw()
            .await
            .unwrap_err();
        assert!(
            !server.asked().contains(&"api/get-metadata".to_owned()),
            "{status}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn status_and_cancel_requests_cause_no_request_for_the_list() {
    let server = Server::lists(&["G"]);
    let token = StatusToken {
        token: "0f".repeat(16),
        version: 0,
        function: "F".into(),
        origin: ORIGIN.into(),
        surface: "server".into(),
        open: Vec::new(),
    };
    let mut task = Task::<Json>::resume(&server.connection(), token).unwrap();
    assert!(task.request_cancel().await.unwrap_err().is_token_expired());
    assert!(task.await.unwrap_err().is_token_expired());
    assert_eq!(server.asked(), ["api/cancel-async", "api/get-status"]);
    // No server lists these operations, even if a program calls them like functions.
    for name in ["get-status", "cancel-async", "get-metadata"] {
        assert_listed(&call(&server.connection(), name).await.unwrap_err(), None);
    }
    assert!(!server.asked().contains(&"api/get-metadata".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_check_is_one_read_only_request() {
    let server = Server::lists(&["F", "H"]);
    let connection = server.limited(true);
    let future = connection.compatibility();
    assert_eq!(
        server.asked(),
        Vec::<String>::new(),
        "nothing is sent before it is awaited"
    );
    let report = future.await.unwrap();
    assert_eq!(
        (report.missing(), report.added()),
        (vec!["G"], &["H".to_owned()][..])
    );
    assert_eq!(server.asked(), ["api/get-metadata"]);
    let [f, g] = [0, 1].map(|index| connection.surface().functions[index]);
    connection.require_compatible([f]).await.unwrap();
    let error = connection.require_compatible([f, g]).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Incompatible { changes, .. } if changes.len() == 1),
        "{error}"
    );
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_function_of_another_catalog_cannot_be_required() {
    let server = Server::lists(&["F", "G", "H"]);
    let error = server
        .connection()
        .require_compatible([function("H")])
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Configuration(_)), "{error}");
    assert!(
        error
            .to_string()
            .starts_with("H is not a function of this client"),
        "{error}"
    );
    assert_eq!(server.asked(), Vec::<String>::new());
    assert_eq!(function("H").effect, Effect::Read);
}

#[tokio::test(start_paused = true)]
async fn the_error_of_a_check_says_why_there_is_no_list() {
    for (metadata, is_auth) in [(Metadata::Status(401), true), (Metadata::Silence, false)] {
        let server = Server::new(404, metadata);
        let connection = server.connection();
        let error = connection.compatibility().await.unwrap_err();
        assert_eq!(
            (error.is_auth(), error.function()),
            (is_auth, Some("get-metadata")),
            "{error}"
        );
        let f = connection.surface().functions[0];
        let error = connection.require_compatible([f]).await.unwrap_err();
        assert_eq!(error.is_auth(), is_auth);
    }
}
