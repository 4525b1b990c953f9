//! The error of a rule.

/// The error of a rule that cannot be parsed or whose parts contradict each other. Its message contains the expected
/// form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{what}` {reason}")]
pub struct WrongRule {
    what: String,
    reason: String,
}

impl WrongRule {
    pub(crate) fn new(what: impl Into<String>, reason: impl Into<String>) -> WrongRule {
        WrongRule {
            what: what.into(),
            reason: reason.into(),
        }
    }
}
