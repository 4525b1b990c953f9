//! Tests of long-running calls over connections that break.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use mailstore_api::server::types::StoreId;
use mailstore_api::{Error, ErrorKind, Json, StatusCode, StatusToken, Task};
use serde_json::{Value, json};

use crate::support::{
    self,
    answer::{TOKEN, chunked, empty, ok, status, succeeded},
};
use support::{Act, Server};
use tokio::sync::Notify;

/// Starts a call that has logged one line. The server then sends `responses`.
async fn verifying(responses: impl IntoIterator<Item = Act>) -> (Server, Task<()>) {
    let first = Act::Send(status("running", 3, "one\r\n"));
    let server = Server::start(std::iter::once(first).chain(responses)).await;
    let task = server
        .client()
        .verify_store(StoreId(1), true)
        .start()
        .await
        .unwrap();
    (server, task)
}

async fn log_of<T: mailstore_api::FromJson>(task: &mut Task<T>) -> String {
    let mut log = String::new();
    while let Some(update) = task.next().await.unwrap() {
        log.push_str(update.log());
    }
    log
}

/// Returns the versions in the received status requests.
fn polled_versions(server: &Server) -> Vec<u64> {
    let bodies = server
        .requests()
        .into_iter()
        .filter(|request| request.line().contains("/get-status "));
    let version = |body: String| {
        body.split('&')
            .nth(1)
            .unwrap()
            .rsplit('=')
            .next()
            .unwrap()
            .parse()
            .unwrap()
    };
    bodies.map(|request| version(request.body)).collect()
}

fn saved_and_loaded(token: &StatusToken) -> StatusToken {
    serde_json::from_str(&serde_json::to_string(token).unwrap()).unwrap()
}

#[tokio::test]
async fn a_call_is_followed_to_its_end_and_its_log_is_delivered_once() {
    let (server, mut task) = verifying([
        Act::Send(status("running", 9, "two\r\nth")),
        // A poll without news repeats the last status.
        Act::Send(status("running", 9, "two\r\nth")),
        // A late response to an earlier request.
        Act::Send(status("running", 5, "old\r\n")),
        Act::Send(status("succeeded", 71, "ree\r\nFinished.")),
    ])
    .await;
    let (mut log, mut lines, mut last) = (String::new(), Vec::new(), None);
    while let Some(update) = task.next().await.unwrap() {
        log.push_str(update.log());
        lines.extend_from_slice(update.lines());
        last = Some((update.status().clone(), update.version(), update.percent()));
    }
    assert_eq!(log, "one\r\ntwo\r\nthree\r\nFinished.");
    assert_eq!(lines, ["one", "two", "three", "Finished."]);
    assert_eq!(last, Some((StatusCode::Succeeded, 71, Some(100.0))));
    assert!(task.is_finished() && task.next().await.unwrap().is_none());
    task.await.unwrap();
    assert_eq!(polled_versions(&server), [3, 9, 9, 9]);
    assert_eq!(
        server.connections(),
        1,
        "the polls share the connection of the call"
    );
}

#[tokio::test]
async fn an_awaited_request_delivers_its_updates_and_its_result() {
    let result =
        json!({"statusCode": "succeeded", "statusVersion": 9, "logOutput": "two\r\n", "result": {"id": 7}});
    let server = Server::start([
        Act::Send(status("running", 3, "one\r\n")),
        Act::Send(ok(result.to_string())),
    ])
    .await;
    let log = Arc::new(Mutex::new(String::new()));
    let sink = Arc::clone(&log);
    let request = server
        .client()
        .create_store("Main")
        .on_update(move |update| sink.lock().unwrap().push_str(update.log()));
    let created = request.await.unwrap();
    assert_eq!(created.get("id"), Some(7.into()));
    assert_eq!(*log.lock().unwrap(), "one\r\ntwo\r\n");
}

#[tokio::test]
async fn a_call_that_finishes_immediately_is_a_task() {
    let server = Server::start([Act::Send(succeeded(Value::Null))]).await;
    let mut task = server
        .client()
        .verify_store(StoreId(1), true)
        .start()
        .await
        .unwrap();
    assert!(task.is_finished() && task.token().is_none());
    assert_eq!(
        task.next().await.unwrap().unwrap().status(),
        &StatusCode::Succeeded
    );
    assert!(task.next().await.unwrap().is_none());
    task.cancel().await.expect("the call has already succeeded");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_lost_poll_is_retried_with_the_known_version() {
    let news = status("running", 9, "two\r\n");
    let torn = news[..news.len() - 20].to_vec();
    let pieces = chunked(&news, 10);
    for loss in [
        Act::SendAndClose(Vec::new()),
        Act::SendAndReset(Vec::new()),
        Act::SendAndReset(torn.clone()),
        Act::SendAndClose(torn),
        Act::SendAndReset(pieces[..pieces.len() / 2].to_vec()),
        Act::Send(empty("503 Service Unavailable")),
        Act::Send(empty("502 Bad Gateway")),
    ] {
        let (server, mut task) = verifying([
            loss,
            Act::Send(news.clone()),
            Act::Send(status("succeeded", 10, "three\r\n")),
        ])
        .await;
        assert_eq!(log_of(&mut task).await, "one\r\ntwo\r\nthree\r\n");
        task.await.unwrap();
        assert_eq!(polled_versions(&server), [3, 3, 9]);
    }
}

#[tokio::test]
async fn rejected_credentials_end_the_wait_and_keep_the_token() {
    let (server, mut task) = verifying([
        Act::Send(empty("401 Unauthorized")),
        Act::Send(status("succeeded", 9, "two\r\n")),
    ])
    .await;
    task.next().await.unwrap();
    let error = task.next().await.unwrap_err();
    assert!(error.is_auth() && error.is_outcome_unknown(), "{error}");
    assert_eq!(error.function(), Some("VerifyStore"));
    assert_eq!(
        polled_versions(&server),
        [3],
        "a retry with the same credentials could lock the account"
    );
    let token = error.task_token().unwrap().clone();
    let mut resumed = server.client().resume::<()>(token).unwrap();
    assert_eq!(log_of(&mut resumed).await, "two\r\n");
}

#[tokio::test]
async fn a_saved_token_continues_in_another_client() {
    let (server, mut task) = verifying([
        Act::Send(status("running", 9, "two\r\n")),
        Act::Send(status("succeeded", 71, "three\r\n")),
    ])
    .await;
    let mut log = task.next().await.unwrap().unwrap().log().to_owned();
    log += task.next().await.unwrap().unwrap().log();
    let token = saved_and_loaded(task.token().unwrap());
    drop(task);
    assert_eq!((token.function(), token.expose()), ("VerifyStore", TOKEN));
    let mut resumed = server.client().resume::<()>(token).unwrap();
    log += &log_of(&mut resumed).await;
    resumed.await.unwrap();
    assert_eq!(log, "one\r\ntwo\r\nthree\r\n");
    assert_eq!(polled_versions(&server), [3, 9]);
}

/// No update was delivered yet, so the log of the first response must not be skipped.
#[tokio::test]
async fn a_token_saved_before_the_first_update_returns_the_log_from_its_beginning() {
    let (server, task) = verifying([Act::Send(status("succeeded", 9, "one\r\ntwo\r\n"))]).await;
    let token = saved_and_loaded(task.token().unwrap());
    drop(task);
    let mut resumed = server.client().resume::<Json>(token).unwrap();
    assert_eq!(log_of(&mut resumed).await, "one\r\ntwo\r\n");
    assert_eq!(polled_versions(&server), [0]);
}

#[tokio::test]
async fn a_token_of_another_server_or_edition_is_rejected() {
    let (server, task) = verifying([]).await;
    let other = Server::start([]).await;
    let token = task.token().unwrap().clone();
    let error = other.client().resume::<()>(token.clone()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ForeignToken { .. }), "{error}");
    assert!(error.to_string().contains(&server.address()) && error.to_string().contains(&other.address()));
    let error = server.spe_client().resume::<()>(token).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ForeignToken { .. }), "{error}");
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_cancelled_call_ends_as_cancelled() {
    for code in ["failed", "cancelled"] {
        let (_server, task) = verifying([
            Act::Send(succeeded(Value::Null)),
            Act::Send(status("running", 9, "Stopping...\r\n")),
            Act::Send(status(code, 10, "Stopped.\r\n")),
        ])
        .await;
        let error = task.cancel().await.unwrap_err();
        assert!(error.is_cancelled() && !error.is_transient(), "{error}");
        let ErrorKind::Failed(failure) = error.kind() else {
            panic!("{error}")
        };
        assert_eq!(failure.log_tail, ["one", "Stopping...", "Stopped."]);
    }
}

#[tokio::test]
async fn a_call_that_fails_by_itself_is_not_cancelled() {
    let (_server, task) = verifying([Act::Send(status("failed", 10, "Disk full.\r\n"))]).await;
    assert!(!task.await.unwrap_err().is_cancelled());
}

#[tokio::test]
async fn a_call_that_ends_before_it_is_cancelled_returns_its_result() {
    let (_server, task) = verifying([
        Act::Send(succeeded(Value::Null)),
        Act::Send(status("succeeded", 9, "")),
    ])
    .await;
    task.cancel().await.unwrap();
}

#[tokio::test]
async fn a_failed_cancel_request_keeps_the_token() {
    let (_server, mut task) = verifying([
        Act::Send(empty("401 Unauthorized")),
        Act::Send(status("failed", 9, "")),
    ])
    .await;
    let error = task.request_cancel().await.unwrap_err();
    assert!(error.is_auth() && error.task_token().is_some(), "{error}");
    assert!(
        !task.await.unwrap_err().is_cancelled(),
        "the server rejected the cancel request"
    );
}

/// A caller that displays a clock beside the progress drops `next` every few milliseconds.
#[tokio::test]
async fn next_may_be_dropped_and_called_again() {
    let news = Arc::new(Notify::new());
    let held = Act::SendWhen(Arc::clone(&news), status("running", 9, "two\r\n"));
    let (server, mut task) = verifying([held, Act::Send(status("succeeded", 10, "three\r\n"))]).await;
    let mut log = task.next().await.unwrap().unwrap().log().to_owned();
    server.arrived().await;
    // The poll is sent and held...
    tokio::select! {
        update = task.next() => panic!("the server holds the poll, but the task returned {update:?}"),
        () = server.arrived() => {}
    }
    // ...and each of these drops a `next` that was polled at least once.
    for _ in 0..50 {
        tokio::select! {
            biased;
            update = task.next() => panic!("the server holds the poll, but the task returned {update:?}"),
            () = tokio::task::yield_now() => {}
        }
    }
    news.notify_one();
    log += &log_of(&mut task).await;
    assert_eq!(log, "one\r\ntwo\r\nthree\r\n");
    assert_eq!(
        polled_versions(&server),
        [3, 9],
        "after a dropped `next`, the same request continues"
    );
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_task_can_be_cancelled_while_a_poll_is_held() {
    let end = Arc::new(Notify::new());
    let held = Act::SendWhen(Arc::clone(&end), status("cancelled", 9, ""));
    let (server, mut task) = verifying([held, Act::Send(succeeded(Value::Null))]).await;
    task.next().await.unwrap();
    server.arrived().await;
    tokio::select! {
        update = task.next() => panic!("the server holds the poll, but the task returned {update:?}"),
        () = server.arrived() => {}
    }
    task.request_cancel().await.unwrap();
    end.notify_one();
    assert!(task.await.unwrap_err().is_cancelled());
    assert_eq!(polled_versions(&server), [3]);
}

#[tokio::test]
async fn polls_are_limited_if_the_server_does_not_hold_them() {
    let repeated = (0..1000).map(|_| Act::Send(status("running", 3, "one\r\n")));
    let (server, mut task) = verifying(repeated).await;
    task.next().await.unwrap();
    let waited = tokio::time::timeout(Duration::from_millis(700), task.next()).await;
    assert!(waited.is_err(), "there is no news");
    let polls = polled_versions(&server).len();
    assert!((1..=4).contains(&polls), "{polls} polls");
}

#[tokio::test]
async fn an_unknown_status_ends_the_wait_and_keeps_the_token() {
    let (_server, task) = verifying([Act::Send(status("melting", 9, "two\r\n"))]).await;
    let error = task.await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::UnknownStatus { status } if status == "melting"),
        "{error}"
    );
    assert!(
        error.task_token().is_some() && error.to_string().contains("VerifyStore"),
        "{error}"
    );
}

/// A correct server sends none of these statuses.
#[tokio::test]
async fn invalid_members_of_a_status_are_ignored() {
    let invalid = |text: &str| Act::Send(ok(text));
    let (server, mut task) = verifying([
        invalid(r#"{"statusCode":"running","statusVersion":4,"percentProgress":1e999,"token":"another"}"#),
        invalid(r#"{"statusCode":"RUNNING","statusVersion":"5","percentProgress":-7,"token":null}"#),
        invalid(
            r#"{"statusCode":"running","statusVersion":6,"percentProgress":"many","result":{"early":1}}"#,
        ),
        invalid(r#"{"statusCode":"succeeded"}"#),
    ])
    .await;
    let mut percents = Vec::new();
    while let Some(update) = task.next().await.unwrap() {
        percents.push(update.percent());
    }
    assert_eq!(percents, [Some(40.0), None, Some(0.0), None, None]);
    task.await.unwrap();
    assert_eq!(polled_versions(&server), [3, 4, 5, 6]);
    let polled = server.bodies().iter().skip(1).all(|body| body.contains(TOKEN));
    assert!(polled, "the token of the first response is kept");
}

#[tokio::test]
async fn an_invalid_response_to_a_poll_ends_the_wait_and_keeps_the_token() {
    let (server, task) = verifying([Act::Send(ok("<html>"))]).await;
    let error = task.await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Envelope { .. }) && error.task_token().is_some(),
        "{error}"
    );
    assert!(error.is_outcome_unknown(), "the call was started");
    assert_eq!(polled_versions(&server), [3]);
}

#[tokio::test]
async fn a_running_call_without_a_token_has_an_unknown_outcome() {
    let server = Server::start([Act::Send(ok(r#"{"statusCode":"running","statusVersion":3}"#))]).await;
    let error: Error = server.client().verify_store(StoreId(1), true).await.unwrap_err();
    assert!(
        error.is_outcome_unknown() && error.to_string().contains("status token is missing"),
        "{error}"
    );
}

#[tokio::test]
async fn a_log_of_megabytes_in_one_response_is_delivered_completely() {
    let log = format!("{}\r\n{}", "x".repeat(3_000_000), "line\r\n".repeat(200_000));
    let (_server, mut task) = verifying([Act::Send(status("failed", 9, &log))]).await;
    assert!(log_of(&mut task).await == format!("one\r\n{log}"));
    let error = task.await.unwrap_err();
    let ErrorKind::Failed(failure) = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(failure.log_tail, vec!["line"; 20]);
}
