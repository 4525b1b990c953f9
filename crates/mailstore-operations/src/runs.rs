//! The runs of profiles and jobs, and their judgement.
//!
//! [`profile_runs`] and [`job_runs`] read the last run of each profile and job, and [`judge()`] says what it means. The
//! checks for monitoring systems and the snapshots use the same rule.

mod job;
mod judge;
#[cfg(test)]
mod judge_tests;
mod profile;
mod run;
mod window;
mod worker_results;

pub use job::{JobRule, JobRuns, job_runs};
pub use judge::{Judgement, Situation, judge, long};
pub use profile::{ProfileRule, ProfileRuns, profile_runs};
pub use run::{Outcome, Run, Start, Subject};
pub use window::range;
