//! The workflow of a job in one window: it starts the calls within the limits, wave after wave.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use restate_sdk::context::{DurableFuture, DurableFuturesUnordered, SendHandle};
use restate_sdk::prelude::*;

use crate::call::{Batch, Call, OnFailure, in_round};
use crate::clients::Clients;
use crate::mail_call::MailCallClient;
use crate::order::{Order, PLAN, Plan};
use crate::outcome::{Ended, Outcome, Results, Settled, UNREADABLE};
use crate::record::{Beginning, Noted, WindowBegan, WindowRecordClient, note, too_old};
use crate::servers::Servers;
use crate::steps::Steps;
use crate::terms::{TERMS, Terms};
use crate::waiting::Waiting;

/// The workflow of a job in one window. Its key is the window, so a window that is run again attaches to it.
pub struct FleetRun {
    clients: Arc<Clients>,
}

impl FleetRun {
    /// Creates the workflow with the clients of a worker.
    pub fn new(clients: Arc<Clients>) -> Self {
        Self { clients }
    }
}

#[workflow(
    name = "FleetRun",
    client_visibility = "pub(crate)",
    workflow_completion_retention = "7 days",
    journal_retention = "7 days",
    inactivity_timeout = "1h",
    abort_timeout = "10m"
)]
impl FleetRun {
    /// Runs the calls and returns what is known about each of them.
    #[handler]
    async fn run(&self, ctx: WorkflowContext<'_>, Json(batch): Json<Batch>) -> HandlerResult<Json<Results>> {
        if ctx.key() != batch.key() {
            let message = "the key of the workflow is not that of the job";
            return Err(TerminalError::new_with_code(400, message).into());
        }
        ctx.set(PLAN, Json(Plan::of(&batch)));
        ctx.set(TERMS, Json(Terms::of(&batch)));
        Ok(Json(Dispatch::new(&ctx, &self.clients, &batch).run().await))
    }
}

/// The code of the error of a request that was cancelled or killed. Its call goes on.
const ENDED_REQUEST: u16 = 409;

/// How often the note is written, if the folder or the object store of the logs is away.
const NOTES: u32 = 6;

/// The pause between two of these tries.
const PAUSE: Duration = Duration::from_secs(10);

/// Something that the job waits for.
type Event<'a> = Pin<Box<dyn DurableFuture<Output = Result<Option<Settled>, TerminalError>> + Send + 'a>>;

/// A call whose workflow the job began, or found.
struct Begun<'a> {
    call: &'a Call,
    /// The number of the workflow. A call has another one only if the one before has not sent it.
    round: u32,
    /// The workflow.
    invocation: String,
}

/// A job that is under way.
struct Dispatch<'a> {
    ctx: &'a WorkflowContext<'a>,
    clients: &'a Arc<Clients>,
    batch: &'a Batch,
    steps: Steps<'a>,
    results: Results,
    events: DurableFuturesUnordered<Event<'a>>,
    /// The calls that have not settled, by the numbers of their events.
    running: BTreeMap<usize, Begun<'a>>,
    /// Why no further call is started.
    stopped: Option<String>,
    /// Whether a call failed, or its outcome is unknown.
    failed: bool,
    /// How many calls have an unknown outcome. Servers may execute them.
    unknown: usize,
}

impl<'a> Dispatch<'a> {
    fn new(ctx: &'a WorkflowContext<'a>, clients: &'a Arc<Clients>, batch: &'a Batch) -> Self {
        Self {
            ctx,
            clients,
            batch,
            steps: Steps::of(ctx),
            results: Results::new(),
            events: DurableFuturesUnordered::new(),
            running: BTreeMap::new(),
            stopped: None,
            failed: false,
            unknown: 0,
        }
    }

    async fn run(mut self) -> Results {
        self.wait_for_its_time().await;
        self.begin().await;
        let mut waves: BTreeMap<u32, Vec<&'a Call>> = BTreeMap::new();
        for call in &self.batch.calls {
            waves.entry(call.wave).or_default().push(call);
        }
        for calls in waves.into_values() {
            if self.failed && self.batch.on_failure == OnFailure::FinishWave {
                self.stop("a call of an earlier wave failed");
            }
            let left = self.wave(Waiting::new(calls, self.batch.limits)).await;
            let reason = self.stopped.as_deref().unwrap_or("the job ended");
            for call in left.rest() {
                let skipped = Ended::without_log(Outcome::Skipped, reason);
                self.results.insert(call.key.clone(), Settled::Ended(skipped));
            }
        }
        self.results
    }

    fn stop(&mut self, reason: impl Into<String>) {
        self.stopped.get_or_insert_with(|| reason.into());
    }

    /// Begins the window, unless it has begun. Starts no call if the engine may have forgotten calls of the window, or if
    /// profiles of the window were renamed or moved.
    async fn begin(&mut self) {
        if self.stopped.is_some() {
            return;
        }
        let Some(now) = self.steps.now().await else {
            return self.cancel();
        };
        let window = &self.batch.window;
        let record: WindowRecordClient<'_> = self.ctx.object_client(window);
        let servers = Servers::of(&self.batch.calls);
        let began = record.begin(Json(Beginning { now, servers })).call().await;
        let Ok(Json(WindowBegan { at, changed })) = began else {
            return self.cancel();
        };
        if let Some(reason) = too_old(at, now).or(changed) {
            return self.stop(reason);
        }
        self.note(at).await;
    }

    /// Notes beside the logs when the window began. Starts no call if there is another note, or none can be written.
    async fn note(&mut self, began: Timestamp) {
        let mut tries = 1;
        loop {
            let (clients, logs) = (Arc::clone(self.clients), self.batch.logs.clone());
            let window = self.batch.window.clone();
            let note = move || async move { note(&clients.stores, &logs, &window, began).await };
            let reason = match self.steps.attempt("note", note).await {
                Some(Noted::Same) => return,
                Some(Noted::NotWritten(_)) if tries < NOTES => {
                    if !self.steps.sleep(PAUSE).await {
                        return self.cancel();
                    }
                    tries += 1;
                    continue;
                }
                Some(Noted::Other(reason) | Noted::NotWritten(reason)) => reason,
                None => return self.cancel(),
            };
            return self.stop(reason);
        }
    }

    /// Waits until calls may start, and begins to wait until they may no longer start.
    async fn wait_for_its_time(&mut self) {
        let Some(span) = self.batch.starts else {
            return;
        };
        let Some(now) = self.steps.now().await else {
            return self.cancel();
        };
        let until = |time: Timestamp| Duration::try_from(time.duration_since(now)).unwrap_or_default();
        // Both times are counted from now, so both begin now.
        let closed = self.ctx.sleep(until(span.closes)).map_ok(|()| None);
        self.events.push(Box::pin(closed));
        if !until(span.opens).is_zero() && !self.steps.sleep(until(span.opens)).await {
            self.cancel();
        }
    }

    /// Runs the calls of a wave. Returns it with those that were not started.
    async fn wave(&mut self, mut waiting: Waiting<'a>) -> Waiting<'a> {
        loop {
            while self.stopped.is_none()
                && let Some(call) = waiting.take(self.unknown)
            {
                self.start(call, 1).await;
            }
            if self.running.is_empty() {
                if self.unknown > 0 && !waiting.is_empty() {
                    self.stop(
                        "calls with unknown outcomes use the whole limit of the job: decide about them first",
                    );
                }
                return waiting;
            }
            if let Some(call) = self.settle_one().await {
                waiting.end(call);
            }
        }
    }

    /// Starts the workflow of a call, unless it exists, and waits for it.
    async fn start(&mut self, call: &'a Call, round: u32) {
        let mut was_cancelled = false;
        let invocation = loop {
            // The engine starts the workflow once. A cancellation only hides its answer.
            match self.send(call, round).await {
                Ok(handle) => break handle.invocation_id().to_owned(),
                Err(_) => was_cancelled = true,
            }
        };
        self.wait_for(Begun {
            call,
            round,
            invocation,
        });
        if was_cancelled {
            self.cancel();
        }
    }

    /// Starts the workflow of a call. The engine ignores this if the workflow exists.
    fn send(&self, call: &Call, round: u32) -> SendHandle {
        let order = Order {
            call: call.clone(),
            per_server: self.batch.limits.per_server,
            closes: self.batch.starts.map(|span| span.closes),
            logs: self.batch.logs.clone(),
            round,
            withdrawn: false,
        };
        self.workflow(call, round).run(Json(order)).send()
    }

    fn workflow(&self, call: &Call, round: u32) -> MailCallClient<'a> {
        self.ctx.workflow_client(in_round(&call.key, round))
    }

    fn wait_for(&mut self, begun: Begun<'a>) {
        let settled = self
            .workflow(begun.call, begun.round)
            .settled(begun.invocation.clone())
            .call()
            .map_ok(|Json(settled)| Some(settled));
        let number = self.events.push(Box::pin(settled));
        self.running.insert(number, begun);
    }

    /// Waits until a call settles, the time is over, or the job is cancelled. Returns the call.
    async fn settle_one(&mut self) -> Option<&'a Call> {
        match self.events.next().await {
            Ok(Some((number, Ok(Some(settled))))) => {
                let begun = self.running.remove(&number)?;
                if self.stopped.is_none() && begun.round < self.batch.round && settled.may_be_started() {
                    // An earlier round ended without sending the call, so this one may send it.
                    self.start(begun.call, begun.round + 1).await;
                    return None;
                }
                self.settle(begun.call, settled);
                Some(begun.call)
            }
            Ok(Some((number, Err(error)))) => {
                let begun = self.running.remove(&number)?;
                if error.code() == ENDED_REQUEST {
                    self.wait_for(begun);
                    return None;
                }
                let reason = UNREADABLE.to_owned();
                self.settle(begun.call, Settled::Unknown { reason });
                Some(begun.call)
            }
            Ok(_) => {
                self.stop("the time in which calls may start is over");
                None
            }
            Err(_) => {
                self.cancel();
                None
            }
        }
    }

    /// Keeps what is known about a call.
    fn settle(&mut self, call: &Call, settled: Settled) {
        self.failed |= !settled.is_success();
        self.unknown += usize::from(matches!(settled, Settled::Unknown { .. }));
        if self.failed && self.batch.on_failure == OnFailure::Stop {
            self.stop("another call failed");
        }
        self.results.insert(call.key.clone(), settled);
    }

    /// Cancels the calls that have not settled. The job then waits for them.
    fn cancel(&mut self) {
        self.stop("the job was cancelled");
        for begun in self.running.values() {
            self.ctx.invocation_handle(begun.invocation.clone()).cancel();
            self.workflow(begun.call, begun.round)
                .cancel_at_server(Json(begun.call.clone()))
                .send();
        }
    }
}
