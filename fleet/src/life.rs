//! The life of a call, step by step. Every step is in the journal of the engine before the next one begins.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use mailstore_api::StatusToken;
use restate_sdk::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::call::CallEffect;
use crate::cancel::request_cancel;
use crate::clients::Clients;
use crate::follow::{End, Progress, Slice, follow};
use crate::gate::{GateClient, Permit};
use crate::hooks::{Point, ignores_claims, reach, shortened};
use crate::order::{Decided, ENDED, Order, STATUS, TOKEN, decision, settled};
use crate::outcome::{Decision, Ended, Outcome, Phase, Settled, Status};
use crate::start::{Started, start};

/// How long a call is followed before its progress is written to the journal. The last time is used for the rest.
const SLICES: [Duration; 5] = [
    Duration::from_secs(15),
    Duration::from_secs(30),
    Duration::from_secs(60),
    Duration::from_secs(120),
    Duration::from_secs(290),
];

/// How often a call is sent again after nothing was sent, or after a call that only reads was lost.
const TRIES: u32 = 8;

/// The pause before the first try; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(5);

/// The pause after the server could not be asked.
const PROBLEM_PAUSE: Duration = Duration::from_secs(60);

/// Says that the outcome of a start is unknown, and why.
const INTERRUPTED: &str = "the worker or the engine was stopped while the call was being started";

/// Says that a call was cancelled in time.
const NOT_STARTED: &str = "the call was cancelled before it was started";

/// Says that a call has no place at its server.
const NO_ROOM: &str =
    "calls with unknown outcomes use the whole limit of the server: decide about them first";

/// What a call needs during its life.
pub(crate) struct Life<'a> {
    ctx: &'a WorkflowContext<'a>,
    clients: &'a Arc<Clients>,
    order: Arc<Order>,
    /// Whether the workflow was cancelled. The engine says it once, so it is kept here.
    cancelled: bool,
    status: Status,
}

/// What is known about a call before or after a try.
enum Step {
    Ended(Ended),
    Unknown { reason: String, progress: Progress },
}

impl<'a> Life<'a> {
    pub(crate) fn new(ctx: &'a WorkflowContext<'a>, clients: &'a Arc<Clients>, order: &Order) -> Self {
        Self {
            ctx,
            clients,
            order: Arc::new(order.clone()),
            cancelled: false,
            status: Status {
                phase: Phase::Waiting,
                reason: None,
                percent: None,
                log_bytes: 0,
                attempt: 1,
                sent: None,
                outcome: None,
            },
        }
    }

    /// Runs the call to its end.
    pub(crate) async fn live(mut self) -> Ended {
        let ended = loop {
            if self.order.withdrawn {
                break Ended::without_log(Outcome::Cancelled, NOT_STARTED);
            }
            let permit = match self.take_place().await {
                Ok(permit) => permit,
                Err(ended) => break ended,
            };
            let (reason, progress) = match self.try_once().await {
                Step::Ended(ended) => break ended,
                Step::Unknown { reason, progress } => (reason, progress),
            };
            // The server may execute the call, so it keeps its place.
            self.gate().doubt(permit.clone()).send();
            let outcome = match self.wait_for_decision(&reason).await {
                Decision::Retry => {
                    self.gate().release(permit).send();
                    continue;
                }
                Decision::Done => Outcome::DeclaredDone,
                Decision::GiveUp => Outcome::GivenUp,
            };
            break Ended {
                outcome,
                reason: Some(reason),
                log_bytes: progress.log_bytes,
                result_bytes: 0,
            };
        };
        self.status.percent = None;
        self.status.log_bytes = ended.log_bytes;
        self.status.outcome = Some(ended.outcome);
        self.set_phase(Phase::Ended, ended.reason.clone());
        self.ctx.clear(TOKEN);
        self.settle(Settled::Ended(ended.clone()));
        self.ctx.resolve_promise(ENDED, Json(ended.clone()));
        ended
    }

    fn set_phase(&mut self, phase: Phase, reason: Option<String>) {
        self.status.phase = phase;
        self.status.reason = reason;
        self.ctx.set(STATUS, Json(self.status.clone()));
    }

    /// Tells those who wait what is known about this try.
    fn settle(&self, known: Settled) {
        self.ctx
            .resolve_promise(&settled(self.status.attempt), Json(known));
    }

    fn gate(&self) -> GateClient<'a> {
        self.ctx.object_client(&self.order.call.server)
    }

    /// Waits until the server has room. Returns the permit, or how the call ends if there is none.
    async fn take_place(&mut self) -> Result<String, Ended> {
        self.set_phase(Phase::Waiting, None);
        let (id, granted) = self.ctx.awakeable::<bool>();
        let permit = Permit {
            id: id.clone(),
            holder: self.ctx.invocation_id().to_owned(),
            limit: self.order.per_server,
            unknown: false,
        };
        self.gate().acquire(Json(permit)).send();
        match granted.await {
            Ok(true) => Ok(id),
            Ok(false) => Err(Ended::without_log(Outcome::Skipped, NO_ROOM)),
            Err(_) => Err(Ended::without_log(Outcome::Cancelled, NOT_STARTED)),
        }
    }

    /// Sends the call, again if nothing was sent, and follows it to its end.
    async fn try_once(&mut self) -> Step {
        let mut pause = FIRST_PAUSE;
        let mut tries = 1;
        loop {
            if let Some(closes) = self.order.closes
                && self.now().await.is_none_or(|now| now >= closes)
            {
                let outcome = if self.cancelled {
                    Outcome::Cancelled
                } else {
                    Outcome::Skipped
                };
                return Step::Ended(Ended::without_log(
                    outcome,
                    "the time in which calls may start is over",
                ));
            }
            self.set_phase(Phase::Starting, None);
            let (reason, may_pass) = match self.send().await {
                Started::Running { token } => match self.follow(token).await {
                    Step::Unknown { reason, .. } if self.only_reads() && !self.cancelled => (reason, true),
                    step => return step,
                },
                Started::Ended { end, progress } => match self.step(end, progress) {
                    Step::Unknown { reason, .. } if self.only_reads() && !self.cancelled => (reason, true),
                    step => return step,
                },
                Started::Rejected { reason } => {
                    return Step::Ended(Ended::without_log(Outcome::Failed, reason));
                }
                Started::Unknown { reason } => {
                    let progress = Progress::default();
                    return Step::Unknown { reason, progress };
                }
                Started::NotSent { reason, may_pass } => (reason, may_pass),
            };
            let ended = |outcome| Step::Ended(Ended::without_log(outcome, reason.clone()));
            let cancelled = || Step::Ended(Ended::without_log(Outcome::Cancelled, NOT_STARTED));
            if self.cancelled {
                return cancelled();
            }
            if !may_pass || tries == TRIES {
                return ended(Outcome::Failed);
            }
            self.set_phase(Phase::Waiting, Some(reason.clone()));
            if self.ctx.sleep(pause).await.is_err() {
                return cancelled();
            }
            tries += 1;
            pause *= 2;
        }
    }

    fn only_reads(&self) -> bool {
        self.order.call.effect == CallEffect::Read
    }

    /// Returns the time, or `None` if the call was cancelled.
    async fn now(&mut self) -> Option<Timestamp> {
        let now = self
            .ctx
            .run(|| async { Ok(Json(Timestamp::now())) })
            .name("now")
            .await;
        self.cancelled |= now.is_err();
        now.ok().map(Json::into_inner)
    }

    /// Sends the call, if this attempt of the workflow has made the claim for it.
    ///
    /// The engine repeats a step that it has no result of. It does not repeat the claim, because it has its result. An
    /// attempt that has not made the claim itself does therefore not know whether an earlier attempt sent the call.
    async fn send(&mut self) -> Started {
        let fresh = Arc::new(AtomicBool::new(false));
        reach(Point::BeforeClaim).await;
        if !self.only_reads() {
            let made = Arc::clone(&fresh);
            let claim = move || async move {
                made.store(true, SeqCst);
                Ok(Json(Timestamp::now()))
            };
            match self.ctx.run(claim).name("claim").await {
                Ok(Json(time)) => self.status.sent = Some(time),
                Err(_) => {
                    self.cancelled = true;
                    return not_sent();
                }
            }
        }
        reach(Point::AfterClaim).await;
        let repeats = self.only_reads() || ignores_claims();
        let known: Arc<Mutex<Option<Started>>> = Arc::default();
        let (claim, kept) = (Arc::clone(&fresh), Arc::clone(&known));
        let (clients, order) = (Arc::clone(self.clients), Arc::clone(&self.order));
        let send = move || async move {
            let started = if claim.swap(false, SeqCst) || repeats {
                start(&clients, &order.call, &order.files()).await
            } else {
                Started::Unknown {
                    reason: INTERRUPTED.to_owned(),
                }
            };
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(started.clone());
            Ok(Json(started))
        };
        let once = RunRetryPolicy::new().max_attempts(1);
        if let Ok(Json(started)) = self.ctx.run(send).name("start").retry_policy(once).await {
            return started;
        }
        // Cancelling hides the result of a step that was under way.
        self.cancelled = true;
        let found = known.lock().unwrap_or_else(PoisonError::into_inner).take();
        let unused = fresh.load(SeqCst) || (self.only_reads() && found.is_none());
        let rescued = found.unwrap_or_else(|| match unused {
            true => not_sent(),
            false => Started::Unknown {
                reason: INTERRUPTED.to_owned(),
            },
        });
        self.keep("rescue", rescued).await
    }

    /// Writes a value to the journal, even if the workflow is cancelled meanwhile.
    async fn keep<T>(&mut self, name: &str, value: T) -> T
    where
        T: Clone + Serialize + DeserializeOwned + Send + 'static,
    {
        loop {
            let value = value.clone();
            let kept = self
                .ctx
                .run(move || async move { Ok(Json(value)) })
                .name(name)
                .await;
            match kept {
                Ok(Json(value)) => return value,
                Err(_) => self.cancelled = true,
            }
        }
    }

    /// Follows the running call to its end. Asks the server to cancel it if the workflow is cancelled.
    async fn follow(&mut self, mut token: StatusToken) -> Step {
        self.ctx.set(TOKEN, Json(token.clone()));
        let mut progress = Progress::default();
        let mut asked = false;
        let mut lengths = SLICES.into_iter();
        let mut length = SLICES[0];
        loop {
            if self.cancelled && !asked {
                self.set_phase(Phase::Cancelling, None);
                asked = self.ask_to_cancel(&token).await;
            } else if !self.cancelled {
                self.set_phase(Phase::Running, self.status.reason.clone());
            }
            length = lengths.next().unwrap_or(length);
            let slice = self.slice(token.clone(), progress, shortened(length)).await;
            (token, progress) = (slice.token, slice.progress);
            self.status.percent = progress.percent;
            self.status.log_bytes = progress.log_bytes;
            self.status.reason = slice.problem;
            if let Some(end) = slice.end {
                return self.step(end, progress);
            }
            if self.status.reason.is_some() && self.ctx.sleep(PROBLEM_PAUSE).await.is_err() {
                self.cancelled = true;
            }
        }
    }

    async fn slice(&mut self, token: StatusToken, progress: Progress, length: Duration) -> Slice {
        let known: Arc<Mutex<Option<Slice>>> = Arc::default();
        let kept = Arc::clone(&known);
        let (clients, order) = (Arc::clone(self.clients), Arc::clone(&self.order));
        let before = Slice {
            token: token.clone(),
            progress,
            end: None,
            problem: None,
        };
        let unasked = before.clone();
        let step = move || async move {
            let slice = match clients.of(&order.call).await {
                Ok(client) => follow(&client, token, progress, &order.files(), length).await,
                Err(report) => Slice {
                    problem: Some(report.to_string()),
                    ..unasked
                },
            };
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(slice.clone());
            Ok(Json(slice))
        };
        if let Ok(Json(slice)) = self.ctx.run(step).name("follow").await {
            return slice;
        }
        self.cancelled = true;
        let found = known.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.keep("rescue", found.unwrap_or(before)).await
    }

    /// Asks the server to cancel the call. Returns whether it was asked.
    async fn ask_to_cancel(&mut self, token: &StatusToken) -> bool {
        reach(Point::BeforeCancel).await;
        let token = token.clone();
        let (clients, order) = (Arc::clone(self.clients), Arc::clone(&self.order));
        let ask = move || async move {
            let asked = request_cancel(&clients, &order.call, token).await;
            reach(Point::AfterCancel).await;
            Ok(Json(asked.err()))
        };
        // A second cancellation hides the answer. The server is then asked again, which changes nothing.
        match self.ctx.run(ask).name("cancel").await {
            Ok(Json(problem)) => problem.is_none(),
            Err(_) => false,
        }
    }

    /// Returns what the end of a call at the server means. A call that fails after it was cancelled counts as cancelled.
    fn step(&self, end: End, progress: Progress) -> Step {
        let (outcome, reason, result_bytes) = match end {
            End::Succeeded {
                result_bytes,
                problem,
            } => (Outcome::Succeeded, problem, result_bytes),
            End::Failed { reason } if self.cancelled => {
                let reason = format!("the call was cancelled at the server: {reason}");
                (Outcome::Cancelled, Some(reason), 0)
            }
            End::Failed { reason } => (Outcome::Failed, Some(reason), 0),
            End::Unknown { reason } => return Step::Unknown { reason, progress },
        };
        Step::Ended(Ended {
            outcome,
            reason,
            log_bytes: progress.log_bytes,
            result_bytes,
        })
    }

    /// Waits until a person decides about the call. A cancellation does not end this: whether the server executes the
    /// call is unknown, so the call cannot be cancelled.
    async fn wait_for_decision(&mut self, reason: &str) -> Decision {
        self.ctx.clear(TOKEN);
        self.set_phase(Phase::Unknown, Some(reason.to_owned()));
        self.settle(Settled::Unknown {
            reason: reason.to_owned(),
        });
        let name = decision(self.status.attempt);
        let decided = loop {
            if let Ok(Json(Decided { word, .. })) = self.ctx.promise::<Json<Decided>>(&name).await {
                break word;
            }
        };
        if decided == Decision::Retry {
            self.status.attempt += 1;
            self.status.sent = None;
        }
        self.cancelled = false;
        decided
    }
}

/// What is known about a call that was cancelled before it was sent.
fn not_sent() -> Started {
    Started::NotSent {
        reason: NOT_STARTED.to_owned(),
        may_pass: false,
    }
}
