//! Tests of many tasks with few slots. Some tasks are dropped, no longer polled, or polled only now and then.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use url::Url;
use wire_values::Json;

use super::{ORIGIN, SURFACE, WAIT};
use crate::connection::{Connection, Limits};
use crate::exchange::{Answer, BoxFuture, Exchange, Post, PostError};
use crate::task::Task;
use crate::token::StatusToken;

/// A server of any number of calls. It holds each status request for its whole hold time and then returns news.
#[derive(Default)]
struct Crowd {
    seen: Mutex<Seen>,
}

#[derive(Clone, Default, Debug)]
struct Seen {
    in_flight: usize,
    peak: usize,
    polls: usize,
    /// The newest version of each call.
    versions: HashMap<String, u64>,
}

/// Counts a request until it ends or is dropped.
struct InFlight(Arc<Crowd>);

impl InFlight {
    fn new(crowd: &Arc<Crowd>) -> Self {
        let mut seen = crowd.seen.lock().unwrap();
        seen.polls += 1;
        seen.in_flight += 1;
        seen.peak = seen.peak.max(seen.in_flight);
        Self(Arc::clone(crowd))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.seen.lock().unwrap().in_flight -= 1;
    }
}

impl Exchange for Arc<Crowd> {
    fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>> {
        let crowd = Arc::clone(self);
        Box::pin(async move {
            let _in_flight = InFlight::new(&crowd);
            let fields: HashMap<String, String> = form_urlencoded::parse(post.body.as_bytes())
                .into_owned()
                .collect();
            sleep(Duration::from_millis(
                fields["millisecondsTimeout"].parse().unwrap(),
            ))
            .await;
            let version = {
                let mut seen = crowd.seen.lock().unwrap();
                let version = seen.versions.entry(fields["token"].clone()).or_default();
                *version += 1;
                *version
            };
            let body = format!(r#"{{"statusCode":"running","statusVersion":{version}}}"#);
            Ok(Answer::new(200, body.into_bytes()))
        })
    }
}

impl Crowd {
    fn connection(self: &Arc<Self>, polls_at_once: usize) -> Connection {
        let limits = Limits {
            request_timeout: WAIT,
            poll_wait: WAIT,
            polls_at_once,
            read_only: false,
            ..Limits::default()
        };
        let base = Url::parse(ORIGIN).unwrap();
        Connection::new(&SURFACE, &base, Box::new(Arc::clone(self)), limits)
    }

    fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }
}

fn task(connection: &Connection, number: usize) -> Task<Json> {
    let token = StatusToken {
        token: format!("{number:032x}"),
        version: 0,
        function: "VerifyStore".into(),
        origin: ORIGIN.into(),
        surface: "server".into(),
        open: Vec::new(),
    };
    Task::resume(connection, token).unwrap()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    runtime.unwrap().block_on(future)
}

/// What a caller does with its task.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Drops `next` after this many milliseconds, or with 0 after it was polled once.
    DropNext(u64),
    /// Does nothing for this many milliseconds.
    Absent(u64),
    /// Drops the task and resumes it.
    Resume,
}

/// What a caller does after its steps.
#[derive(Clone, Copy, Debug)]
enum Then {
    /// Follows the call for this many updates.
    Follow(usize),
    /// Polls now and then without waiting, until it has received this many updates.
    Glance(usize),
    /// Keeps the task and never uses it again.
    PutAside,
    Drop,
}

impl Then {
    fn updates(self) -> usize {
        match self {
            Self::Follow(updates) | Self::Glance(updates) => updates,
            Self::PutAside | Self::Drop => 0,
        }
    }
}

fn caller() -> impl Strategy<Value = (Vec<Step>, Then)> {
    let step = prop_oneof![
        4 => (0_u64..40).prop_map(Step::DropNext),
        2 => Just(Step::DropNext(0)),
        2 => (0_u64..30_000).prop_map(Step::DropNext),
        2 => (0_u64..60_000).prop_map(Step::Absent),
        1 => Just(Step::Resume),
    ];
    let then = prop_oneof![
        4 => (1_usize..4).prop_map(Then::Follow),
        2 => (1_usize..3).prop_map(Then::Glance),
        3 => Just(Then::PutAside),
        1 => Just(Then::Drop),
    ];
    (prop::collection::vec(step, 0..6), then)
}

/// Returns the task if the caller keeps it without polling it, and the times of the updates.
async fn play(
    connection: Connection,
    number: usize,
    (steps, then): (Vec<Step>, Then),
) -> (Option<Task<Json>>, Duration) {
    let mut task = task(&connection, number);
    for step in steps {
        match step {
            Step::DropNext(after) => {
                let _ = timeout(Duration::from_millis(after), task.next()).await;
            }
            Step::Absent(time) => sleep(Duration::from_millis(time)).await,
            Step::Resume => task = Task::resume(&connection, task.token().unwrap().clone()).unwrap(),
        }
    }
    let began = Instant::now();
    match then {
        Then::Follow(updates) => {
            for _ in 0..updates {
                task.next().await.unwrap().expect("the call continues");
            }
        }
        Then::Glance(updates) => {
            for _ in 0..updates {
                while timeout(Duration::ZERO, task.next()).await.is_err() {
                    sleep(Duration::from_millis(500)).await;
                }
            }
        }
        Then::PutAside => return (Some(task), Duration::ZERO),
        Then::Drop => {}
    }
    (None, began.elapsed())
}

/// Returns the maximum time until an update if this many tasks share the slots and all others are served first. The
/// hold time of each grows as the others finish and leave, so the time is a sum of 1/n.
fn to_an_update(sharing: usize) -> Duration {
    WAIT.mul_f64(2.0 * (1.0 + (sharing as f64).ln()))
}

/// Checks an interleaving of drop, keep and resume: the limit holds, every caller gets its updates, and no task polls
/// in a hot loop.
fn check_sharing(polls_at_once: usize, callers: Vec<(Vec<Step>, Then)>) -> Result<(), TestCaseError> {
    let crowd = Arc::new(Crowd::default());
    // One caller can cause a request for each update and for each `next` that finds no running request.
    let requests = |(steps, then): &(Vec<Step>, Then)| steps.len() + then.updates();
    let most: usize = callers.iter().map(requests).sum();
    let longest = to_an_update(callers.len());
    block_on(async {
        let connection = crowd.connection(polls_at_once);
        let mut playing = JoinSet::new();
        for (number, caller) in callers.into_iter().enumerate() {
            let updates = caller.1.updates() as u32;
            let playing_one = play(connection.clone(), number, caller);
            playing.spawn(async move { (playing_one.await, updates) });
        }
        let mut aside = Vec::new();
        while let Some(played) = playing.join_next().await {
            let ((task, took), updates) = played.unwrap();
            aside.extend(task);
            prop_assert!(took <= longest * updates, "{updates} updates took {took:?}");
        }
        // The requests of tasks that are no longer polled end and release their slots.
        sleep(longest).await;
        prop_assert_eq!(crowd.seen().in_flight, 0);
        Ok(())
    })?;
    let Seen { peak, polls, .. } = crowd.seen();
    prop_assert!(peak <= polls_at_once, "{peak} polls at once");
    prop_assert!(polls <= most, "{polls} polls, at most {most}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: super::cases(300), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn slots_are_released_however_tasks_end(
        polls_at_once in 1_usize..5,
        callers in prop::collection::vec(caller(), 1..24),
    ) {
        check_sharing(polls_at_once, callers)?;
    }
}

/// Once, a dropped task released its slot before its runtime had ended its request.
#[test]
fn a_slot_is_in_use_until_the_request_of_a_dropped_task_has_ended() {
    let one = vec![Step::DropNext(21), Step::Resume, Step::DropNext(1)];
    let two = vec![Step::DropNext(13), Step::DropNext(8), Step::Resume];
    let three = vec![Step::DropNext(0)];
    let callers = [one, two, three].map(|steps| (steps, Then::Follow(1)));
    check_sharing(2, callers.to_vec()).unwrap();
}

/// Once, such tasks kept their places in the queue and took slots that they never used. After 25 seconds without
/// progress the others polled without slots: 2,000 at once, in a hot loop.
#[test]
fn tasks_whose_next_was_dropped_in_the_queue_do_not_block_two_thousand_others() {
    const SLOTS: usize = 16;
    const LIVE: usize = 2000;
    const UPDATES: usize = 3;
    let crowd = Arc::new(Crowd::default());
    block_on(async {
        let connection = crowd.connection(SLOTS);
        let mut first: Vec<_> = (0..SLOTS).map(|number| task(&connection, number)).collect();
        for task in &mut first {
            assert!(timeout(Duration::ZERO, task.next()).await.is_err());
        }
        let mut queued: Vec<_> = (SLOTS..2 * SLOTS)
            .map(|number| task(&connection, number))
            .collect();
        for task in &mut queued {
            assert!(timeout(Duration::ZERO, task.next()).await.is_err());
        }
        tokio::task::yield_now().await;
        assert_eq!(crowd.seen().in_flight, SLOTS);

        let mut live = JoinSet::new();
        for number in 0..LIVE {
            let steps = (Vec::new(), Then::Follow(UPDATES));
            live.spawn(play(connection.clone(), 2 * SLOTS + number, steps));
        }
        while let Some(followed) = live.join_next().await {
            let (_, took) = followed.unwrap();
            assert!(took <= to_an_update(LIVE / SLOTS) * UPDATES as u32, "{took:?}");
        }
    });
    let Seen { peak, polls, .. } = crowd.seen();
    assert_eq!(peak, SLOTS);
    assert_eq!(polls, 2 * SLOTS + LIVE * UPDATES);
}

/// Tasks that are dropped while they wait for a slot leave nothing behind.
#[test]
fn dropped_tasks_leave_the_queue() {
    let crowd = Arc::new(Crowd::default());
    block_on(async {
        let connection = crowd.connection(1);
        let mut tasks: Vec<_> = (0..20).map(|number| task(&connection, number)).collect();
        for task in &mut tasks {
            assert!(timeout(Duration::from_millis(1), task.next()).await.is_err());
        }
        drop(tasks);
        let mut last = task(&connection, 20);
        let began = Instant::now();
        last.next().await.unwrap();
        assert_eq!(began.elapsed(), WAIT, "it shares with no other");
    });
    assert_eq!(crowd.seen().polls, 2, "the first and the last");
}
