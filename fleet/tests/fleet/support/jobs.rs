//! Jobs of a test: their calls, their start and their results.

use std::collections::BTreeMap;

use mailstore_fleet::api::Sent;
use mailstore_fleet::call::{Batch, Call, CallEffect, Limits, OnFailure, Target};
use mailstore_fleet::outcome::{Outcome, Results, Settled};
use tokio::time::timeout;

use crate::support::Fleet;
use crate::support::waiting::DEADLINE;

impl Fleet {
    /// Returns a call of a function that changes the server with this number.
    pub(crate) fn call(&self, server: usize, function: &str, arguments: &[(&str, &str)]) -> Call {
        self.call_with(server, function, arguments, CallEffect::Change)
    }

    pub(crate) fn call_with(
        &self,
        server: usize,
        function: &str,
        arguments: &[(&str, &str)],
        effect: CallEffect,
    ) -> Call {
        let target = Target {
            profile: format!("s{server}"),
            server: self.servers[server].url().to_owned(),
            instance: None,
        };
        let arguments: BTreeMap<String, String> = arguments
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Call::new("2026-11-27/test", target, function, arguments, effect, 0)
    }

    /// Returns a job with these calls and without narrow limits.
    pub(crate) fn batch(&self, calls: Vec<Call>) -> Batch {
        Batch {
            window: "2026-11-27/test".to_owned(),
            calls,
            limits: Limits {
                overall: 100,
                per_server: 100,
            },
            on_failure: OnFailure::Continue,
            starts: None,
            logs: self.folder.path().join("logs").to_str().unwrap().to_owned(),
            round: 1,
            left_out: 0,
        }
    }

    /// Starts a job.
    pub(crate) async fn submit(&self, batch: &Batch) -> Sent {
        self.engine
            .send("FleetRun", &batch.key(), "run", batch)
            .await
            .unwrap()
    }

    /// Waits for the end of a job, also while the engine is away.
    pub(crate) async fn results(&self, sent: &Sent) -> Results {
        let ended = timeout(DEADLINE, self.engine.attach(&sent.invocation_id)).await;
        ended.expect("the job does not end").unwrap()
    }
}

/// Returns how the only call of a job ended.
pub(crate) fn only(results: &Results) -> Outcome {
    match results.values().next().unwrap() {
        Settled::Ended(ended) => ended.outcome,
        Settled::Unknown { reason } => panic!("unknown: {reason}"),
    }
}
