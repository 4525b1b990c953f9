//! The gate of a server: the limit of the calls that run on it, over all jobs.
//!
//! A *permit* belongs to an invocation and is returned when the invocation ends. A watcher attaches to the invocation
//! for this, so a permit returns even if its holder was killed. A holder that is paused or has no worker keeps it,
//! because its call may still be running on the server. A call with an unknown outcome keeps it for the same reason. If
//! such calls use the whole limit, further requests are refused, so that a job does not wait for a decision.

use std::collections::VecDeque;

use restate_sdk::prelude::*;
use serde::{Deserialize, Serialize};

/// The name of the state with the permits.
const PERMITS: &str = "permits";

/// Says that a call has no place at its server.
pub(crate) const NO_ROOM: &str =
    "calls with unknown outcomes use the whole limit of the server: decide about them first";

/// A request for a permit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Permit {
    /// The identifier of the permit, which is that of the awakeable that is resolved when it is granted.
    pub id: String,
    /// The invocation that holds it.
    pub holder: String,
    /// How many permits the server may have when this one is granted.
    pub limit: u32,
    /// Whether the outcome of its call is unknown.
    #[serde(default)]
    pub unknown: bool,
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

    /// Notes that the outcome of the call of a permit is unknown.
    fn doubt(&mut self, id: &str) {
        for permit in self.granted.iter_mut().filter(|permit| permit.id == id) {
            permit.unknown = true;
        }
    }

    /// Answers requests in their order, as far as the limits allow. Returns the identifiers, and whether the permit is
    /// granted.
    fn answer(&mut self) -> Vec<(String, bool)> {
        let mut answers = Vec::new();
        while let Some(next) = self.waiting.front() {
            let limit = next.limit.max(1) as usize;
            let unknown = self.granted.iter().filter(|permit| permit.unknown).count();
            let granted = self.granted.len() < limit;
            if !granted && unknown < limit {
                break;
            }
            let Some(next) = self.waiting.pop_front() else {
                break;
            };
            answers.push((next.id.clone(), granted));
            if granted {
                self.granted.push(next);
            }
        }
        answers
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
    /// Asks for a permit. Its awakeable is resolved with `true` when the server has room, or with `false` if the calls
    /// with unknown outcomes leave none.
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

    /// Notes that the outcome of the call of a permit is unknown.
    #[handler]
    async fn doubt(&self, ctx: ObjectContext<'_>, id: String) -> HandlerResult<()> {
        let mut permits = permits(&ctx).await?;
        permits.doubt(&id);
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
    for (id, granted) in permits.answer() {
        ctx.resolve_awakeable(&id, granted);
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
            unknown: false,
        }
    }

    /// Returns the requests that are granted.
    fn granted(permits: &mut Permits) -> Vec<String> {
        let answers = permits.answer();
        assert!(answers.iter().all(|(_, granted)| *granted), "{answers:?}");
        answers.into_iter().map(|(id, _)| id).collect()
    }

    #[test]
    fn requests_are_refused_if_calls_with_unknown_outcomes_use_the_whole_limit() {
        let mut permits = Permits::default();
        for id in ["a", "b", "c"] {
            permits.ask(permit(id, 2));
        }
        assert_eq!(granted(&mut permits), ["a", "b"]);
        permits.doubt("a");
        assert!(permits.answer().is_empty());
        permits.doubt("b");
        assert_eq!(permits.answer(), [("c".to_owned(), false)]);
        permits.put_back("a");
        permits.ask(permit("d", 2));
        assert_eq!(granted(&mut permits), ["d"]);
    }

    #[test]
    fn permits_are_granted_up_to_the_limit_in_the_order_of_the_requests() {
        let mut permits = Permits::default();
        for id in ["a", "b", "c", "d"] {
            permits.ask(permit(id, 2));
        }
        assert_eq!(granted(&mut permits), ["a", "b"]);
        permits.put_back("b");
        assert_eq!(granted(&mut permits), ["c"]);
        permits.put_back("unknown");
        assert!(granted(&mut permits).is_empty());
        permits.put_back("d");
        permits.put_back("a");
        assert!(granted(&mut permits).is_empty());
    }

    #[test]
    fn each_request_has_the_limit_of_its_own_job() {
        let mut permits = Permits::default();
        permits.ask(permit("a", 3));
        permits.ask(permit("b", 1));
        permits.ask(permit("c", 3));
        assert_eq!(granted(&mut permits), ["a"]);
        permits.put_back("a");
        assert_eq!(granted(&mut permits), ["b", "c"]);
    }
}
