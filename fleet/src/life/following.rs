//! Following a running call, slice by slice.

use std::sync::Arc;
use std::time::Duration;

use mailstore_api::StatusToken;
use restate_sdk::prelude::*;

use crate::follow::{End, Progress, Slice, follow};
use crate::life::{Life, Tried};
use crate::logs::Writer;
use crate::order::TOKEN;
use crate::outcome::Phase;
use crate::pace::Pace;
use crate::spans;

impl Life<'_> {
    /// Follows the running call to its end. Asks the server to cancel it if the workflow is cancelled.
    pub(super) async fn follow(&mut self, mut token: StatusToken) -> Tried {
        self.ctx.set(TOKEN, Json(token.clone()));
        let mut progress = Progress::default();
        let mut asked = false;
        let mut pace = Pace::default();
        // What the call came to, while its log or its result waits to be written.
        let mut known = None;
        loop {
            if self.steps.cancelled && !asked && known.is_none() {
                self.set_phase(Phase::Cancelling, None);
                pace.cancel();
                asked = self.ask_to_cancel(&token).await;
            } else if !self.steps.cancelled {
                self.set_phase(Phase::Running, self.status.reason.clone());
            }
            let slice = self.slice(token.clone(), progress, pace.slice()).await;
            (token, progress) = (slice.token, slice.progress);
            self.status.percent = progress.percent;
            self.status.log_bytes = progress.log_bytes;
            self.status.reason = slice.problem.clone();
            match (slice.end, slice.problem) {
                // The server forgets ended calls, but the end is known.
                (Some(End::Unknown { .. }), _) if known.is_some() => pace.give_up(),
                (Some(end), problem @ Some(_)) => known = Some(self.tried(end, progress, problem)),
                (Some(end), None) => return self.tried(end, progress, None),
                (None, None) => {
                    pace.went_well();
                    continue;
                }
                (None, Some(_)) => {}
            }
            if pace.is_patience_over() {
                let problem = self.status.reason.as_ref().filter(|_| self.steps.cancelled);
                let lost = problem.map(|problem| {
                    let reason = format!("the call was cancelled, but its server does not answer: {problem}");
                    self.lost(reason, progress)
                });
                if let Some(tried) = known.take().or(lost) {
                    return tried;
                }
            }
            self.set_phase(self.status.phase, self.status.reason.clone());
            if !self.steps.sleep(pace.pause()).await
                && let Some(tried) = known
            {
                return tried;
            }
        }
    }

    /// Follows the call for this time. The journal keeps what is known then.
    async fn slice(&mut self, token: StatusToken, progress: Progress, length: Duration) -> Slice {
        let (clients, order, log) = (Arc::clone(self.clients), Arc::clone(&self.order), self.status.log);
        let before = Slice {
            token: token.clone(),
            progress,
            end: None,
            problem: None,
        };
        let unasked = before.clone();
        let invocation = self.ctx.invocation_id().to_owned();
        let step = move || async move {
            match clients.of(&order.call).await {
                Ok(client) => {
                    let files = order.files(log);
                    let writer = Writer::new(&files, &clients.stores, progress.log_bytes);
                    let work = follow(&client, token, progress, writer, length);
                    spans::of_slice(&order.call, &invocation, work).await
                }
                Err(problem) => Slice {
                    problem: Some(problem.reason),
                    ..unasked
                },
            }
        };
        self.steps.execute("follow", step, move || before).await
    }
}
