//! Waits for the end of a job, also while the engine is away.

use std::time::Duration;

use miette::Report;
use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep};

use crate::api::{Engine, parsed, rejected};

/// What this file does, as errors name it.
const WHAT: &str = "wait for the job";

/// The pause before an engine that is away is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// How long the same message is not repeated.
const QUIET: Duration = Duration::from_secs(600);

impl Engine {
    /// Waits for the result of an invocation. If the engine is away meanwhile, it is asked again until it is back,
    /// because the invocation goes on with it.
    ///
    /// # Errors
    /// The engine does not know the invocation, or the invocation failed.
    pub async fn attach<T: DeserializeOwned>(&self, invocation: &str) -> Result<T, Report> {
        let mut said: Option<Instant> = None;
        loop {
            if let Some((status, text)) = self.result(invocation).await {
                return if status.is_success() {
                    parsed(&text, WHAT)
                } else {
                    Err(rejected(WHAT, status, &String::from_utf8_lossy(&text)))
                };
            }
            if said.is_none_or(|time| time.elapsed() > QUIET) {
                mailstore_reach::warn!(
                    "The engine does not answer. This command waits: the job goes on when the engine is back."
                );
                said = Some(Instant::now());
            }
            sleep(PAUSE).await;
        }
    }

    /// Returns the status and the text of the response, or `None` if the engine is away.
    async fn result(&self, invocation: &str) -> Option<(StatusCode, Vec<u8>)> {
        let answer = self.ask_for_result(invocation).await.ok()?;
        let status = answer.status();
        // An engine that has just started answers so, and a proxy in front of an engine that is away.
        let is_away = matches!(
            status,
            StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT
                | StatusCode::TOO_MANY_REQUESTS
        );
        if is_away {
            return None;
        }
        let text = answer.bytes().await.ok()?;
        Some((status, text.to_vec()))
    }
}

/// Says what follows from it if the engine ended a job, for example because a person killed it there.
pub(crate) async fn warn_of_its_end(engine: &Engine, window: &str, invocation: &str) {
    let Ok(Some(run)) = engine.last_run(window).await else {
        return;
    };
    let Some(failure) = run.workflow.failure.filter(|_| run.invocation == invocation) else {
        return;
    };
    mailstore_reach::warn!(
        "The job in the window {} was ended at the engine: {}. The calls that it has started go on, and this command \
         waits for them. `mailstore-fleet run JOB.toml --continue` starts the others.",
        mailstore_reach::printable(window),
        mailstore_reach::printable(&failure)
    );
}
