//! The services of a worker, and how the engine repeats their attempts.

use std::sync::Arc;
use std::time::Duration;

use restate_sdk::endpoint::ServiceOptions;
use restate_sdk::prelude::Endpoint;
use restate_sdk::service::{IntoServiceDefinition, ServiceDefinition};

use crate::clients::Clients;
use crate::fleet_run::FleetRun;
use crate::gate::{Gate, GateWatch};
use crate::mail_call::MailCall;
use crate::record::WindowRecord;
use crate::registration::with_version;

/// The pause before the second attempt. Each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// The longest pause. A worker that is back is used after this time at the latest.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The number of attempts, which is reached after more than 300 years. By default, the engine pauses after 70 attempts,
/// and a person must then resume each request.
const ATTEMPTS: u64 = 1_000_000_000;

/// Returns the services of a worker with these clients.
pub(crate) fn services(clients: &Arc<Clients>) -> Endpoint {
    Endpoint::builder()
        .bind(with_version(repeated(MailCall::new(Arc::clone(clients)))))
        .bind(repeated(FleetRun::new(Arc::clone(clients))))
        .bind(repeated(Gate))
        .bind(repeated(GateWatch))
        .bind(repeated(WindowRecord))
        .build()
}

/// Returns a service whose attempts the engine repeats until a worker answers.
fn repeated(service: impl IntoServiceDefinition) -> ServiceDefinition {
    let options = ServiceOptions::new()
        .retry_policy_initial_interval(FIRST_PAUSE)
        .retry_policy_exponentiation_factor(2.0)
        .retry_policy_max_interval(LONGEST_PAUSE)
        .retry_policy_max_attempts(ATTEMPTS)
        .retry_policy_pause_on_max_attempts();
    service.into_service_definition().options(options)
}
