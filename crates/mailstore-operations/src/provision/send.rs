//! Sends one call of a plan, and knows its outcome.

use mailstore_api::{Error, Request};

use super::error::ProvisionError;
use super::journal::{Call, Journal};

/// Whether a change was made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Applied {
    /// It was made now.
    Now,
    /// It had been made before.
    Already,
}

impl Applied {
    pub(super) fn or(self, other: Self) -> Self {
        if self == Self::Now { self } else { other }
    }
}

/// The outcome of a call that was sent.
pub(super) enum Sent {
    Done,
    Unknown { what: String, error: Box<Error> },
}

impl Sent {
    /// Resolves an unknown outcome. `carried_out` reads the server, and is not used if the outcome is known. If the
    /// server cannot be read, the outcome stays unknown.
    pub(super) async fn settle(
        self,
        journal: &mut Journal,
        call: &Call<'_>,
        carried_out: impl Future<Output = Result<bool, ProvisionError>>,
    ) -> Result<Applied, ProvisionError> {
        let Self::Unknown { what, error } = self else {
            return Ok(Applied::Now);
        };
        if carried_out.await.unwrap_or(false) {
            journal.done(call)?;
            return Ok(Applied::Now);
        }
        journal.unknown(call)?;
        Err(ProvisionError::OutcomeUnknown {
            what,
            source: Some(*error),
        })
    }
}

/// Writes the journal, sends a call once, and writes the journal again.
///
/// # Errors
/// The journal cannot be written, or the server did not carry out the call.
pub(super) async fn send<R: Request>(
    journal: &mut Journal,
    call: &Call<'_>,
    ids: Option<Vec<i64>>,
    request: R,
) -> Result<Sent, ProvisionError> {
    journal.begin(call, ids)?;
    let what = format!("{}: {}", call.object, call.step);
    tracing::debug!(%what, "sending");
    match request.await {
        Ok(_) => {
            tracing::debug!(%what, "answered");
            journal.done(call)?;
            Ok(Sent::Done)
        }
        Err(error) if error.is_outcome_unknown() => Ok(Sent::Unknown {
            what,
            error: Box::new(error),
        }),
        Err(source) => {
            journal.failed(call)?;
            Err(ProvisionError::Call { what, source })
        }
    }
}
