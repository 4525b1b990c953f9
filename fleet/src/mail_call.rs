//! The workflow of a call: it waits for its place, sends the call once, follows it to its end, and asks a person if the
//! outcome is unknown.

use std::sync::Arc;

use mailstore_api::StatusToken;
use restate_sdk::prelude::*;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::call::Call;
use crate::clients::Clients;
use crate::life::Life;
use crate::order::{Decided, ENDED, Order, STATUS, TOKEN, decision, settled};
use crate::outcome::{Ended, Phase, Settled, Status, UNREADABLE, Verdict};
use crate::request_cancel::request_cancel;

/// The workflow of a call. Its key is the key of the call, so the engine runs it once.
///
/// The engine remembers it for longer than a month, so that a call is made once in the window of a month.
pub struct MailCall {
    clients: Arc<Clients>,
}

impl MailCall {
    /// Creates the workflow with the clients of a worker.
    pub fn new(clients: Arc<Clients>) -> Self {
        Self { clients }
    }
}

#[workflow(
    name = "MailCall",
    client_visibility = "pub(crate)",
    workflow_completion_retention = "60 days",
    journal_retention = "7 days",
    inactivity_timeout = "6m",
    abort_timeout = "10m"
)]
impl MailCall {
    /// Runs the call and returns how it ended.
    #[handler]
    async fn run(&self, ctx: WorkflowContext<'_>, Json(order): Json<Order>) -> HandlerResult<Json<Ended>> {
        if ctx.key() != order.key() {
            let message = "the key of the workflow is not that of the call";
            return Err(TerminalError::new_with_code(400, message).into());
        }
        let ended = Life::new(&ctx, &self.clients, &order).live().await;
        Ok(Json(ended))
    }

    /// Waits until the call ended, the outcome of its current try is unknown, or the engine ended its workflow, which is
    /// `invocation`.
    #[handler]
    async fn settled(
        &self,
        ctx: SharedWorkflowContext<'_>,
        invocation: String,
    ) -> HandlerResult<Json<Settled>> {
        if let Some(bytes) = ctx.peek_promise::<Vec<u8>>(ENDED).await? {
            return Ok(Json(
                read::<Ended>(&bytes).map_or_else(unreadable, Settled::Ended),
            ));
        }
        let attempt = match ctx.get::<Vec<u8>>(STATUS).await? {
            Some(bytes) => match read::<Try>(&bytes) {
                Some(status) => status.attempt,
                None => return Ok(Json(unreadable())),
            },
            None => 1,
        };
        let name = settled(attempt);
        let known = ctx.promise::<Vec<u8>>(&name);
        let ended = ctx.invocation_handle(invocation).attach::<Vec<u8>>();
        restate_sdk::select! {
            known = known => {
                Ok(Json(read(&known?).unwrap_or_else(unreadable)))
            },
            ended = ended => {
                let Ok(bytes) = ended else {
                    // A person killed the workflow, or made the engine forget it.
                    let last = ctx.workflow_client::<MailCallClient<'_>>(ctx.key()).last_status().call();
                    let Json(last) = last.await?;
                    return Ok(Json(Settled::by_the_engine(last)));
                };
                Ok(Json(read::<Ended>(&bytes).map_or_else(unreadable, Settled::Ended)))
            }
        }
    }

    /// Returns what the call was doing last. It is a request of its own, because a request sees the states as they were
    /// at its beginning.
    #[handler]
    async fn last_status(&self, ctx: SharedWorkflowContext<'_>) -> HandlerResult<Json<Option<Status>>> {
        let bytes = ctx.get::<Vec<u8>>(STATUS).await?;
        Ok(Json(bytes.and_then(|bytes| read(&bytes))))
    }

    /// Continues a call with an unknown outcome. Only the first decision about a try counts: each further one is an
    /// error.
    #[handler]
    async fn decide(
        &self,
        ctx: SharedWorkflowContext<'_>,
        Json(verdict): Json<Verdict>,
    ) -> HandlerResult<()> {
        let refused = |message: String| Err(TerminalError::new_with_code(409, message).into());
        let Some(Json(status)) = ctx.get::<Json<Status>>(STATUS).await? else {
            return refused("the call has not begun".to_owned());
        };
        if status.attempt != verdict.attempt {
            return refused(format!(
                "the decision is about try {}, but the call is at try {}",
                verdict.attempt, status.attempt
            ));
        }
        if status.phase != Phase::Unknown {
            return refused("the call does not wait for a decision".to_owned());
        }
        let name = decision(verdict.attempt);
        let by = ctx.invocation_id().to_owned();
        let mine = Decided {
            word: verdict.decision,
            by,
        };
        // The engine keeps the first value of a promise, and ignores the others.
        ctx.resolve_promise(&name, Json(mine.clone()));
        let Json(kept) = ctx.promise::<Json<Decided>>(&name).await?;
        if kept.by == mine.by {
            return Ok(());
        }
        refused(format!(
            "`{}` was decided about this try before",
            kept.word.as_str()
        ))
    }

    /// Asks the server to cancel the call, if it is running. The workflow itself must be cancelled before this: it asks
    /// as well, but only when the current status request has ended.
    #[handler]
    async fn cancel_at_server(
        &self,
        ctx: SharedWorkflowContext<'_>,
        Json(call): Json<Call>,
    ) -> HandlerResult<()> {
        let Some(Json(token)) = ctx.get::<Json<StatusToken>>(TOKEN).await? else {
            return Ok(());
        };
        let clients = Arc::clone(&self.clients);
        let asked = move || async move {
            // The workflow asks again if this fails.
            let _ = request_cancel(&clients, &call, token).await;
            Ok(())
        };
        ctx.run(asked).name("cancel").await?;
        Ok(())
    }
}

/// The number of the try in a status.
#[derive(Deserialize)]
struct Try {
    attempt: u32,
}

/// Reads a value that another version of this program may have written.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_slice(bytes).ok()
}

/// What is known about a call with values that cannot be read.
fn unreadable() -> Settled {
    Settled::Unknown {
        reason: UNREADABLE.to_owned(),
    }
}
