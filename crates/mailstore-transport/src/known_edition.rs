//! The verified edition of the server of a connection.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use futures_util::future::WeakShared;
use mailstore_metadata::Edition;
use tokio::runtime::Id;

use crate::error::Error;
use crate::exchange::BoxFuture;
use crate::trace;

/// The edition of a function list; `None` if the list does not match any known edition.
pub(crate) type Asked = Result<Option<Edition>, Arc<Error>>;

/// The expected and the verified edition of the server of a connection.
pub(crate) struct KnownEdition {
    /// The edition that the program was compiled for. With `None`, the edition is not verified.
    pub(crate) expected: Option<Edition>,
    /// The edition of the server. It is requested only once.
    pub(crate) found: OnceLock<Edition>,
    /// Requests for the function list that are under way. Calls that begin in the meantime wait for the same response.
    ///
    /// Any call that waits drives the request, and the request ends when no call waits for it. There is one for each
    /// runtime, because a socket is served by the runtime that opened it.
    asking: Mutex<HashMap<Id, WeakShared<BoxFuture<Asked>>>>,
}

impl KnownEdition {
    pub(crate) fn new(expected: Option<Edition>) -> Self {
        Self {
            expected,
            found: OnceLock::new(),
            asking: Mutex::default(),
        }
    }

    /// Records the edition of a function list that was requested for another reason.
    pub(crate) fn note(&self, edition: Option<Edition>) {
        if let (Some(expected), Some(found), None) = (self.expected, edition, self.found.get()) {
            trace::edition(expected, found);
            let _ = self.found.set(found);
        }
    }

    pub(crate) fn asking(&self) -> MutexGuard<'_, HashMap<Id, WeakShared<BoxFuture<Asked>>>> {
        self.asking.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
