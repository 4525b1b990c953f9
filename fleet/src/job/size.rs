//! The largest job that is run.

use super::problem::Problem;
use crate::call::Call;

/// How many calls a job may have. This number was tried. The engine refuses jobs of more than 32 MiB.
pub const MOST_CALLS: usize = 20_000;

/// The largest size of all calls together, in bytes. It leaves half of what the engine accepts.
const MOST_BYTES: usize = 16 << 20;

/// How many calls of a job may run at the same time. This number was tried.
///
/// The engine executes 1,000 handlers at the same time. A call needs up to three while it is started. If all are used,
/// starts and decisions wait until a call has ended.
pub const MOST_OVERALL: u32 = 300;

/// What a user can do about a job that is too large.
const SPLIT: &str = "Split the job, for example by `profiles`, into jobs with names of their own.";

/// Adds a problem if these calls are too many, or too large, for one job.
pub(super) fn check(calls: &[Call], problems: &mut Vec<Problem>) {
    if calls.len() > MOST_CALLS {
        let message = format!(
            "the job has {} calls, but a job has at most {MOST_CALLS}",
            calls.len()
        );
        problems.push(Problem::new("target", message).with_help(SPLIT));
        return;
    }
    let sizes = calls
        .iter()
        .map(|call| serde_json::to_vec(call).map_or(0, |text| text.len()));
    let bytes: usize = sizes.sum();
    if bytes > MOST_BYTES {
        let message =
            format!("the calls have {bytes} bytes together, but those of a job have at most {MOST_BYTES}");
        problems.push(Problem::new("arguments", message).with_help(SPLIT));
    }
}
