//! The life of a call. Every step is in the journal of the engine before the next one begins.

mod cancelling;
mod claim;
mod following;
mod sending;
mod tried;

use std::sync::Arc;

use restate_sdk::prelude::*;

use crate::call::CallEffect;
use crate::clients::Clients;
use crate::follow::Progress;
use crate::gate::{GateClient, NO_ROOM, Permit};
use crate::order::{Decided, ENDED, Order, STATUS, TOKEN, decision, settled};
use crate::outcome::{Decision, Ended, Outcome, Phase, Settled, Status};
use crate::start::NOT_STARTED;
use crate::steps::Steps;

/// What a call needs during its life.
pub(crate) struct Life<'a> {
    ctx: &'a WorkflowContext<'a>,
    clients: &'a Arc<Clients>,
    order: Arc<Order>,
    steps: Steps<'a>,
    status: Status,
}

/// What is known about a call after a try.
enum Tried {
    Ended(Ended),
    Unknown { reason: String, progress: Progress },
}

impl Tried {
    /// A try that ended without a log.
    fn ended(outcome: Outcome, reason: impl Into<String>) -> Self {
        Self::Ended(Ended::without_log(outcome, reason))
    }
}

impl<'a> Life<'a> {
    pub(crate) fn new(ctx: &'a WorkflowContext<'a>, clients: &'a Arc<Clients>, order: &Order) -> Self {
        Self {
            ctx,
            clients,
            order: Arc::new(order.clone()),
            steps: Steps::of(ctx),
            status: Status {
                phase: Phase::Waiting,
                reason: None,
                percent: None,
                log_bytes: 0,
                log: 1,
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
            let (reason, progress) = match self.try_to_run().await {
                Tried::Ended(ended) => break ended,
                Tried::Unknown { reason, progress } => (reason, progress),
            };
            // The server may execute the call, so it keeps its place.
            self.gate().doubt(permit.clone()).send();
            let decided = self.wait_for_decision(&reason).await;
            // A job that is continued right after the decision needs the place, so it is free before the call ends.
            self.gate().release(permit).send();
            let outcome = match decided {
                Decision::Retry => continue,
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

    fn only_reads(&self) -> bool {
        self.order.call.effect == CallEffect::Read
    }

    /// Waits until the server has room, and returns the permit. If the call gets no permit, returns how it ends.
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
            self.status.log += 1;
            self.status.sent = None;
        }
        self.steps.cancelled = false;
        decided
    }
}
