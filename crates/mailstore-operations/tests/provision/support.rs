//! A simulated MailStore Server, and a folder for journals.

use std::path::PathBuf;

use mailstore_api::{Timestamp, server};
use mailstore_operations::provision::{
    ApplyReport, Desired, Journal, Plan, PlanOptions, ProvisionError, apply, make_plan, read_state,
};
use mailstore_sim::Simulator;
use tempfile::TempDir;

pub(crate) struct Scene {
    pub(crate) simulator: Simulator,
    pub(crate) client: server::Client,
    folder: TempDir,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let simulator = Simulator::start().unwrap();
        let client = server::Client::builder(simulator.url())
            .credentials(simulator.user(), simulator.password())
            .pin(simulator.fingerprint().parse().unwrap())
            .build()
            .unwrap();
        Self {
            simulator,
            client,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn options(&self) -> PlanOptions {
        PlanOptions {
            own_account: Some(self.simulator.user().to_owned()),
            server: "https://mailstore.example.com:8463".to_owned(),
            archive: "server".to_owned(),
            ..PlanOptions::default()
        }
    }

    pub(crate) async fn plan(&self, toml: &str) -> Plan {
        self.plan_with(toml, &self.options()).await
    }

    pub(crate) async fn plan_with(&self, toml: &str, options: &PlanOptions) -> Plan {
        let desired = Desired::from_toml(toml).unwrap();
        let state = read_state(&self.client, &desired, 4).await.unwrap();
        make_plan(&desired, &state, options, now())
    }

    pub(crate) fn journal_path(&self) -> PathBuf {
        self.folder.path().join("journal.jsonl")
    }

    pub(crate) fn journal(&self, plan: &Plan) -> Journal {
        Journal::open(self.journal_path(), plan).unwrap()
    }

    pub(crate) async fn apply(&self, plan: &Plan) -> Result<ApplyReport, ProvisionError> {
        apply(&self.client, plan, &mut self.journal(plan)).await
    }
}

pub(crate) fn now() -> Timestamp {
    "2026-05-02T07:41:02Z".parse().unwrap()
}
