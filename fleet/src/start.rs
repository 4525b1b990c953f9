//! Sends a call once, and describes what is then known about it.

use mailstore_api::{Call as Request, Error, ErrorKind, Json, StatusToken, Task};
use mailstore_reach::INSTANCE_ARGUMENT;
use serde::{Deserialize, Serialize};

use crate::call::{Call, CallEffect};
use crate::clients::{Clients, NoClient};
use crate::follow::{End, Progress, follow_to_end};
use crate::hooks::{Point, reach};
use crate::logs::Logs;
use crate::reason::reason;
use crate::store::Stores;

/// Says that the outcome of a start is unknown, and why.
const INTERRUPTED: &str = "the worker or the engine was stopped while the call was being started";

/// The longest status token in bytes. The server sends 32 bytes. Each slice of a call writes it to the journal.
const LONGEST_TOKEN: usize = 1_000;

/// Says that a call was cancelled in time.
pub(crate) const NOT_STARTED: &str = "the call was cancelled before it was started";

/// What is known after a call was sent. It is a value in every case, because an error would make the engine send the
/// call again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Started {
    /// Nothing was sent.
    NotSent { reason: String, may_pass: bool },
    /// The server rejected the call and did not execute it, or a call that only reads was lost.
    Failed { reason: String, may_pass: bool },
    /// The server may have received the call.
    Unknown { reason: String },
    /// The server executes the call.
    Running { token: StatusToken },
    /// The call ended with its first response.
    Ended {
        end: End,
        progress: Progress,
        /// Why the log or the result was not written, if it was not.
        problem: Option<String>,
    },
}

impl Started {
    /// What is known about a call that was cancelled before it was sent.
    pub(crate) fn cancelled() -> Self {
        Self::NotSent {
            reason: NOT_STARTED.to_owned(),
            may_pass: false,
        }
    }

    /// What is known about a call that an earlier attempt of its workflow may have sent.
    pub(crate) fn interrupted() -> Self {
        Self::Unknown {
            reason: INTERRUPTED.to_owned(),
        }
    }
}

/// Sends a call.
pub(crate) async fn start(clients: &Clients, call: &Call, logs: &Logs) -> Started {
    let connection = match clients.of(call).await {
        Ok(connection) => connection,
        Err(NoClient { reason, may_pass }) => return Started::NotSent { reason, may_pass },
    };
    let mut request = Request::<Json>::new(&connection, &call.function);
    for (name, value) in &call.arguments {
        request = request.arg(name, value.as_str());
    }
    if let Some(instance) = &call.instance {
        request = request.arg(INSTANCE_ARGUMENT, instance.as_str());
    }
    let started = match request.start().await {
        Ok(task) => of_task(task, logs, &clients.stores).await,
        Err(error) => of_error(&error, call.effect),
    };
    reach(Point::AfterStart).await;
    started
}

async fn of_task(task: Task<Json>, logs: &Logs, stores: &Stores) -> Started {
    match (task.token().cloned(), task.is_finished()) {
        (Some(token), false) if token.expose().len() > LONGEST_TOKEN => Started::Unknown {
            reason: format!("the status token of the server is longer than {LONGEST_TOKEN} bytes"),
        },
        (Some(token), false) => Started::Running { token },
        _ => {
            let (end, progress, problem) = follow_to_end(task, logs, stores).await;
            Started::Ended {
                end,
                progress,
                problem,
            }
        }
    }
}

fn of_error(error: &Error, effect: CallEffect) -> Started {
    let reason = reason(error);
    match error.kind() {
        ErrorKind::Connect { .. } => Started::NotSent {
            reason,
            may_pass: error.is_transient(),
        },
        _ if error.is_outcome_unknown() => Started::Unknown { reason },
        _ => Started::Failed {
            reason,
            // A call that only reads may be sent again, whatever happened to it.
            may_pass: effect == CallEffect::Read && error.is_transient(),
        },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeMap;

    use mailstore_api::server;
    use serde_json::json;

    use super::*;
    use crate::call::Target;

    /// Returns what is known about a call that the server answered with a token of this length.
    async fn with_token(length: usize) -> Started {
        let origin = "https://127.0.0.1:8463";
        let client = server::Client::builder(origin).credentials("admin", "admin");
        let client = client.build().unwrap();
        let token = json!({
            "format": 1,
            "token": "a".repeat(length),
            "version": 1,
            "function": "VerifyStore",
            "origin": origin,
            "surface": server::catalog::SURFACE.name,
        });
        let task = Task::resume(client.connection(), serde_json::from_value(token).unwrap());
        let target = Target {
            profile: "berlin".to_owned(),
            server: origin.to_owned(),
            instance: None,
        };
        let call = Call::new("w", target, "VerifyStore", BTreeMap::new(), CallEffect::Change, 0);
        let logs = Logs::of("logs", &call, 1);
        of_task(task.unwrap(), &logs, &Stores::default()).await
    }

    #[tokio::test]
    async fn a_token_that_is_too_long_for_the_journal_makes_the_outcome_unknown() {
        assert!(matches!(with_token(LONGEST_TOKEN).await, Started::Running { .. }));
        let Started::Unknown { reason } = with_token(LONGEST_TOKEN + 1).await else {
            panic!("the token is kept");
        };
        assert!(reason.contains("longer than 1000 bytes"), "{reason}");
    }
}
