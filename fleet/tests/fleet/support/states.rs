//! What the engine says about calls and gates, and what it is asked to do with their workflows.

use mailstore_fleet::api::Sent;
use mailstore_fleet::call::Call;
use mailstore_fleet::outcome::{Ended, Phase, Settled, Status};
use serde::Deserialize;

use crate::support::Fleet;
use crate::support::waiting::eventually;

impl Fleet {
    /// Returns the status of a call from the tables of the engine.
    pub(crate) async fn status(&self, call: &Call) -> Option<Status> {
        #[derive(Deserialize)]
        struct Row {
            value_utf8: String,
        }
        let key = call.key.replace('\'', "''");
        let sql = format!(
            "SELECT value_utf8 FROM state WHERE service_name = 'MailCall' AND service_key = '{key}' AND key = 'status'"
        );
        let rows: Vec<Row> = self.engine.query(&sql).await.ok()?;
        let row = rows.into_iter().next()?;
        Some(serde_json::from_str(&row.value_utf8).unwrap())
    }

    /// Returns how many states the gate of a server has: one if it has permits or requests.
    pub(crate) async fn permits(&self, server: usize) -> usize {
        #[derive(Deserialize)]
        struct Row {
            #[serde(rename = "key")]
            _key: String,
        }
        let url = self.servers[server].url();
        let sql = format!("SELECT key FROM state WHERE service_name = 'Gate' AND service_key = '{url}'");
        let rows: Vec<Row> = self.engine.query(&sql).await.unwrap();
        rows.len()
    }

    /// Waits until a call has this phase.
    pub(crate) async fn phase(&self, call: &Call, phase: Phase) {
        let has = async || {
            self.status(call)
                .await
                .is_some_and(|status| status.phase == phase)
        };
        eventually(&format!("the phase is {phase:?}"), has).await;
    }

    /// Cancels the workflow of a call.
    pub(crate) async fn cancel(&self, call: &Call) {
        let invocation = self.invocation(call).await;
        self.engine.cancel(&invocation).await.unwrap();
    }

    /// Pauses the workflow of a call at the engine.
    pub(crate) async fn pause(&self, call: &Call) {
        self.administer(&self.invocation(call).await, "pause").await;
    }

    /// Kills the workflow of a call at the engine. The workflow does not learn of it.
    pub(crate) async fn kill_workflow(&self, call: &Call) {
        self.administer(&self.invocation(call).await, "kill").await;
    }

    /// Makes the engine forget a job that has ended.
    pub(crate) async fn purge(&self, sent: &Sent) {
        self.administer(&sent.invocation_id, "purge").await;
    }

    /// Kills or purges an invocation at the engine.
    pub(crate) async fn administer(&self, invocation: &str, action: &str) {
        let url = self.admin(&format!("/invocations/{invocation}/{action}"));
        let answer = reqwest::Client::new().patch(url).send().await.unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
    }

    /// Returns the invocation of the workflow of a call.
    pub(crate) async fn invocation(&self, call: &Call) -> String {
        #[derive(Deserialize)]
        struct Row {
            id: String,
        }
        let key = call.key.replace('\'', "''");
        let sql = format!(
            "SELECT id FROM sys_invocation WHERE target_service_name = 'MailCall' AND target_service_key = '{key}' AND target_handler_name = 'run'"
        );
        let rows: Vec<Row> = self.engine.query(&sql).await.unwrap();
        rows[0].id.clone()
    }

    /// Cancels the workflow of a call, and asks the server at once.
    pub(crate) async fn cancel_now(&self, call: &Call) {
        self.cancel(call).await;
        self.engine
            .send("MailCall", &call.key, "cancel_at_server", call)
            .await
            .unwrap();
    }

    /// Waits for the end of a call.
    pub(crate) async fn ended(&self, call: &Call) -> Ended {
        self.phase(call, Phase::Ended).await;
        let invocation = self.invocation(call).await;
        match self
            .engine
            .call("MailCall", &call.key, "settled", Some(&invocation.into()))
            .await
            .unwrap()
        {
            Settled::Ended(ended) => ended,
            Settled::Unknown { reason } => panic!("unknown: {reason}"),
        }
    }
}
