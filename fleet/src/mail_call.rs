//! The workflow of a call: it waits for its place, sends the call once, follows it to its end, and asks a person if the
//! outcome is unknown.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use mailstore_api::{Json as AnyResult, StatusToken, Task};
use restate_sdk::prelude::*;
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::clients::Clients;
use crate::life::Life;
use crate::logs::Logs;
use crate::outcome::{Decision, Ended, Phase, Settled, Status};

/// The name of the state with the [`Status`].
pub(crate) const STATUS: &str = "status";
/// The name of the state with the token of the running call.
pub(crate) const TOKEN: &str = "token";
/// The name of the promise with what is known first: the end, or that the outcome is unknown.
pub(crate) const FIRST: &str = "first";
/// The name of the promise with the end.
pub(crate) const ENDED: &str = "ended";

/// What the workflow of a call is started with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    /// The call. Its key is the key of the workflow.
    pub call: Call,
    /// How many calls may run on the server at the same time.
    pub per_server: u32,
    /// From this time, the call is not started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<Timestamp>,
    /// The folder of the logs.
    pub logs: String,
}

impl Order {
    /// Returns the place of the log and the result.
    pub(crate) fn files(&self) -> Logs {
        Logs::of(Path::new(&self.logs), &self.call)
    }
}

/// Returns the name of the promise with a decision.
pub(crate) fn decision(number: u32) -> String {
    format!("decision-{number}")
}

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

/// Asks the server to cancel a call. Returns why it could not be asked.
pub(crate) async fn request_cancel(clients: &Clients, call: &Call, token: StatusToken) -> Result<(), String> {
    let client = clients.of(call).await.map_err(|report| report.to_string())?;
    let task = Task::<AnyResult>::resume(&client, token);
    let mut task = task.map_err(|error| error.to_string())?;
    task.request_cancel().await.map_err(|error| error.to_string())
}
