//! The error of a result that cannot be decoded, with the place in the result.

use crate::json::Json;
use crate::printable::printable;

/// Says what is wrong with a result, and where.
#[derive(Debug, thiserror::Error)]
#[error("{}: {}", printable(&self.path()), printable(&self.0.message))]
pub struct Problem(Box<Inner>);

#[derive(Debug)]
struct Inner {
    message: String,
    /// The innermost step is the first.
    steps: Vec<Place>,
}

#[derive(Debug)]
pub(crate) enum Place {
    Member(String),
    Index(usize),
}

impl Problem {
    /// Creates the problem of a value that is not what was expected.
    pub fn expected(what: &str, found: &Json) -> Self {
        Self::found(what, found.kind())
    }

    pub(crate) fn found(what: &str, found: &str) -> Self {
        Self::new(format!("expected {what}, found {found}"))
    }

    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            message: message.into(),
            steps: Vec::new(),
        }))
    }

    /// Returns the place in the result, such as `result[3].userName`. It contains names of members as the server sent
    /// them. `Display` shows them [printable](crate::printable()).
    pub fn path(&self) -> String {
        let mut path = String::from("result");
        for step in self.0.steps.iter().rev() {
            match step {
                Place::Member(name) => {
                    path.push('.');
                    path.push_str(name);
                }
                Place::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        path
    }

    pub(crate) fn at(mut self, step: Place) -> Self {
        self.0.steps.push(step);
        self
    }
}
