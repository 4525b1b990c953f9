//! Tests of the limits of waits, to the millisecond, with a server whose news come at set times.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use tokio::time::Instant;
use url::Url;
use wire_values::Json;

use super::world::World;
use super::{ORIGIN, SURFACE, WAIT};
use crate::connection::{Connection, Limits};
use crate::error::{Error, ErrorKind};
use crate::exchange::{Answer, BoxFuture, Exchange, Post, PostError};
use crate::task::Task;
use crate::wait::{WaitLimit, WaitOptions};

const fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// A call whose statuses come at these moments. The last status is its end.
struct Timetable {
    news: Vec<Duration>,
    /// The server sends no responses from this status request on.
    silent_from: usize,
    /// The time from the cancel request to the end of the call, if the call can be cancelled.
    stops_after: Option<Duration>,
    began: Instant,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    polls: usize,
    cancels: usize,
    stops_at: Option<Duration>,
}

impl Timetable {
    fn new(news: Vec<Duration>, silent_from: usize, stops_after: Option<Duration>) -> Arc<Self> {
        let (began, seen) = (Instant::now(), Mutex::default());
        Arc::new(Self {
            news,
            silent_from,
            stops_after,
            began,
            seen,
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
        Task::resume(&connection, World::token()).unwrap()
    }

    /// Returns the current status word and version.
    fn now(&self) -> (&'static str, usize) {
        let now = self.began.elapsed();
        let stopped = self.seen.lock().unwrap().stops_at.is_some_and(|at| at <= now);
        // The call itself is the first status.
        let version = 1 + self.news.iter().filter(|at| **at <= now).count();
        match version {
            version if version > self.news.len() => ("succeeded", version),
            version if stopped => ("failed", version + 1),
            version => ("running", version),
        }
    }

    async fn status(&self, known: usize, hold: Duration, timeout: Duration) -> Result<Answer, PostError> {
        let asked_at = Instant::now();
        let number = {
            let mut seen = self.seen.lock().unwrap();
            seen.polls += 1;
            seen.polls
        };
        loop {
            if number > self.silent_from {
                tokio::time::sleep(timeout).await;
                return Err(PostError::Lost {
                    timeout: Some(timeout),
                    cause: "silence".into(),
                });
            }
            let (code, version) = self.now();
            if version > known || code != "running" || asked_at.elapsed() >= hold {
                let body = format!(r#"{{"statusCode":"{code}","statusVersion":{version}}}"#);
                return Ok(Answer::new(200, body.into_bytes()));
            }
            // A cancel request may come at any time.
            let tick = self.stops_after.map(|_| self.began.elapsed() + ms(1));
            let hold_over = asked_at + hold - self.began;
            let next = self.news.iter().copied().filter(|at| *at > self.began.elapsed());
            let next = next.chain(tick).fold(hold_over, Duration::min);
            tokio::time::sleep_until(self.began + next).await;
        }
    }
}

impl Exchange for Arc<Timetable> {
    fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>> {
        let server = Arc::clone(self);
        Box::pin(async move {
            if post.path == "api/cancel-async" {
                let mut seen = server.seen.lock().unwrap();
                seen.cancels += 1;
                seen.stops_at = server.stops_after.map(|after| server.began.elapsed() + after);
                return Ok(Answer::new(200, b"null".to_vec()));
            }
            let fields: Vec<_> = form_urlencoded::parse(post.body.as_bytes())
                .into_owned()
                .collect();
            let hold = ms(fields[2].1.parse().unwrap());
            server
                .status(fields[1].1.parse().unwrap(), hold, post.timeout)
                .await
        })
    }
}

/// Returns how and when a wait ends if it gets all news without delay.
fn expected(
    news: &[Duration],
    total: Option<Duration>,
    stalled: Option<Duration>,
) -> (Duration, Option<WaitLimit>) {
    let mut last = Duration::ZERO;
    for at in news {
        let total = total.map(|limit| (limit, WaitLimit::Total(limit)));
        let stalled = stalled.map(|limit| (last + limit, WaitLimit::Stalled(limit)));
        let first = total.into_iter().chain(stalled).min_by_key(|(at, _)| *at);
        match first {
            Some((limit_at, limit)) if limit_at < *at => return (limit_at, Some(limit)),
            _ => last = *at,
        }
    }
    (last, None)
}

fn limit_of(error: &Error) -> (WaitLimit, Duration) {
    match error.kind() {
        ErrorKind::WaitLimit { limit, elapsed, .. } => (*limit, *elapsed),
        other => panic!("{other:?}"),
    }
}

fn options(total: Option<Duration>, stalled: Option<Duration>, poll_wait: Duration) -> WaitOptions {
    let options = WaitOptions::new().poll_wait(poll_wait);
    let options = total.map_or(options, |limit| options.total(limit));
    stalled.map_or(options, |limit| options.stalled(limit))
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    runtime.unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// News and limits are at least 4 ms apart, so the order of checks does not matter.
    #[test]
    fn a_wait_ends_at_the_first_limit_or_with_the_call(
        gaps in prop::collection::vec(0_u64..400, 1..6),
        total in prop::option::of(1_u64..700),
        stalled in prop::option::of(1_u64..400),
        // Shorter requests are limited to ten a second.
        poll_wait in 120_u64..900,
    ) {
        let (total, stalled) = (total.map(|count| ms(32 * count)), stalled.map(|count| ms(32 * count)));
        let mut at = 0;
        let mut news = Vec::new();
        for gap in gaps {
            // Neither a gap nor a sum of gaps is a multiple of 32.
            at += 32 * gap + 4;
            news.push(ms(at));
        }
        let (ends_at, limit) = expected(&news, total, stalled);
        prop_assume!(!news.contains(&ends_at) || limit.is_none());
        block_on(async {
            let server = Timetable::new(news, usize::MAX, None);
            let outcome = server.task().wait(options(total, stalled, ms(poll_wait))).await;
            prop_assert_eq!(server.began.elapsed(), ends_at);
            match limit {
                None => prop_assert!(outcome.is_ok(), "{:?}", outcome),
                Some(limit) => {
                    let error = outcome.unwrap_err();
                    prop_assert_eq!(limit_of(&error), (limit, ends_at));
                    prop_assert!(error.task_token().is_some());
                }
            }
            Ok(())
        })?;
    }

    /// The server responds to a number of status requests and then to none. The limit does not wait for it.
    #[test]
    fn a_wait_ends_at_its_limit_even_if_the_server_does_not_respond(
        silent_from in 0_usize..4,
        total in 1_u64..60_000,
        stalled in prop::option::of(1_u64..60_000),
    ) {
        let stalled = stalled.map(ms);
        let news: Vec<Duration> = (1..20).map(|count| ms(100_000 * count)).collect();
        let (ends_at, limit) = expected(&news, Some(ms(total)), stalled);
        block_on(async {
            let server = Timetable::new(news, silent_from, None);
            let error = server.task().wait(options(Some(ms(total)), stalled, WAIT)).await.unwrap_err();
            prop_assert_eq!(server.began.elapsed(), ends_at);
            prop_assert_eq!(limit_of(&error), (limit.unwrap(), ends_at));
            Ok(())
        })?;
    }

    /// The cancel request is sent once. Then the wait ends with the call or at the second limit.
    #[test]
    fn at_the_limit_the_call_is_cancelled_once(total in 1_u64..500, stops_after in prop::option::of(0_u64..1500)) {
        let limit = ms(2 * total);
        block_on(async {
            let server = Timetable::new(vec![ms(1_000_001)], usize::MAX, stops_after.map(|count| ms(2 * count + 1)));
            let options = WaitOptions::new().total(limit).cancel_at_limit();
            let error = server.task().wait(options).await.unwrap_err();
            let stops_after = server.stops_after.filter(|after| *after < limit);
            prop_assert_eq!(server.began.elapsed(), limit + stops_after.unwrap_or(limit));
            prop_assert_eq!(error.is_wait_limit(), stops_after.is_none());
            prop_assert_eq!(error.is_cancelled(), stops_after.is_some());
            prop_assert_eq!(error.task_token().is_some(), stops_after.is_none());
            prop_assert_eq!(server.seen.lock().unwrap().cancels, 1);
            Ok(())
        })?;
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_succeeds_despite_the_cancel_request_returns_its_result() {
    let server = Timetable::new(vec![ms(701)], usize::MAX, None);
    let options = WaitOptions::new().total(ms(500)).cancel_at_limit();
    server.task().wait(options).await.unwrap();
    assert_eq!(server.seen.lock().unwrap().cancels, 1);
}

/// Even if its hold time is longer than that of the client.
#[tokio::test(start_paused = true)]
async fn a_second_wait_continues_the_running_request() {
    let server = Timetable::new(vec![ms(200_000)], 1, None);
    let mut task = server.task();
    task.next().await.unwrap();
    for limit in [40, 10, 4] {
        let options = WaitOptions::new().total(ms(limit * 1000)).poll_wait(ms(100_000));
        task.core.poller.limit(&options, task.core.now());
        assert!(task.next().await.unwrap_err().is_wait_limit());
    }
    // Its hold time is the 40 seconds that were left. It counts as lost 15 seconds later.
    assert_eq!(server.seen.lock().unwrap().polls, 2);
}

#[tokio::test(start_paused = true)]
async fn waits_of_any_length_cause_no_overflow() {
    let server = Timetable::new(vec![ms(700)], usize::MAX, None);
    let options = WaitOptions::new()
        .total(Duration::MAX)
        .stalled(Duration::MAX)
        .poll_wait(Duration::MAX);
    server.task().wait(options).await.unwrap();
}
