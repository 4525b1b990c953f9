//! Why a program cannot work with a server.

use crate::change::Change;

/// Of lists whose length the server decides, no more is written; the rest is counted.
pub(crate) const LONGEST_LIST: usize = 20;

/// Why a program cannot work with a server, and what to do about each reason.
pub(crate) fn incompatible(compiled_for: &str, changes: &[Change]) -> String {
    let reasons = changes.iter().map(|change| {
        let advice = change.advice();
        format!("\n  {}: {change}. {advice}", change.function)
    });
    let rest = beyond(LONGEST_LIST, changes.len()).map(|rest| format!("\n  and {rest} more"));
    let reasons: String = reasons.take(LONGEST_LIST).chain(rest).collect();
    format!(
        "the server does not take every call of the functions that this program needs, which was compiled for \
         {compiled_for}:{reasons}"
    )
}

/// How many of a list were not written.
pub(crate) fn beyond(longest: usize, all: usize) -> Option<usize> {
    all.checked_sub(longest).filter(|rest| *rest > 0)
}
