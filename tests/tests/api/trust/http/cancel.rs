//! Failures of cancel requests.

use std::time::Duration;

use super::super::observe::kind as kind_of;
use super::super::table::Table;
use super::with;
use crate::support::answer::{TOKEN, empty, status};
use crate::support::{Act, Server};

/// The call itself does not fail: its task continues and ends with the outcome of the server.
#[tokio::test]
async fn a_failed_cancel_request_is_not_a_failure_of_the_call() {
    let mut table = Table::new("failures of cancel requests");
    for (attack, act, kind) in [
        ("HTTP 401", Act::Send(empty("401 Unauthorized")), "Unauthorized"),
        ("HTTP 403", Act::Send(empty("403 Forbidden")), "Forbidden"),
        ("HTTP 404", Act::Send(empty("404 Not Found")), "TokenExpired"),
        ("HTTP 302", Act::Send(empty("302 Found")), "Http 302"),
        ("HTTP 500", Act::Send(empty("500 Oops")), "Http 500"),
        (
            "garbage",
            Act::SendAndClose(b"garbage\r\n\r\n".to_vec()),
            "InvalidHttp",
        ),
        (
            "two different lengths",
            with(&["Content-Length: 1"], "null"),
            "InvalidHttp",
        ),
        ("a reset", Act::SendAndReset(Vec::new()), "Lost"),
        ("the end", Act::SendAndClose(Vec::new()), "Lost"),
        ("silence", Act::Stall, "Lost"),
    ] {
        let script = [
            Act::Send(status("running", 3, "")),
            act,
            Act::Send(status("succeeded", 9, "")),
        ];
        let server = Server::start(script).await;
        let client = server.builder().retries(0).build().unwrap();
        let call = client.verify_store(mailstore_api::server::types::StoreId(1), true);
        let mut task = call.start().await.unwrap();
        let cancelling = task.request_cancel();
        let asked = match attack {
            "silence" => {
                // The caller gives up, and the task stays usable.
                let given_up = tokio::time::timeout(Duration::from_millis(200), cancelling).await;
                table.equal(
                    "silence",
                    "given up",
                    if given_up.is_err() { "given up" } else { "answered" },
                );
                continue;
            }
            _ => cancelling.await,
        };
        let error = asked.unwrap_err();
        let says_so = error
            .to_string()
            .starts_with("VerifyStore: the cancel request failed, so the call may continue: ");
        let has_token = error
            .task_token()
            .is_some_and(|_| server.requests()[1].body.contains(TOKEN));
        let ended = task
            .await
            .map_or_else(|error| error.to_string(), |()| "succeeded".to_owned());
        table.equal(
            attack,
            format!(
                "{kind}, cancel failure true, says so true, unknown true, token {}, then succeeded",
                kind != "TokenExpired"
            ),
            format!(
                "{}, cancel failure {}, says so {says_so}, unknown {}, token {has_token}, then {ended}",
                kind_of(&error),
                error.is_cancel_failure(),
                error.is_outcome_unknown()
            ),
        );
    }
    table.assert_all_held();
}
