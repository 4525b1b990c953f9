//! Tests of the observed error messages of failed calls.

use mailstore_api::civil::date;
use mailstore_api::server::types::{ProfileId, StoreId, TimeZone};
use mailstore_api::{Error, ErrorKind, StatusCode};
use serde_json::json;

use crate::support::answer::{TOKEN, ok, status};
use crate::support::{Act, Server};

const MISSING: &str = "Missing API argument userName.";
const NO_DATE: &str = "String was not recognized as a valid DateTime.";
const OUT_OF_RANGE: &str = "Specified argument was out of the range of valid values";
const NO_VALUE: &str = "Nullable object must have a value.";

/// Returns details in the form of .NET: the exception, then one frame per line.
fn stack_trace(message: &str) -> String {
    let frames = ["Invented.Api.GetArgument(String name)", "Invented.Api.Invoke()"];
    let frames = frames.map(|frame| format!("\r\n   at {frame}"));
    format!("System.Exception: {message}{}", frames.concat())
}

/// Sends the envelope of a failed call after `mark`, which is a byte order mark or empty.
fn failed(message: &str, token: Option<&str>, mark: &str) -> Act {
    let error = json!({"message": message, "details": stack_trace(message)});
    let envelope = json!({"error": error, "token": token, "statusVersion": 2, "statusCode": "failed",
        "percentProgress": null, "statusText": null, "result": null, "logOutput": null});
    Act::Send(ok(format!("{mark}{envelope}")))
}

/// Sends a call that causes this error on a real server.
async fn provoke(server: &Server, message: &str) -> Error {
    let client = server.client();
    let (from, until) = (date(2026, 1, 1), date(2026, 2, 1));
    match message {
        MISSING => {
            let call = client.call("GetUserInfo");
            call.await.unwrap_err()
        }
        NO_DATE => {
            let call = client
                .call("GetWorkerResults")
                .arg("fromIncluding", "2026-01-01T00:00:00.000Z");
            call.await.unwrap_err()
        }
        OUT_OF_RANGE => {
            let request = client.get_worker_results(from, until, &TimeZone::SERVER_LOCAL);
            request.profile_id(ProfileId(0)).await.unwrap_err()
        }
        NO_VALUE => client.verify_store(StoreId(1), true).await.unwrap_err(),
        other => panic!("{other}"),
    }
}

#[track_caller]
fn assert_said(error: &Error, message: &str) {
    let said = error.server_error().unwrap();
    assert_eq!(said.message, message);
    assert_eq!(said.details, stack_trace(message), "the stack trace is available");
    assert_eq!(said.details.lines().count(), 3);
    assert_eq!(
        error.to_string(),
        format!("{}: {message}", error.function().unwrap())
    );
    assert!(
        !format!("{error:?}{error:#?}").contains("Invented"),
        "the stack trace is not displayed"
    );
    assert!(matches!(error.kind(), ErrorKind::Failed(failure) if failure.status == StatusCode::Failed));
    assert!(!error.is_transient() && !error.is_outcome_unknown() && !error.is_auth());
    assert!(error.task_token().is_none());
}

#[tokio::test]
async fn every_message_can_be_in_the_first_response() {
    for message in [MISSING, NO_DATE, OUT_OF_RANGE, NO_VALUE] {
        for mark in ["\u{feff}", ""] {
            let server = Server::start([failed(message, None, mark)]).await;
            assert_said(&provoke(&server, message).await, message);
            assert_eq!(server.requests().len(), 1, "{message}");
        }
    }
}

/// The message about the nullable object was observed in a response to a poll.
#[tokio::test]
async fn every_message_can_be_in_a_later_response() {
    for message in [MISSING, NO_DATE, OUT_OF_RANGE, NO_VALUE] {
        for mark in ["\u{feff}", ""] {
            let server = Server::start([
                Act::Send(status("running", 3, "")),
                failed(message, Some(TOKEN), mark),
            ])
            .await;
            let error = provoke(&server, message).await;
            assert_eq!(server.requests()[1].line(), "POST /api/get-status HTTP/1.1");
            assert_said(&error, message);
        }
    }
}

#[tokio::test]
async fn details_may_be_missing() {
    for details in [json!(null), json!("")] {
        let error = json!({"message": MISSING, "details": details});
        let envelope = json!({"error": error, "statusCode": "failed"});
        let server = Server::start([Act::Send(ok(envelope.to_string()))]).await;
        let error = provoke(&server, MISSING).await;
        let said = error.server_error().unwrap();
        assert_eq!((said.message.as_str(), said.details.as_str()), (MISSING, ""));
    }
}
