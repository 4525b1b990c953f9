//! The workflow of a call: it waits for its place, sends the call once, follows it to its end, and asks a person if the
//! outcome is unknown.

use std::sync::Arc;

use mailstore_api::StatusToken;
use restate_sdk::prelude::*;

use crate::call::Call;
use crate::cancel::request_cancel;
use crate::clients::Clients;
use crate::life::Life;
use crate::order::{ENDED, FIRST, Order, STATUS, TOKEN, decision};
use crate::outcome::{Decision, Ended, Phase, Settled, Status};

/// The workflow of a call. Its key is the key of the call, so the engine runs it once.
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
    workflow_completion_retention = "7 days",
    journal_retention = "7 days",
    inactivity_timeout = "6m",
    abort_timeout = "10m",
    invocation_retry_policy(
        initial_interval = "200ms",
        factor = 2.0,
        max_interval = "10s",
        max_attempts = 1_000_000_000,
        on_max_attempts = "pause",
    )
)]
impl MailCall {
    /// Runs the call and returns how it ended.
    #[handler]
    async fn run(&self, ctx: WorkflowContext<'_>, Json(order): Json<Order>) -> HandlerResult<Json<Ended>> {
        if ctx.key() != order.call.key {
            let message = "the key of the workflow is not that of the call";
            return Err(TerminalError::new_with_code(400, message).into());
        }
        let ended = Life::new(&ctx, &self.clients, &order).live().await;
        Ok(Json(ended))
    }

    /// Waits until the call ended or its outcome is unknown.
    #[handler]
    async fn settled(&self, ctx: SharedWorkflowContext<'_>) -> HandlerResult<Json<Settled>> {
        if let Some(Json(ended)) = ctx.peek_promise::<Json<Ended>>(ENDED).await? {
            return Ok(Json(Settled::Ended(ended)));
        }
        Ok(ctx.promise::<Json<Settled>>(FIRST).await?)
    }

    /// Continues a call with an unknown outcome.
    #[handler]
    async fn decide(&self, ctx: SharedWorkflowContext<'_>, Json(word): Json<Decision>) -> HandlerResult<()> {
        let status = ctx.get::<Json<Status>>(STATUS).await?;
        match status {
            Some(Json(status)) if status.phase == Phase::Unknown => {
                ctx.resolve_promise(&decision(status.decisions), Json(word));
                Ok(())
            }
            _ => {
                let message = "the call does not wait for a decision";
                Err(TerminalError::new_with_code(409, message).into())
            }
        }
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
