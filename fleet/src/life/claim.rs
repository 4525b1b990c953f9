//! The claim, and the start that needs it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::hooks::{Point, ignores_claims, reach};
use crate::life::Life;
use crate::spans;
use crate::start::{Started, start};

/// Whether an attempt of the workflow may send the call.
#[derive(Debug, Serialize, Deserialize)]
enum Claim {
    /// It may. The call is sent right after this time.
    Made(Timestamp),
    /// The worker has no client for the call, so it was not claimed.
    NotMade { reason: String, may_pass: bool },
}

impl Life<'_> {
    /// Sends the call, if this attempt of the workflow has made the claim for it.
    ///
    /// The engine repeats a step that it has no result of. It does not repeat the claim, because it has its result. An
    /// attempt that has not made the claim itself does therefore not know whether an earlier attempt sent the call.
    pub(super) async fn send(&mut self) -> Started {
        reach(Point::BeforeClaim).await;
        let only_reads = self.only_reads();
        let starts = &self.clients.starts;
        let _under_way = if only_reads {
            None
        } else {
            Some(starts.begin().await)
        };
        let fresh = Arc::new(AtomicBool::new(false));
        if !only_reads {
            match self.claim(Arc::clone(&fresh)).await {
                Some(Claim::Made(time)) => self.status.sent = Some(time),
                Some(Claim::NotMade { reason, may_pass }) => return Started::NotSent { reason, may_pass },
                None => return Started::cancelled(),
            }
        }
        reach(Point::AfterClaim).await;
        let repeats = only_reads || ignores_claims();
        let claim = Arc::clone(&fresh);
        let (clients, order, log) = (Arc::clone(self.clients), Arc::clone(&self.order), self.status.log);
        let invocation = self.ctx.invocation_id().to_owned();
        let send = move || async move {
            if !claim.swap(false, SeqCst) && !repeats {
                return Started::interrupted();
            }
            let files = order.files(log);
            spans::of_start(&order.call, &invocation, start(&clients, &order.call, &files)).await
        };
        // The flag is still set if the step was not executed.
        let unsent = move || match fresh.load(SeqCst) || only_reads {
            true => Started::cancelled(),
            false => Started::interrupted(),
        };
        self.steps.execute("start", send, unsent).await
    }

    /// Makes the claim, and sets the flag of this attempt. Returns `None` if the workflow was cancelled.
    ///
    /// Reading a password may take long or fail, so the client is made before the claim. The start then finds it.
    async fn claim(&mut self, fresh: Arc<AtomicBool>) -> Option<Claim> {
        let (clients, order) = (Arc::clone(self.clients), Arc::clone(&self.order));
        let claim = move || async move {
            if let Err(problem) = clients.of(&order.call).await {
                return Claim::NotMade {
                    reason: problem.reason,
                    may_pass: problem.may_pass,
                };
            }
            fresh.store(true, SeqCst);
            Claim::Made(Timestamp::now())
        };
        self.steps.attempt("claim", claim).await
    }
}
