//! Explains an HTTP 404 in response to a call: checks whether the server's function list has the function.

use std::time::Duration;

use mailstore_metadata::low_level;

use crate::connection::Connection;
use crate::error::{Error, ErrorKind};
use crate::function_list;
use crate::trace;

/// Maximum time for the check. It is short, because the call has already failed.
const LONGEST: Duration = Duration::from_secs(10);

impl Connection {
    /// The kind of error for HTTP 404 in response to a call. `listed` is whether the server's function list has the
    /// function.
    pub(crate) fn unknown_function(&self, listed: Option<bool>) -> ErrorKind {
        ErrorKind::UnknownFunction {
            listed,
            compiled_for: self.surface().compiled_for(),
        }
    }

    /// Adds to an [`ErrorKind::UnknownFunction`] whether the server's function list has the function. Returns other
    /// errors unchanged.
    ///
    /// Requests the function list once, within `timeout`. If this request fails, the error is returned unchanged. The
    /// call is not repeated.
    pub(crate) async fn explain_not_found(&self, error: Error, function: &str, timeout: Duration) -> Error {
        // Function lists do not contain the operations of the protocol.
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
