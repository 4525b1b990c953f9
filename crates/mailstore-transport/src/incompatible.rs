//! The message for a program that is incompatible with a server.

use crate::change::Change;

/// Maximum number of items that a message lists. The other items are counted.
pub(crate) const LONGEST_LIST: usize = 20;

/// Explains why a program is incompatible with a server, and what to do about each reason.
pub(crate) fn incompatible(compiled_for: &str, changes: &[Change]) -> String {
    let reasons = changes.iter().map(|change| {
        let advice = change.advice();
        format!("\n  {}: {change}. {advice}", change.function)
    });
    let rest = beyond(LONGEST_LIST, changes.len()).map(|rest| format!("\n  and {rest} more"));
    let reasons: String = reasons.take(LONGEST_LIST).chain(rest).collect();
    format!(
        "the server does not accept every call of the functions that this program needs. The program was compiled for \
         {compiled_for}:{reasons}"
    )
}

/// Returns the number of items beyond the longest list. Returns `None` if the list is not too long.
pub(crate) fn beyond(longest: usize, all: usize) -> Option<usize> {
    all.checked_sub(longest).filter(|rest| *rest > 0)
}
