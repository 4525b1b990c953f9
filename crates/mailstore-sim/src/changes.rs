//! Results that are answered other than the simulator would: a newer server, one that misbehaves, an unknown function.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

/// Makes the result that is answered from the simulator's own.
pub(crate) type ResultChange = Arc<dyn Fn(Value) -> Value + Send + Sync>;

/// The changes by function. A later one of the same function comes on top of the earlier ones.
#[derive(Clone, Default)]
pub(crate) struct Changes(BTreeMap<String, Vec<ResultChange>>);

impl Changes {
    pub(crate) fn add(&mut self, function: &str, change: impl Fn(Value) -> Value + Send + Sync + 'static) {
        self.0
            .entry(function.to_owned())
            .or_default()
            .push(Arc::new(change));
    }

    /// The functions that answer otherwise.
    pub(crate) fn functions(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// What makes the answer of a function from the simulator's own; `None` if they are the same.
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
