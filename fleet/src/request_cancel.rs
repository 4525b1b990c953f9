//! Asks a server to cancel a running call.

use mailstore_api::{Json, StatusToken, Task};

use crate::call::Call;
use crate::clients::Clients;
use crate::reason::reason;

/// Asks the server to cancel a call. Returns why it could not be asked.
pub(crate) async fn request_cancel(clients: &Clients, call: &Call, token: StatusToken) -> Result<(), String> {
    let client = clients.of(call).await.map_err(|problem| problem.reason)?;
    let task = Task::<Json>::resume(&client, token);
    let mut task = task.map_err(|error| reason(&error))?;
    task.request_cancel().await.map_err(|error| reason(&error))
}
