//! What an HTTP 404 to a call means: whether the server's own list of functions has it.

use std::time::Duration;

use mailstore_metadata::low_level;

use crate::connection::Connection;
use crate::error::{Error, ErrorKind};
use crate::function_list;
use crate::trace;

/// A call that failed already is not to take much longer for a better error.
const LONGEST: Duration = Duration::from_secs(10);

impl Connection {
    /// The error for a function that the server answers with HTTP 404. `listed` is what its list says.
    pub(crate) fn unknown_function(&self, listed: Option<bool>) -> ErrorKind {
        ErrorKind::UnknownFunction {
            listed,
            compiled_for: self.surface().compiled_for(),
        }
    }

    /// Makes the error of a call say whether the server's list has the function, if that is the question.
    ///
    /// Asks the server once for the list, for no longer than the call was to take; where that fails, the error stays
    /// as it is. The call is not repeated.
    pub(crate) async fn explain_not_found(&self, error: Error, function: &str, timeout: Duration) -> Error {
        // The operations of the protocol itself are in no list.
        let is_listed = low_level().iter().all(|operation| operation.name != function);
        if !is_listed || !matches!(error.kind(), ErrorKind::UnknownFunction { .. }) {
            return error;
        }
        match self.lists(function, timeout.min(LONGEST)).await {
            Ok(listed) => error.with_kind(self.unknown_function(Some(listed))),
            Err(cause) => {
                trace::failed_lookup(&cause);
                error
            }
        }
    }

    async fn lists(&self, function: &str, timeout: Duration) -> Result<bool, Error> {
        let list = function_list::parse(&self.metadata_within(timeout).await?)?;
        let is_left_out = list.left_out.iter().any(|left_out| left_out.function == function);
        Ok(is_left_out || list.dump.function(function).is_some())
    }
}
