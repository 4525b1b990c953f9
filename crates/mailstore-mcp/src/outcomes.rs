//! The changes whose outcome the client does not know.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The calls that may have changed something, and whose outcome was not told to the client. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Outcomes(Arc<Mutex<Vec<String>>>);

impl Outcomes {
    /// Returns the names of the functions: of calls that have not ended, and of calls whose outcome is unknown and whose
    /// answer was not sent, because the client had cancelled the request or had ended.
    pub fn unknown(&self) -> Vec<String> {
        self.names().clone()
    }

    /// Adds a call. It stays until its outcome is settled, also if the call is dropped.
    pub(crate) fn begin(&self, function: &str) -> Change {
        self.names().push(function.to_owned());
        Change {
            outcomes: self.clone(),
            function: function.to_owned(),
        }
    }

    fn names(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that may change something.
pub(crate) struct Change {
    outcomes: Outcomes,
    function: String,
}

impl Change {
    /// The outcome is known, or the client was told that it is unknown.
    pub(crate) fn settled(self) {
        let mut names = self.outcomes.names();
        // Calls of the same function cannot be told apart in the list, so any of them is removed.
        if let Some(place) = names.iter().position(|name| *name == self.function) {
            names.remove(place);
        }
    }
}
