//! Finds the last verification of a store among the runs of jobs.

use mailstore_api::civil::DateTime;
use mailstore_api::jiff::tz::TimeZone as Zone;
use mailstore_api::jiff::{SignedDuration, ToSpan as _};
use mailstore_api::types::{JobResult, JobResultCode, Store, StoreId, StoreState, TimeZone};
use mailstore_api::{Archive, Error, Timestamp, printable};

use super::result::Verdict;

/// A run of a job that verified stores.
pub(super) struct Run {
    scope: Scope,
    ended: DateTime,
    result: JobResultCode,
    job: i64,
}

/// The stores that a command verifies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Scope {
    All,
    One(StoreId),
}

/// The clock of a server may be ahead by this time. Runs that it dates in the future are found, too.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// Reads the runs of the last days that verified stores and ended. The dates are in UTC.
pub(super) async fn read(archive: &impl Archive, max_days: u16, now: Timestamp) -> Result<Vec<Run>, Error> {
    let now_in_utc = now.to_zoned(Zone::UTC).datetime();
    let first = now_in_utc.saturating_sub(i32::from(max_days).days());
    // A run may begin before the first day and end after it.
    let from = first.saturating_sub(1.day());
    let to = now_in_utc.saturating_add(AHEAD);
    let results = archive.get_job_results(from, to, &TimeZone::UTC).await?;
    let runs = results.into_iter().filter_map(run);
    Ok(runs.filter(|run| run.ended >= first).collect())
}

/// Returns a run that verified stores and ended, unless it was cancelled.
fn run(result: JobResult) -> Option<Run> {
    if result.result == JobResultCode::Cancelled {
        return None;
    }
    Some(Run {
        scope: scope(&result.action)?,
        ended: result.complete_time?,
        result: result.result,
        job: result.job_id.0,
    })
}

/// Returns which stores a command of the Management Shell verifies.
fn scope(action: &str) -> Option<Scope> {
    let mut words = action.split_whitespace();
    let command = words.next()?;
    if command.eq_ignore_ascii_case("VerifyStores") {
        return Some(Scope::All);
    }
    if !command.eq_ignore_ascii_case("VerifyStore") {
        return None;
    }
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word, None),
        };
        if name.eq_ignore_ascii_case("--id") {
            let value = value.or_else(|| words.next())?;
            return value
                .trim_matches('"')
                .parse()
                .ok()
                .map(|id| Scope::One(StoreId(id)));
        }
    }
    None
}

/// Judges a store by its last verification. Verifications by hand are not listed, so a store without a run is unknown.
pub(super) fn judge(store: &Store, runs: &[Run], max_days: u16) -> Verdict {
    if store.requested_state == StoreState::Disabled {
        return Verdict::unknown(
            "the store is disabled, and it is not known whether jobs verify such a store",
        );
    }
    let of_store = runs
        .iter()
        .filter(|run| run.scope == Scope::All || run.scope == Scope::One(store.id));
    let Some(last) = of_store.max_by_key(|run| run.ended) else {
        return Verdict::unknown(format!(
            "no job verified the store in the last {max_days} days, and verifications by hand are not listed"
        ));
    };
    let (day, job) = (last.ended.date(), last.job);
    match &last.result {
        JobResultCode::Succeeded => Verdict::ok(format!("verified by job {job} on {day}")),
        JobResultCode::Failed => Verdict::finding(format!("the verification by job {job} on {day} failed")),
        other => Verdict::unknown(format!(
            "the verification by job {job} on {day} ended with `{}`, which is not known",
            printable(other.as_str())
        )),
    }
}
