//! Servers that try to make a client send many requests, or wait longer than the caller allows. The clock is virtual.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt;
use mailstore_api::server::{Client, StoreId};
use mailstore_api::unversioned::{Answer, BoxFuture, Exchange, Post, PostError};
use mailstore_api::{Json, Task, WaitOptions};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::table::Table;

/// How a server responds to the status request with this number, which starts at 0. `None` is a response that never
/// comes.
type Status = fn(usize) -> Option<Answer>;

/// How a server responds to a cancel request.
type Cancel = fn() -> Option<Answer>;

/// A server with one call that runs until the end of the test.
#[derive(Clone)]
struct Server {
    status: Status,
    cancel: Cancel,
    sent: Arc<Mutex<Sent>>,
}

#[derive(Default)]
struct Sent {
    statuses: usize,
    cancels: usize,
}

fn running(version: usize) -> Answer {
    Answer::running("b3af0ebae4dd755d1a54b9756817baee", version as u64)
}

impl Exchange for Server {
    fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>> {
        let mut sent = self.sent.lock().unwrap();
        let answer = if post.path.ends_with("get-status") {
            sent.statuses += 1;
            (self.status)(sent.statuses - 1)
        } else if post.path.ends_with("cancel-async") {
            sent.cancels += 1;
            (self.cancel)()
        } else {
            Some(running(1))
        };
        Box::pin(async move {
            match answer {
                Some(answer) => Ok(answer),
                None => {
                    tokio::time::sleep(post.timeout).await;
                    Err(PostError::Lost {
                        timeout: Some(post.timeout),
                        cause: "no response".into(),
                    })
                }
            }
        })
    }
}

impl Server {
    fn new(status: Status) -> Self {
        Self {
            status,
            cancel: || Some(Answer::succeeded(Value::Null)),
            sent: Arc::default(),
        }
    }

    async fn task(&self) -> Task<Json> {
        let client = Client::builder("mailstore.example.com")
            .exchange(self.clone())
            .assume_edition()
            .build()
            .unwrap();
        let token = client
            .verify_store(StoreId(1), true)
            .start()
            .await
            .unwrap()
            .detach();
        client.resume(token.expect("the call runs")).unwrap()
    }

    fn statuses(&self) -> usize {
        self.sent.lock().unwrap().statuses
    }
}

fn envelope(version: usize, members: Value) -> Answer {
    let mut all = json!({
        "statusCode": "running", "statusVersion": version, "token": "b3af0ebae4dd755d1a54b9756817baee",
    });
    all.as_object_mut()
        .unwrap()
        .extend(members.as_object().unwrap().clone());
    Answer::new(200, all.to_string())
}

fn retry_after(status: u16, seconds: u64) -> Answer {
    let mut answer = Answer::new(status, "");
    answer.retry_after = Some(Duration::from_secs(seconds));
    answer
}

/// Statuses that a server returns at once, although a status request should wait for a change.
const EAGER: [(&str, Status); 9] = [
    ("the version rises with each response", |number| {
        Some(running(number + 2))
    }),
    ("the version rises by a million", |number| {
        Some(running((number + 2) * 1_000_000))
    }),
    ("the version stays the same", |_| Some(running(1))),
    ("the version is 0", |_| Some(running(0))),
    ("the version falls", |number| {
        Some(running(1_000_000_usize.saturating_sub(number)))
    }),
    ("the version goes up and down", |number| {
        Some(running(if number % 2 == 0 { 9 } else { 2 }))
    }),
    ("each response has a log", |number| {
        Some(envelope(number + 2, json!({"logOutput": "line\r\n"})))
    }),
    ("each response has another progress", |number| {
        Some(envelope(number + 2, json!({"percentProgress": number % 100})))
    }),
    ("each response has the pause 0", |_| Some(retry_after(503, 0))),
];

const MINUTE: Duration = Duration::from_secs(60);

/// Ten requests a second on average, after a burst of ten.
const MOST: u64 = 10 * 60 + 10;

#[tokio::test(start_paused = true)]
async fn the_pace_of_status_requests_is_bounded() {
    let mut table = Table::new("status requests in a minute");
    for (name, status) in EAGER {
        let server = Server::new(status);
        let mut task = server.task().await;
        let all = async { while let Ok(Some(_)) = task.next().await {} };
        drop(tokio::time::timeout(MINUTE, all).await);
        table.at_most(
            format!("{name}; `next` in a loop"),
            MOST,
            server.statuses() as u64,
            "requests",
        );

        let server = Server::new(status);
        let task = server.task().await;
        drop(tokio::time::timeout(MINUTE, task).await);
        table.at_most(
            format!("{name}; the task is awaited"),
            MOST,
            server.statuses() as u64,
            "requests",
        );
    }
    table.assert_all_held();
}

/// Errors that do not go away.
const PERMANENT: [(&str, Status); 6] = [
    ("the credentials are rejected (401)", |_| {
        Some(Answer::new(401, ""))
    }),
    ("the account has no access (403)", |_| Some(Answer::new(403, ""))),
    ("the token is unknown (404)", |_| Some(Answer::new(404, ""))),
    ("the response is a web page", |_| {
        Some(Answer::new(200, "<html></html>"))
    }),
    ("the response is a list", |_| {
        Some(Answer::new(200, "[\"running\"]"))
    }),
    ("the call has failed", |_| Some(Answer::failed("no"))),
];

#[tokio::test(start_paused = true)]
async fn a_stream_ends_with_its_first_permanent_error() {
    let mut table = Table::new("streams after a permanent error");
    for (name, status) in PERMANENT {
        let server = Server::new(status);
        let mut task = server.task().await;
        let mut updates = task.updates();
        let mut errors = 0;
        while let Some(update) = updates.next().await {
            errors += usize::from(update.is_err());
        }
        let at_end = server.statuses();
        for _ in 0..100 {
            assert!(
                updates.next().await.is_none(),
                "a stream that has ended returns nothing"
            );
        }
        table.equal(
            format!("{name}; the stream is polled 100 times after its end"),
            "0 requests after the end",
            format!("{} requests after the end", server.statuses() - at_end),
        );
        table.at_most(format!("{name}; errors"), 1, errors as u64, "errors");
    }
    table.assert_all_held();
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_the_caller_holds() {
    let second = Duration::from_secs(1);
    let mut table = Table::new("limits of the caller");
    let statuses: [(&str, Status); 5] = [
        ("a pause of an hour is required", |_| Some(retry_after(503, 3600))),
        ("too many requests, for a day", |_| Some(retry_after(429, 86_400))),
        ("the status request has no response", |_| None),
        ("the version rises", |number| Some(running(number + 2))),
        ("the service is unavailable", |_| Some(Answer::new(503, ""))),
    ];
    let cancels: [(&str, Cancel); 3] = [
        ("the cancel request has no response", || None),
        ("the cancel request is refused", || Some(Answer::new(500, ""))),
        ("the cancel request requires a pause", || {
            Some(retry_after(503, 3600))
        }),
    ];
    for (name, status) in statuses {
        for limit in [Duration::from_millis(300), second * 10] {
            let server = Server::new(status);
            let task = server.task().await;
            let began = Instant::now();
            let outcome = task.wait(WaitOptions::new().total(limit)).await;
            assert!(outcome.is_err(), "{name}: the call does not end");
            table.at_most(
                format!("{name}; limit {limit:?}"),
                limit.as_millis() as u64,
                began.elapsed().as_millis() as u64,
                "ms",
            );
            for (cancel_name, cancel) in cancels {
                let server = Server {
                    cancel,
                    ..Server::new(status)
                };
                let task = server.task().await;
                let began = Instant::now();
                let outcome = task.wait(WaitOptions::new().total(limit).cancel_at_limit()).await;
                assert!(outcome.is_err(), "{name}: the call does not end");
                table.at_most(
                    format!("{name}; limit {limit:?}, then {cancel_name}"),
                    // The wait for the end of a cancelled call has the same limit again.
                    2 * limit.as_millis() as u64,
                    began.elapsed().as_millis() as u64,
                    "ms",
                );
            }
        }
    }
    table.assert_all_held();
}
