//! Tests of lost responses. A request is retried only if this is safe.

use std::time::Duration;

use mailstore_api::ErrorKind;
use serde_json::json;

use crate::support::{
    self,
    answer::{chunked, envelope, succeeded},
};
use support::{Act, Server, change_error, read_error};

/// A short timeout for responses that never come.
const SOON: Duration = Duration::from_millis(200);

/// Returns all ways to lose a response after the server has read the request.
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
    ]
}

#[tokio::test]
async fn a_lost_response_leaves_the_outcome_of_a_change_unknown() {
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
async fn a_lost_response_to_a_read_only_call_is_a_transient_error() {
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
async fn a_read_only_call_is_retried_after_a_lost_response() {
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
async fn a_response_after_the_timeout_is_lost() {
    let torn = succeeded(json!(null))[..40].to_vec();
    for act in [Act::Stall, Act::Send(torn)] {
        let server = Server::start([act]).await;
        let client = server.builder().request_timeout(SOON).build().unwrap();
        let error = client.delete_user("jane").await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::OutcomeUnknown { timeout: Some(SOON) }),
            "{error}"
        );
        assert!(error.to_string().contains("timeout after 200ms"), "{error}");
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
async fn nothing_is_sent_without_a_connection() {
    // A port on which no server listens.
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

/// The server may close an idle connection at any time, even while the next call is being sent.
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
        // In every other round, the connection is closed before the next call.
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
async fn a_call_is_not_retried_after_its_connection_broke() {
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
        client
            .delete_user("three")
            .await
            .expect("the call uses a new connection");
        assert_eq!(server.connections(), 2);
    }
}

/// The client does not start a pause that ends after the timeout.
#[tokio::test]
async fn a_retry_after_beyond_the_timeout_is_returned_without_a_retry() {
    for status in ["429 Too Many Requests", "503 Service Unavailable"] {
        let busy = format!("HTTP/1.1 {status}\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n");
        let server = Server::start([Act::Send(busy.into_bytes())]).await;
        let error = server.client().get_users().await.unwrap_err();
        assert!(error.is_transient(), "{error}");
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
        assert_eq!(server.requests().len(), 1, "the request is not retried");
    }
}
