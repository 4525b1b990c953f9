//! Property tests: for every sequence of server and client events, the log and the outcome are those of the server.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_core::Stream;
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use tokio::time::timeout;
use wire_values::Json;

use super::world::{Plan, World, plan};
use crate::error::{Error, ErrorKind};
use crate::status::StatusCode;
use crate::task::Task;
use crate::token::StatusToken;
use crate::update::Update;
use crate::wait::WaitOptions;

/// An action of the caller.
#[derive(Clone, Copy, Debug)]
enum Step {
    Next,
    /// Drops `next` after this many milliseconds.
    DropNext(u64),
    /// Drops the stream after this many milliseconds.
    DropStream(u64),
    /// Saves the token as JSON and ends; another process continues.
    Restart,
    Cancel,
    /// Drops the cancel request after this many milliseconds.
    DropCancel(u64),
    /// Waits for at most this many milliseconds.
    Wait(u64),
    /// Does nothing for a while.
    Absent(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => Just(Step::Next),
        6 => (0_u64..40).prop_map(Step::DropNext),
        4 => (0_u64..40).prop_map(Step::DropStream),
        4 => Just(Step::Restart),
        1 => Just(Step::Cancel),
        1 => (0_u64..8).prop_map(Step::DropCancel),
        2 => (0_u64..2000).prop_map(Step::Wait),
        1 => (0_u64..60_000).prop_map(Step::Absent),
    ]
}

/// The caller: its task, and the log that it received.
struct Caller {
    world: Arc<World>,
    task: Task<Json>,
    log: String,
    versions: Vec<u64>,
    /// Whether this process has sent a cancel request.
    asked_to_cancel: bool,
}

/// How a wait ended.
enum End {
    Outcome(Result<Json, Error>),
    Forgotten,
}

fn saved_and_loaded(token: &StatusToken) -> StatusToken {
    serde_json::from_str(&serde_json::to_string(token).unwrap()).unwrap()
}

impl Caller {
    async fn new(world: &Arc<World>) -> Self {
        Self {
            world: Arc::clone(world),
            task: world.start().await,
            log: String::new(),
            versions: Vec::new(),
            asked_to_cancel: false,
        }
    }

    fn resume(&mut self, token: &StatusToken) {
        self.task = self.world.resume(saved_and_loaded(token));
        self.asked_to_cancel = false;
    }

    fn take(&mut self, update: &Update) {
        self.log.push_str(update.log());
        self.versions.push(update.version());
    }

    /// An error ends polling only if the server forgot the call. Any other error contains the token to resume.
    fn survive(&mut self, error: &Error) -> Result<Option<End>, TestCaseError> {
        prop_assert_eq!(error.function(), Some("VerifyStore"));
        if error.is_token_expired() {
            prop_assert!(self.world.state().forgotten && error.task_token().is_none());
            return Ok(Some(End::Forgotten));
        }
        let Some(token) = error.task_token() else {
            return Err(TestCaseError::fail(format!("no token: {error:?}")));
        };
        prop_assert_eq!(Some(token), self.task.token());
        let token = token.clone();
        // Half of the callers continue with the same task, the others resume.
        if self.log.len().is_multiple_of(2) {
            self.resume(&token);
        }
        Ok(None)
    }

    fn told(&mut self, news: Result<Option<Update>, Error>) -> Result<bool, Result<End, TestCaseError>> {
        match news {
            Ok(Some(update)) => self.take(&update),
            Ok(None) => return Ok(true),
            Err(error) => match self.survive(&error) {
                Ok(Some(end)) => return Err(Ok(end)),
                Ok(None) => {}
                Err(wrong) => return Err(Err(wrong)),
            },
        }
        Ok(false)
    }

    /// Returns whether the call has ended.
    async fn step(&mut self, step: Step) -> Result<bool, Result<End, TestCaseError>> {
        match step {
            Step::Next => {
                let news = self.task.next().await;
                self.told(news)
            }
            Step::DropNext(after) => match timeout(Duration::from_millis(after), self.task.next()).await {
                Ok(news) => self.told(news),
                Err(_) => Ok(false),
            },
            Step::DropStream(after) => {
                let mut all = Vec::new();
                let mut updates = self.task.updates();
                let follow = async {
                    while let Some(news) = poll_fn(|context| Pin::new(&mut updates).poll_next(context)).await
                    {
                        let broken = news.is_err();
                        all.push(news);
                        if broken {
                            break;
                        }
                    }
                };
                let _ = timeout(Duration::from_millis(after), follow).await;
                drop(updates);
                for news in all {
                    self.told(news.map(Some))?;
                }
                Ok(false)
            }
            Step::Restart => {
                if let Some(token) = self.task.token().cloned()
                    && !self.task.is_finished()
                {
                    self.resume(&token);
                }
                Ok(false)
            }
            Step::Cancel => {
                self.asked_to_cancel |= !self.task.is_finished();
                match self.task.request_cancel().await {
                    Ok(()) => Ok(false),
                    Err(error) => self.told(Err(error)),
                }
            }
            Step::DropCancel(after) => {
                self.asked_to_cancel |= !self.task.is_finished();
                match timeout(Duration::from_millis(after), self.task.request_cancel()).await {
                    Ok(Err(error)) => self.told(Err(error)),
                    _ => Ok(false),
                }
            }
            Step::Wait(limit) => self.wait(limit).await,
            Step::Absent(time) => {
                tokio::time::advance(Duration::from_millis(time)).await;
                Ok(false)
            }
        }
    }

    /// Waits with a limit, which consumes the task.
    async fn wait(&mut self, limit: u64) -> Result<bool, Result<End, TestCaseError>> {
        let next = self.world.resume(World::token());
        let task = std::mem::replace(&mut self.task, next);
        let options = WaitOptions::new().total(Duration::from_millis(limit));
        match task.wait(options).await {
            Err(error) if error.task_token().is_some() => {
                let token = error.task_token().unwrap().clone();
                // The updates that the wait consumed count as delivered.
                self.log = self.world.log_at(token.version as usize);
                self.versions.push(token.version);
                self.versions.dedup();
                self.resume(&token);
                Ok(false)
            }
            Err(error) if error.is_token_expired() => Err(Ok(End::Forgotten)),
            outcome => {
                self.log = self.world.whole_log();
                Err(Ok(End::Outcome(outcome)))
            }
        }
    }
}

async fn follow(plan: Plan, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let world = World::new(plan);
    let mut caller = Caller::new(&world).await;
    let mut steps = steps.into_iter();
    let end = loop {
        match caller.step(steps.next().unwrap_or(Step::Next)).await {
            Ok(false) => {}
            Ok(true) => break End::Outcome(caller.task.await),
            Err(end) => break end?,
        }
    };
    prop_assert!(
        caller.versions.is_sorted_by(|a, b| a < b),
        "{:?}",
        caller.versions
    );
    let End::Outcome(outcome) = end else {
        let told = *caller.versions.last().unwrap_or(&0) as usize;
        prop_assert_eq!(caller.log, world.log_at(told));
        return Ok(());
    };
    prop_assert_eq!(&caller.log, &world.whole_log());
    let (code, _) = world.state().end.unwrap();
    match outcome {
        Ok(_) => prop_assert_eq!(code, "succeeded"),
        Err(error) => {
            let ErrorKind::Failed(failure) = error.kind() else {
                return Err(TestCaseError::fail(format!("{error:?}")));
            };
            prop_assert_eq!(failure.status.as_str(), code);
            let stopped = caller.asked_to_cancel || failure.status == StatusCode::Cancelled;
            prop_assert_eq!(error.is_cancelled(), stopped);
        }
    }
    Ok(())
}

#[test]
fn the_log_and_the_outcome_are_always_the_same_as_on_the_server() {
    let cases = super::cases(10_000);
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let cases = (plan(), prop::collection::vec(step(), 0..24));
    let play = |(plan, steps)| runtime.block_on(follow(plan, steps));
    TestRunner::new(config)
        .run(&cases, play)
        .unwrap_or_else(|wrong| panic!("{wrong}\n{wrong:?}"));
}
