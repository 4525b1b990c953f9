//! The gate of a server: the limit of the calls that run on it, over all jobs.
//!
//! A *permit* belongs to an invocation and is returned when the invocation ends. A watcher attaches to the invocation
//! for this, so a permit returns even if its holder was killed. A holder that is paused or has no worker keeps it,
//! because its call may still be running on the server.

use std::collections::VecDeque;

use restate_sdk::prelude::*;
use serde::{Deserialize, Serialize};

/// The name of the state with the permits.
const PERMITS: &str = "permits";

/// A request for a permit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Permit {
    /// The identifier of the permit, which is that of the awakeable that is resolved when it is granted.
    pub id: String,
    /// The invocation that holds it.
    pub holder: String,
    /// How many permits the server may have when this one is granted.
    pub limit: u32,
}

/// The permits of a server.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Permits {
    granted: Vec<Permit>,
    waiting: VecDeque<Permit>,
}

impl Permits {
    /// Adds a request at the end of the queue.
    fn ask(&mut self, permit: Permit) {
        self.waiting.push_back(permit);
    }

    /// Removes a permit or a request. An unknown one changes nothing.
    fn put_back(&mut self, id: &str) {
        self.granted.retain(|permit| permit.id != id);
        self.waiting.retain(|permit| permit.id != id);
    }

    /// Grants what the limits allow, in the order of the requests, and returns the identifiers.
    fn grant(&mut self) -> Vec<String> {
        let mut granted = Vec::new();
        while let Some(next) = self.waiting.front()
            && self.granted.len() < next.limit.max(1) as usize
            && let Some(next) = self.waiting.pop_front()
        {
            granted.push(next.id.clone());
            self.granted.push(next);
        }
        granted
    }
}

/// The gate of a server. Its key is the address of the server.
pub struct Gate;

#[object(
    name = "Gate",
    client_visibility = "pub(crate)",
    journal_retention = "1m",
    idempotency_retention = "1m"
)]
impl Gate {
    /// Asks for a permit. It is granted when the server has room.
    #[handler]
    async fn acquire(&self, ctx: ObjectContext<'_>, Json(permit): Json<Permit>) -> HandlerResult<()> {
        let watched = Watched {
            server: ctx.key().to_owned(),
            permit: permit.id.clone(),
            holder: permit.holder.clone(),
        };
        ctx.service_client::<GateWatchClient<'_>>()
            .watch(Json(watched))
            .send();
        let mut permits = permits(&ctx).await?;
        permits.ask(permit);
        save(&ctx, permits);
        Ok(())
    }

    /// Returns a permit, or takes a request back.
    #[handler]
    async fn release(&self, ctx: ObjectContext<'_>, id: String) -> HandlerResult<()> {
        let mut permits = permits(&ctx).await?;
        permits.put_back(&id);
        save(&ctx, permits);
        Ok(())
    }
}

async fn permits(ctx: &ObjectContext<'_>) -> Result<Permits, TerminalError> {
    let found = ctx.get::<Json<Permits>>(PERMITS).await?;
    Ok(found.map(Json::into_inner).unwrap_or_default())
}

fn save(ctx: &ObjectContext<'_>, mut permits: Permits) {
    for id in permits.grant() {
        ctx.resolve_awakeable(&id, ());
    }
    if permits.granted.is_empty() && permits.waiting.is_empty() {
        ctx.clear(PERMITS);
    } else {
        ctx.set(PERMITS, Json(permits));
    }
}

/// A permit whose holder is watched.
#[derive(Debug, Serialize, Deserialize)]
pub struct Watched {
    server: String,
    permit: String,
    holder: String,
}

/// Returns permits when their holders end.
pub struct GateWatch;

#[service(
    name = "GateWatch",
    client_visibility = "pub(crate)",
    journal_retention = "1m",
    inactivity_timeout = "1s"
)]
impl GateWatch {
    /// Waits until the holder of a permit ends, and returns the permit.
    #[handler]
    async fn watch(&self, ctx: Context<'_>, Json(watched): Json<Watched>) -> HandlerResult<()> {
        // Any end of the holder counts: a result, an error, or that the engine does not know it.
        let _ = ctx.invocation_handle(watched.holder).attach::<Vec<u8>>().await;
        ctx.object_client::<GateClient<'_>>(watched.server)
            .release(watched.permit)
            .send();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permit(id: &str, limit: u32) -> Permit {
        Permit {
            id: id.to_owned(),
            holder: format!("inv_{id}"),
            limit,
        }
    }

    #[test]
    fn permits_are_granted_up_to_the_limit_in_the_order_of_the_requests() {
        let mut permits = Permits::default();
        for id in ["a", "b", "c", "d"] {
            permits.ask(permit(id, 2));
        }
        assert_eq!(permits.grant(), ["a", "b"]);
        permits.put_back("b");
        assert_eq!(permits.grant(), ["c"]);
        permits.put_back("unknown");
        assert!(permits.grant().is_empty());
        permits.put_back("d");
        permits.put_back("a");
        assert!(permits.grant().is_empty());
    }

    #[test]
    fn each_request_has_the_limit_of_its_own_job() {
        let mut permits = Permits::default();
        permits.ask(permit("a", 3));
        permits.ask(permit("b", 1));
        permits.ask(permit("c", 3));
        assert_eq!(permits.grant(), ["a"]);
        permits.put_back("a");
        assert_eq!(permits.grant(), ["b", "c"]);
    }
}
