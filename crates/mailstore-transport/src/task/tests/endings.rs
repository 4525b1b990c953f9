//! Tests of the ends of tasks: what happens to the call, and what the errors say about it.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_core::Stream;
use tokio::time::{sleep, timeout};
use wire_values::Json;

use super::WAIT;
use super::script::{Script, Treated, at_once, http, status};
use crate::call::Call;
use crate::connection::Limits;
use crate::error::{Error, ErrorKind};
use crate::task::Task;
use crate::wait::{Patience, WaitOptions};

const STATUS: &str = "api/get-status";
const CANCEL: &str = "api/cancel-async";

/// A running call. `treat` handles its status and cancel requests.
async fn running(
    treat: impl Fn(&str, usize) -> Treated + Send + Sync + 'static,
) -> (Arc<Script>, Task<Json>) {
    let server = Script::new(move |path, number| match path {
        "api/invoke/VerifyStore" => at_once(status("running", 1)),
        path => treat(path, number),
    });
    let connection = server.connection(Limits::default());
    let task = Call::new(&connection, "VerifyStore").start().await.unwrap();
    (server, task)
}

/// A call that ends with its first status request.
async fn ending(word: &'static str) -> (Arc<Script>, Task<Json>) {
    running(move |path, _| match path {
        CANCEL => at_once(http(200)),
        _ => at_once(status(word, 2)),
    })
    .await
}

/// A call without news.
async fn silent() -> (Arc<Script>, Task<Json>) {
    running(|path, _| match path {
        CANCEL => at_once(http(200)),
        _ => (Duration::MAX, Ok(http(200))),
    })
    .await
}

async fn stream_of(task: &mut Task<Json>) -> Vec<Result<(), Error>> {
    let mut all = Vec::new();
    let mut updates = task.updates();
    while let Some(news) = poll_fn(|context| Pin::new(&mut updates).poll_next(context)).await {
        all.push(news.map(|_| ()));
    }
    all
}

#[tokio::test(start_paused = true)]
async fn dropping_a_task_after_its_last_update_cancels_nothing() {
    for word in ["succeeded", "failed", "cancelled"] {
        let (server, task) = ending(word).await;
        let mut task = task.cancel_on_drop();
        task.next().await.unwrap().unwrap();
        let last = task.next().await.unwrap().unwrap();
        assert_eq!(last.status().as_str(), word);
        assert!(task.is_finished());
        drop(task);
        sleep(WAIT).await;
        assert_eq!(server.count(CANCEL), 0, "{word}");
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_a_task_after_an_unknown_status_cancels_the_call() {
    let (server, task) = ending("melting").await;
    let error = task.cancel_on_drop().await.unwrap_err();
    assert!(
        error.to_string().contains("a cancel request is being sent"),
        "{error}"
    );
    sleep(WAIT).await;
    assert_eq!(server.count(CANCEL), 1);
}

#[tokio::test(start_paused = true)]
async fn dropping_a_task_after_its_token_expired_cancels_nothing() {
    let (server, task) = running(|_, _| at_once(http(404))).await;
    let error = task.cancel_on_drop().await.unwrap_err();
    assert!(error.is_token_expired() && error.is_outcome_unknown(), "{error}");
    assert!(!error.to_string().contains("stop the call"), "{error}");
    sleep(WAIT).await;
    assert_eq!(server.count(CANCEL), 0);
}

#[tokio::test(start_paused = true)]
async fn the_error_of_a_limit_says_whether_the_call_continues() {
    let options = WaitOptions::new().total(WAIT);
    let (server, task) = silent().await;
    let error = task.wait(options).await.unwrap_err();
    assert!(
        error.to_string().contains("it continues on the server"),
        "{error}"
    );
    sleep(WAIT).await;
    assert_eq!(server.count(CANCEL), 0);

    let (server, task) = silent().await;
    let error = task.cancel_on_drop().wait(options).await.unwrap_err();
    assert!(error.is_wait_limit() && error.task_token().is_some());
    let text = error.to_string();
    assert!(
        text.contains("a cancel request is being sent") && !text.contains("continues"),
        "{text}"
    );
    sleep(WAIT).await;
    assert_eq!(server.count(CANCEL), 1);
}

#[tokio::test(start_paused = true)]
async fn the_error_of_a_dropped_task_with_cancel_on_drop_mentions_the_cancel_request() {
    let (server, task) = running(|path, _| match path {
        CANCEL => at_once(http(200)),
        _ => at_once(http(401)),
    })
    .await;
    let error = task.cancel_on_drop().await.unwrap_err();
    assert!(error.is_auth() && error.is_outcome_unknown(), "{error}");
    assert!(
        error.to_string().contains("a cancel request is being sent"),
        "{error}"
    );
    sleep(WAIT).await;
    assert_eq!(server.count(CANCEL), 1);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_wait_with_cancel_on_drop_cancels_once() {
    let (server, task) = silent().await;
    let waiting = task.cancel_on_drop().into_future();
    assert!(timeout(Duration::from_millis(5), waiting).await.is_err());
    sleep(WAIT).await;
    assert_eq!(server.count(CANCEL), 1);

    let (server, task) = silent().await;
    task.cancel_on_drop().detach().unwrap();
    sleep(WAIT).await;
    assert_eq!(server.count(CANCEL), 0);
}

#[tokio::test(start_paused = true)]
async fn a_failed_cancel_request_is_not_a_failure_of_the_function() {
    for code in [401, 403, 418, 503] {
        let (_server, mut task) = running(move |path, _| match path {
            CANCEL => at_once(http(code)),
            _ => at_once(status("succeeded", 2)),
        })
        .await;
        let error = task.request_cancel().await.unwrap_err();
        assert!(error.is_cancel_failure() && error.is_outcome_unknown(), "{error}");
        assert!(error.task_token().is_some() && error.server_error().is_none());
        assert!(
            error
                .to_string()
                .starts_with("VerifyStore: the cancel request failed"),
            "{error}"
        );
        assert_eq!(error.is_resumable(), code == 503, "{error}");
        task.await.expect("the call itself succeeds");
    }
}

#[tokio::test(start_paused = true)]
async fn the_error_of_a_failed_cancel_request_at_a_limit_mentions_both() {
    let (_server, task) = running(|path, _| match path {
        CANCEL => at_once(http(403)),
        _ => (Duration::MAX, Ok(http(200))),
    })
    .await;
    let options = WaitOptions::new().total(WAIT).cancel_at_limit();
    let error = task.wait(options).await.unwrap_err();
    assert!(error.is_cancel_failure() && error.is_wait_limit() && error.is_auth());
    let text = error.to_string();
    assert!(
        text.contains("did not end within 10s, and the cancel request failed"),
        "{text}"
    );
}

/// Once, a stream that did not end sent the rejected credentials 3,472 times in 3 seconds.
#[tokio::test(start_paused = true)]
async fn a_stream_sends_rejected_credentials_once() {
    for code in [401, 403, 404, 418] {
        let (server, mut task) = running(move |_, _| at_once(http(code))).await;
        let all = stream_of(&mut task).await;
        assert_eq!(all.len(), 2, "the first answer and the error");
        assert!(all[0].is_ok() && all[1].is_err());
        assert_eq!(server.count(STATUS), 1, "HTTP {code}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_after_the_patience() {
    let (server, mut task) = running(|_, _| at_once(http(503))).await;
    let all = stream_of(&mut task).await;
    let error = all.into_iter().last().unwrap().unwrap_err();
    assert!(error.is_resumable() && !error.is_transient(), "{error}");
    assert_eq!(server.count(STATUS), 10);
}

#[tokio::test(start_paused = true)]
async fn loops_that_ignore_errors_rarely_send_rejected_credentials() {
    let (server, mut task) = running(|_, _| at_once(http(401))).await;
    let ignoring = async {
        loop {
            let _ = task.next().await;
            // Creates a new stream each time.
            let _ = stream_of(&mut task).await;
        }
    };
    assert!(timeout(Duration::from_secs(60), ignoring).await.is_err());
    assert!(server.count(STATUS) <= 2, "sent {} times", server.count(STATUS));
}

#[tokio::test(start_paused = true)]
async fn loops_that_ignore_errors_send_few_requests_to_an_unreachable_server() {
    let (server, mut task) = running(|_, _| at_once(http(503))).await;
    let ignoring = async {
        loop {
            let _ = task.next().await;
        }
    };
    assert!(timeout(Duration::from_secs(600), ignoring).await.is_err());
    assert!(server.count(STATUS) < 150, "sent {} times", server.count(STATUS));
}

/// The pauses do not depend on the patience.
#[tokio::test(start_paused = true)]
async fn a_client_without_patience_sends_few_requests_to_an_unreachable_server() {
    let server = Script::new(|path, _| match path {
        STATUS => at_once(http(503)),
        _ => at_once(status("running", 1)),
    });
    let connection = server.connection(Limits {
        poll_patience: Patience {
            failures: 0,
            time: Duration::ZERO,
        },
        ..Limits::default()
    });
    let mut task: Task<Json> = Call::new(&connection, "VerifyStore").start().await.unwrap();
    task.next().await.unwrap();
    let ignoring = async {
        loop {
            task.next().await.unwrap_err();
        }
    };
    assert!(timeout(Duration::from_secs(60), ignoring).await.is_err());
    assert!(server.count(STATUS) < 30, "sent {} times", server.count(STATUS));
}

#[tokio::test(start_paused = true)]
async fn the_outcome_of_a_resumed_changing_call_is_unknown_after_its_token_expired() {
    let server = Script::new(|_, _| at_once(http(404)));
    let connection = server.connection(Limits::default());
    for (function, unknown) in [
        ("VerifyStore", true),
        ("GetUsers", false),
        ("NotInTheCatalog", true),
    ] {
        let mut token = super::world::World::token();
        token.function = function.to_owned();
        let error = Task::<Json>::resume(&connection, token)
            .unwrap()
            .await
            .unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::TokenExpired), "{error}");
        assert_eq!(error.is_outcome_unknown(), unknown, "{function}");
        assert!(!error.is_transient());
    }
}
