//! Waits for the end of a job, also while the engine is away.

use std::time::Duration;

use miette::Report;
use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use tokio::time::sleep;

use crate::api::{Engine, parsed, rejected};

/// What this file does, as errors name it.
const WHAT: &str = "wait for the job";

/// The pause before an engine that is away is asked again.
const PAUSE: Duration = Duration::from_secs(1);

impl Engine {
    /// Waits for the result of an invocation. If the engine is away meanwhile, it is asked again until it is back,
    /// because the invocation goes on with it.
    ///
    /// # Errors
    /// The engine does not know the invocation, or the invocation failed.
    pub async fn attach<T: DeserializeOwned>(&self, invocation: &str) -> Result<T, Report> {
        loop {
            if let Some((status, text)) = self.result(invocation).await {
                return if status.is_success() {
                    parsed(&text, WHAT)
                } else {
                    Err(rejected(WHAT, status, &String::from_utf8_lossy(&text)))
                };
            }
            sleep(PAUSE).await;
        }
    }

    /// Returns the status and the text of the response, or `None` if the engine is away.
    async fn result(&self, invocation: &str) -> Option<(StatusCode, Vec<u8>)> {
        let answer = self.ask_for_result(invocation).await.ok()?;
        let status = answer.status();
        // An engine that has just started returns these, and so does a proxy in front of an engine that is away.
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
