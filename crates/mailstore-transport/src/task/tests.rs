//! Tests of tasks with a scripted server, without sockets and with a paused clock.

mod crowd;
mod deadlines;
mod endings;
mod interleavings;
mod limits;
mod read_only;
mod script;
mod sharing;
mod world;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use url::Url;
use wire_values::Json;

use super::*;
use crate::connection::Limits;
use crate::exchange::{Answer, BoxFuture, Exchange, Post, PostError};
use crate::function::Surface;

static SURFACE: Surface = Surface::new("server", "Test").port(8463);
const ORIGIN: &str = "https://127.0.0.1:8463";
const WAIT: Duration = Duration::from_secs(10);

/// The number of cases of a property test: `usual`, or `PROPTEST_CASES` for a long run.
fn cases(usual: u32) -> u32 {
    let set = std::env::var("PROPTEST_CASES").ok();
    set.and_then(|count| count.parse().ok()).unwrap_or(usual)
}

/// How the server treats one poll.
#[derive(Clone, Copy, Debug)]
enum Treatment {
    /// Responds with this many further statuses at once, after a while.
    News(usize),
    /// Holds the poll, then repeats the last status.
    Hold,
    /// Repeats the last status without holding the poll.
    Hurry,
    /// Responds with a status that is older than the known one.
    Old,
    /// Breaks the connection after this many further statuses.
    Break(usize),
    /// Responds with HTTP 503.
    Busy,
}

/// A call that runs on the server. Its log consists of pieces: the piece of version `n` is at index `n - 1`.
struct Server {
    pieces: Vec<String>,
    outcome: &'static str,
    treatments: Vec<Treatment>,
    latency: Duration,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// The newest version.
    version: usize,
    polls: usize,
    answered: usize,
    cancels: usize,
}

impl Server {
    fn new(pieces: Vec<String>, treatments: Vec<Treatment>) -> Arc<Self> {
        let latency = Duration::from_millis(20);
        Arc::new(Self {
            pieces,
            outcome: "succeeded",
            treatments,
            latency,
            seen: Mutex::default(),
        })
    }

    fn task(self: &Arc<Self>) -> Task<Json> {
        let base = Url::parse(ORIGIN).unwrap();
        let limits = Limits {
            request_timeout: WAIT,
            poll_wait: WAIT,
            polls_at_once: 1,
            read_only: false,
            ..Limits::default()
        };
        let connection = Connection::new(&SURFACE, &base, Box::new(Arc::clone(self)), limits);
        let token = StatusToken {
            token: "00".repeat(16),
            version: 0,
            function: "VerifyStore".into(),
            origin: ORIGIN.into(),
            surface: "server".into(),
            open: Vec::new(),
        };
        Task::resume(&connection, token).unwrap()
    }

    /// Returns the response to a poll with this version, and its delay.
    fn treat(&self, known: usize) -> (Duration, Result<Answer, PostError>) {
        let mut seen = self.seen.lock().unwrap();
        let treatment = self
            .treatments
            .get(seen.polls)
            .copied()
            .unwrap_or(Treatment::News(1));
        seen.polls += 1;
        let grow = |seen: &mut Seen, by: usize| seen.version = (seen.version + by).min(self.pieces.len());
        match treatment {
            Treatment::News(by) => {
                grow(&mut seen, by);
                (self.latency, Ok(self.status(known, seen.version)))
            }
            // There is no news, or the news came while the connection was down.
            Treatment::Hold => (WAIT, Ok(self.status(known, seen.version))),
            Treatment::Hurry => (Duration::ZERO, Ok(self.status(known, seen.version))),
            Treatment::Old => (
                self.latency,
                Ok(self.status(known.saturating_sub(2), known.saturating_sub(1))),
            ),
            Treatment::Break(by) => {
                grow(&mut seen, by);
                (
                    self.latency,
                    Err(PostError::Lost {
                        timeout: None,
                        cause: "reset".into(),
                    }),
                )
            }
            Treatment::Busy => (self.latency, Ok(Answer::new(503, Vec::new()))),
        }
    }

    /// Returns the status of this version, with the log since the known version. If the known version is the newest,
    /// the server repeats its last status with its log.
    fn status(&self, known: usize, version: usize) -> Answer {
        let since = if known == version {
            version.saturating_sub(1)
        } else {
            known
        };
        let log = self.pieces[since..version].concat();
        let code = if version == self.pieces.len() {
            self.outcome
        } else {
            "running"
        };
        let body = serde_json::json!({"statusCode": code, "statusVersion": version, "logOutput": log});
        Answer::new(200, body.to_string().into_bytes())
    }
}

impl Exchange for Arc<Server> {
    fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>> {
        let server = Arc::clone(self);
        Box::pin(async move {
            if post.path == "api/cancel-async" {
                server.seen.lock().unwrap().cancels += 1;
                tokio::time::sleep(server.latency).await;
                return Ok(Answer::new(200, b"null".to_vec()));
            }
            let fields: Vec<_> = form_urlencoded::parse(post.body.as_bytes())
                .into_owned()
                .collect();
            let known = fields[1].1.parse().unwrap();
            let (latency, answer) = server.treat(known);
            tokio::time::sleep(latency).await;
            server.seen.lock().unwrap().answered += 1;
            answer
        })
    }
}

fn lines(count: usize) -> Vec<String> {
    (1..=count).map(|n| format!("line {n}\r\n")).collect()
}

async fn log_of(task: &mut Task<Json>) -> String {
    let mut log = String::new();
    while let Some(update) = task.next().await.unwrap() {
        log.push_str(update.log());
    }
    log
}

fn treatment() -> impl Strategy<Value = Treatment> {
    prop_oneof![
        4 => (1_usize..4).prop_map(Treatment::News),
        1 => Just(Treatment::Hold),
        1 => Just(Treatment::Hurry),
        1 => Just(Treatment::Old),
        2 => (0_usize..3).prop_map(Treatment::Break),
        1 => Just(Treatment::Busy),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Every status and the whole log are delivered once, for every fault of the server and every place of the drop.
    #[test]
    fn nothing_is_lost_or_repeated_wherever_next_is_dropped(
        pieces in prop::collection::vec("[a-z]{0,3}(\r\n)?", 1..12),
        treatments in prop::collection::vec(treatment(), 0..16),
        drops in prop::collection::vec(0_u64..60, 0..60),
    ) {
        let expected = pieces.concat();
        let server = Server::new(pieces, treatments);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let (log, lines, versions) = runtime.block_on(async {
            let (mut log, mut lines, mut versions) = (String::new(), Vec::new(), Vec::new());
            let mut task = server.task();
            let mut drops = drops.into_iter();
            loop {
                let update = match drops.next() {
                    // Polled at least once, then dropped at its current await point.
                    Some(after) => match tokio::time::timeout(Duration::from_millis(after), task.next()).await {
                        Ok(update) => update,
                        Err(_) => continue,
                    },
                    None => task.next().await,
                };
                let Some(update) = update.unwrap() else { break };
                log.push_str(update.log());
                lines.extend_from_slice(update.lines());
                versions.push(update.version());
            }
            task.await.unwrap();
            (log, lines, versions)
        });
        prop_assert_eq!(&lines, &expected.lines().map(str::to_owned).collect::<Vec<_>>());
        prop_assert_eq!(log, expected);
        prop_assert!(versions.is_sorted_by(|a, b| a < b), "{:?}", versions);
        let seen = server.seen.lock().unwrap();
        prop_assert_eq!(seen.polls, seen.answered, "a dropped `next` must not drop the request");
    }
}

#[tokio::test(start_paused = true)]
async fn the_request_of_a_dropped_next_continues() {
    let server = Server::new(lines(2), vec![Treatment::Hold]);
    let mut task = server.task();
    for _ in 0..20 {
        tokio::select! {
            biased;
            update = task.next() => panic!("held by the server, yet {update:?}"),
            () = tokio::time::sleep(Duration::from_millis(1)) => {}
        }
    }
    assert_eq!(server.seen.lock().unwrap().polls, 1);
    assert_eq!(log_of(&mut task).await, "line 1\r\nline 2\r\n");
}

#[tokio::test(start_paused = true)]
async fn a_response_that_came_between_two_calls_of_next_is_used() {
    let server = Server::new(lines(2), vec![Treatment::Hold]);
    let mut task = server.task();
    let _ = tokio::time::timeout(Duration::from_millis(1), task.next()).await;
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(server.seen.lock().unwrap().answered, 1);
    assert_eq!(log_of(&mut task).await, "line 1\r\nline 2\r\n");
    assert_eq!(server.seen.lock().unwrap().polls, 3);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_cancel_counts_as_requested() {
    let mut server = Server::new(lines(1), Vec::new());
    Arc::get_mut(&mut server).unwrap().outcome = "failed";
    let mut task = server.task();
    let dropped = tokio::time::timeout(Duration::from_millis(1), task.request_cancel()).await;
    assert!(dropped.is_err() && server.seen.lock().unwrap().cancels == 1);
    assert!(task.await.unwrap_err().is_cancelled());
}

#[tokio::test(start_paused = true)]
async fn a_task_resumed_before_its_first_update_misses_nothing() {
    let server = Server::new(lines(3), Vec::new());
    let mut first = server.task();
    let update = first.next().await.unwrap().unwrap();
    let mut second = server.task();
    second.core.poller = Poller::resumed(
        first.token().unwrap().clone(),
        Effect::Unknown,
        &Limits::default(),
    );
    drop(first);
    assert_eq!(
        format!("{}{}", update.log(), log_of(&mut second).await),
        "line 1\r\nline 2\r\nline 3\r\n"
    );
}

#[test]
fn tasks_can_be_sent_and_shared_between_threads() {
    fn sendable<T: Send + Sync>() {}
    sendable::<Task<Json>>();
}

/// A task that is no longer polled keeps its slot until the response, and there is only one slot.
#[tokio::test(start_paused = true)]
async fn a_task_that_is_no_longer_polled_does_not_stop_the_others() {
    let server = Server::new(lines(2), vec![Treatment::Hold]);
    let mut aside = server.task();
    let _ = tokio::time::timeout(Duration::from_millis(1), aside.next()).await;
    let token = aside.token().unwrap().clone();
    let mut other: Task<Json> = Task::resume(aside.core.connection(), token).unwrap();
    assert_eq!(log_of(&mut other).await, "line 1\r\nline 2\r\n");
    assert_eq!(log_of(&mut aside).await, "line 1\r\nline 2\r\n");
}
