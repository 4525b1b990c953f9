//! Changed results, which simulate a newer server, a faulty server or an unknown function.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

/// Computes the result to send from the simulator's own result.
pub(crate) type ResultChange = Arc<dyn Fn(Value) -> Value + Send + Sync>;

/// The changes by function. Several changes of one function are applied in order.
#[derive(Clone, Default)]
pub(crate) struct Changes(BTreeMap<String, Vec<ResultChange>>);

impl Changes {
    pub(crate) fn add(&mut self, function: &str, change: impl Fn(Value) -> Value + Send + Sync + 'static) {
        self.0
            .entry(function.to_owned())
            .or_default()
            .push(Arc::new(change));
    }

    /// Returns the functions whose results are changed.
    pub(crate) fn functions(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Returns the change of the result, or `None` if the result is not changed.
    pub(crate) fn of(&self, function: &str) -> Option<ResultChange> {
        let changes = self.0.get(function)?.clone();
        Some(Arc::new(move |result| {
            changes.iter().fold(result, |result, change| change(result))
        }))
    }
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
