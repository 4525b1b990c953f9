//! A simulated server, and its audit with a fixed clock.

use mailstore_api::{Timestamp, server, spe};
use mailstore_operations::Installation;
use mailstore_operations::audit::{AuditConfig, AuditReport, AuditResult, audit};
use mailstore_sim::{Edition, Simulator};
use serde_json::Value;

/// A simulated server whose results can be replaced.
pub(crate) struct Scene {
    pub(crate) simulator: Simulator,
    installation: Installation,
}

impl Scene {
    pub(crate) fn server() -> Self {
        let simulator = Simulator::start().unwrap();
        let client = server::Client::builder(simulator.url())
            .credentials(simulator.user(), simulator.password())
            .pin(simulator.fingerprint().parse().unwrap())
            .read_only()
            .build()
            .unwrap();
        Self {
            simulator,
            installation: Installation::Server(client),
        }
    }

    pub(crate) fn provider() -> Self {
        let simulator = Simulator::builder(Edition::Spe).start().unwrap();
        let client = spe::Client::builder(simulator.url())
            .credentials(simulator.user(), simulator.password())
            .pin(simulator.fingerprint().parse().unwrap())
            .read_only()
            .build()
            .unwrap();
        Self {
            simulator,
            installation: Installation::Provider(client),
        }
    }

    /// Replaces the result of a function.
    pub(crate) fn set(self, function: &str, result: Value) -> Self {
        self.change(function, move |_| result.clone())
    }

    pub(crate) fn change(
        self,
        function: &str,
        change: impl Fn(Value) -> Value + Send + Sync + 'static,
    ) -> Self {
        self.simulator.change_result(function, change).unwrap();
        self
    }

    /// Adds a rule for a fault.
    pub(crate) fn fault(self, rule: &str) -> Self {
        self.simulator.inject(rule.parse().unwrap()).unwrap();
        self
    }

    pub(crate) async fn audit(&self, config: &str) -> AuditReport {
        let config = AuditConfig::from_toml(&format!("version = 1\n{config}")).unwrap();
        let archives = self.installation.archives().await.unwrap();
        audit(&self.installation, &archives, &config, 4, now()).await
    }
}

pub(crate) fn now() -> Timestamp {
    "2026-05-02T07:41:02Z".parse().unwrap()
}

/// Returns the results of a rule as `status name: text`.
pub(crate) fn lines(report: &AuditReport, rule: &str) -> Vec<String> {
    let of_rule = report.results.iter().filter(|result| result.rule.id() == rule);
    of_rule.map(line).collect()
}

fn line(result: &AuditResult) -> String {
    format!(
        "{} {}: {}",
        result.status.as_str(),
        result.object.name,
        result.text
    )
}
