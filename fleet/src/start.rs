//! Sends a call once, and describes what is then known about it.

use mailstore_api::{Call as Request, Error, ErrorKind, Json, StatusToken, Task};
use serde::{Deserialize, Serialize};

use crate::call::{Call, CallEffect};
use crate::clients::Clients;
use crate::follow::{End, Progress, follow_to_end};
use crate::hooks::{Point, reach};
use crate::logs::Logs;

/// The argument with the instance of the Service Provider Edition.
const INSTANCE: &str = "instanceID";

/// What is known after a call was sent. It is a value in every case, because an error would make the engine send the
/// call again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Started {
    /// Nothing was sent.
    NotSent { reason: String, may_pass: bool },
    /// The server rejected the call and did not execute it.
    Rejected { reason: String },
    /// The server may have received the call.
    Unknown { reason: String },
    /// The server executes the call.
    Running { token: StatusToken },
    /// The call ended with its first response.
    Ended { end: End, progress: Progress },
}

/// Sends a call.
pub(crate) async fn start(clients: &Clients, call: &Call, logs: &Logs) -> Started {
    let connection = match clients.of(call).await {
        Ok(connection) => connection,
        Err(report) => {
            return Started::NotSent {
                reason: report.to_string(),
                may_pass: false,
            };
        }
    };
    let mut request = Request::<Json>::new(&connection, &call.function);
    for (name, value) in &call.arguments {
        request = request.arg(name, value.as_str());
    }
    if let Some(instance) = &call.instance {
        request = request.arg(INSTANCE, instance.as_str());
    }
    let started = match request.start().await {
        Ok(task) => of_task(task, logs).await,
        Err(error) => of_error(&error, call.effect),
    };
    reach(Point::AfterStart).await;
    started
}

async fn of_task(task: Task<Json>, logs: &Logs) -> Started {
    match (task.token().cloned(), task.is_finished()) {
        (Some(token), false) => Started::Running { token },
        _ => {
            let (end, progress) = follow_to_end(task, logs).await;
            Started::Ended { end, progress }
        }
    }
}

fn of_error(error: &Error, effect: CallEffect) -> Started {
    let reason = error.to_string();
    if error.is_outcome_unknown() {
        return Started::Unknown { reason };
    }
    match error.kind() {
        ErrorKind::Connect { .. } => Started::NotSent {
            reason,
            may_pass: error.is_transient(),
        },
        // A call that only reads may be sent again, whatever happened to it.
        _ if effect == CallEffect::Read && error.is_transient() => Started::NotSent {
            reason,
            may_pass: true,
        },
        _ => Started::Rejected { reason },
    }
}
