//! What the client makes of answers that do not come; and that it asks again only where that does no harm.

use std::time::Duration;

use mailstore_api::ErrorKind;
use serde_json::json;

use crate::support::{
    self,
    answer::{chunked, envelope, succeeded},
};
use support::{Act, Server, change_error, read_error};

/// A short time for answers that never come.
const SOON: Duration = Duration::from_millis(200);

/// The ways in which an answer gets lost after the request was read.
fn losses() -> Vec<Act> {
    let whole = succeeded(json!(null));
    let torn = whole[..whole.len() - 10].to_vec();
    let chunks = chunked(envelope(json!(null)).as_bytes(), 16);
    vec![
        Act::SendAndClose(Vec::new()),
        Act::SendAndReset(Vec::new()),
        Act::SendAndClose(b"HTTP/1.1 200 O".to_vec()),
        Act::SendAndClose(torn.clone()),
        Act::SendAndReset(torn),
        Act::SendAndClose(chunks[..chunks.len() - 30].to_vec()),
        Act::SendAndClose(b"this is not HTTP\r\n\r\n".to_vec()),
    ]
}

#[tokio::test]
async fn a_lost_answer_leaves_the_outcome_of_a_change_unknown() {
    for (index, loss) in losses().into_iter().enumerate() {
        let error = change_error(loss).await;
        assert!(
            matches!(error.kind(), ErrorKind::OutcomeUnknown { timeout: None }),
            "{index}: {error}"
        );
        assert!(error.is_outcome_unknown() && !error.is_transient());
        assert!(std::error::Error::source(&error).is_some());
    }
}

#[tokio::test]
async fn a_lost_answer_to_a_reading_call_is_just_lost() {
    for (index, loss) in losses().into_iter().enumerate() {
        let error = read_error(loss).await;
        assert!(
            matches!(error.kind(), ErrorKind::Lost { timeout: None }),
            "{index}: {error}"
        );
        assert!(!error.is_outcome_unknown() && error.is_transient());
    }
}

#[tokio::test]
async fn a_reading_call_is_sent_again_after_its_answer_was_lost() {
    let answer = succeeded(json!({"version": "24.4", "machineName": "MAILSTORE"}));
    for (index, loss) in losses().into_iter().enumerate() {
        let server = Server::start([loss, Act::Send(answer.clone())]).await;
        let info = server.client().get_server_info().await.unwrap();
        assert_eq!(
            (info.version.as_str(), server.requests().len()),
            ("24.4", 2),
            "{index}"
        );
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_lost() {
    let torn = succeeded(json!(null))[..40].to_vec();
    for act in [Act::Stall, Act::Send(torn)] {
        let server = Server::start([act]).await;
        let client = server.builder().request_timeout(SOON).build().unwrap();
        let error = client.delete_user("jane").await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::OutcomeUnknown { timeout: Some(SOON) }),
            "{error}"
        );
        assert!(error.to_string().contains("nothing came within 200ms"), "{error}");
        assert_eq!(server.requests().len(), 1);
    }
    let server = Server::start([Act::Stall]).await;
    let error = server.client().get_users().timeout(SOON).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Lost { timeout: Some(SOON) }),
        "a call has its own timeout: {error}"
    );
}

#[tokio::test]
async fn where_no_connection_is_made_nothing_was_sent() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let builder = mailstore_api::server::Client::builder(&format!("127.0.0.1:{port}"));
    let client = builder.credentials("admin", "secret").build().unwrap();
    let error = client.delete_user("jane").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Connect { .. }), "{error}");
    assert!(!error.is_outcome_unknown() && error.is_transient());
    let text = error.to_string();
    assert!(
        text.contains(&format!("https://127.0.0.1:{port}")) && text.contains("nothing was sent"),
        "{text}"
    );
}

/// The server may close an idle connection at any time, also just when the next call is on its way.
#[tokio::test]
async fn a_call_over_a_connection_that_was_closed_is_never_sent_twice() {
    for round in 0..30 {
        let server = Server::start([
            Act::SendAndClose(succeeded(json!(null))),
            Act::Send(succeeded(json!(null))),
            Act::Send(succeeded(json!(null))),
        ])
        .await;
        let client = server.client();
        client.delete_user("one").await.unwrap();
        // Sometimes the client knows by now that the connection is closed, sometimes not.
        if round % 2 == 0 {
            server.closed().await;
        }
        let outcome = client.delete_user("two").await;
        let sent = server
            .bodies()
            .iter()
            .filter(|body| *body == "userName=two")
            .count();
        match outcome {
            Ok(()) => assert_eq!(sent, 1),
            Err(error) => assert!(error.is_outcome_unknown() && sent <= 1, "{error}"),
        }
    }
}

#[tokio::test]
async fn a_connection_that_broke_after_the_request_was_read_is_not_tried_again() {
    for ending in [Act::SendAndClose(Vec::new()), Act::SendAndReset(Vec::new())] {
        let server = Server::start([
            Act::Send(succeeded(json!(null))),
            ending,
            Act::Send(succeeded(json!(null))),
        ])
        .await;
        let client = server.client();
        client.delete_user("one").await.unwrap();
        assert!(client.delete_user("two").await.unwrap_err().is_outcome_unknown());
        assert_eq!(server.bodies(), ["userName=one", "userName=two"]);
        client.delete_user("three").await.expect("over a new connection");
        assert_eq!(server.connections(), 2);
    }
}

/// A pause that cannot end in time is not begun.
#[tokio::test]
async fn a_server_that_says_when_to_come_back_is_left_alone_until_then() {
    for status in ["429 Too Many Requests", "503 Service Unavailable"] {
        let busy = format!("HTTP/1.1 {status}\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n");
        let server = Server::start([Act::Send(busy.into_bytes())]).await;
        let error = server.client().get_users().await.unwrap_err();
        assert!(error.is_transient(), "{error}");
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
        assert_eq!(server.requests().len(), 1, "in one hour, and not before");
    }
}
