//! Judges profiles and jobs by their last run. It uses neither the network nor a clock.

use mailstore_api::jiff::{SignedDuration, SignedDurationRound, Unit};
use mailstore_api::{Timestamp, printable};
use serde::{Deserialize, Serialize};

use super::run::{Outcome, Start, Subject};

/// What can be said about a profile or a job. The order is from good to bad.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Situation {
    /// The last run succeeded, and it is not too old.
    Succeeded,
    /// No run is expected yet.
    NotDue,
    /// Nothing starts runs.
    Disabled,
    /// A run has not ended.
    Running,
    /// The last run completed with warnings.
    CompletedWithWarnings,
    /// The last run completed with errors.
    CompletedWithErrors,
    /// The last run was cancelled.
    Cancelled,
    /// The last run ended with a result that this program does not know.
    OtherResult,
    /// No run was found.
    NoRun,
    /// The last run is too old.
    TooOld,
    /// The last run failed.
    Failed,
}

/// The judgement of one profile or job.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Judgement {
    /// The situation.
    pub situation: Situation,
    /// The situation in words, on one line. Text of the server has no control characters.
    pub text: String,
    /// The time since the last run ended, or since the current one began.
    pub age: Option<SignedDuration>,
}

/// Judges a profile or a job.
///
/// `window` is the time in which runs were searched for. If several situations apply, such as a failed run that is also
/// too old, the one with the highest `severity` counts. Of two equally severe ones, the one counts that is later in the
/// order of [`Situation`].
pub fn judge<S: Ord>(
    subject: &Subject,
    window: SignedDuration,
    severity: impl Fn(Situation) -> S,
    now: Timestamp,
) -> Judgement {
    let age = age(subject, now);
    let is_old = |age: SignedDuration| subject.limit.is_some_and(|limit| age > limit);
    let unattended = match subject.start {
        Start::Automatic => false,
        Start::Disabled => true,
        // Something runs the profile, so its result counts. If nothing does, that is nobody's failure.
        Start::Manual => age.is_none_or(is_old),
    };
    let situations: Vec<Situation> = match age {
        _ if unattended => vec![Situation::Disabled],
        None if subject.not_due => vec![Situation::NotDue],
        None => vec![Situation::NoRun],
        Some(age) => {
            let outcome = subject.last.as_ref().and_then(|run| situation(&run.outcome));
            let old = is_old(age).then_some(Situation::TooOld);
            let running = subject.running.map(|_| Situation::Running);
            outcome.into_iter().chain(old).chain(running).collect()
        }
    };
    let worst = situations
        .into_iter()
        .max_by_key(|situation| (severity(*situation), *situation))
        .unwrap_or(Situation::NotDue);
    Judgement {
        situation: worst,
        text: text(worst, subject, age, window, now),
        age,
    }
}

fn age(subject: &Subject, now: Timestamp) -> Option<SignedDuration> {
    let ended = subject.last.as_ref().map(|run| run.ended);
    let latest = ended.max(subject.running)?;
    // The clock of the server may be ahead.
    Some(now.duration_since(latest).max(SignedDuration::ZERO))
}

fn situation(outcome: &Outcome) -> Option<Situation> {
    Some(match outcome {
        Outcome::Succeeded => Situation::Succeeded,
        Outcome::CompletedWithErrors => Situation::CompletedWithErrors,
        Outcome::CompletedWithWarnings => Situation::CompletedWithWarnings,
        Outcome::Failed => Situation::Failed,
        Outcome::Cancelled => Situation::Cancelled,
        Outcome::Other(_) => Situation::OtherResult,
        Outcome::NotListed => return None,
    })
}

fn text(
    situation: Situation,
    subject: &Subject,
    age: Option<SignedDuration>,
    window: SignedDuration,
    now: Timestamp,
) -> String {
    let ago =
        |age: Option<SignedDuration>| age.map_or("never".to_owned(), |age| format!("{} ago", long(age)));
    let ended = subject
        .last
        .as_ref()
        .map(|run| now.duration_since(run.ended).max(SignedDuration::ZERO));
    let last = ago(ended);
    match situation {
        Situation::Succeeded => format!("the last run succeeded {last}"),
        Situation::Failed => format!("the last run failed {last}"),
        Situation::CompletedWithErrors => format!("the last run completed with errors {last}"),
        Situation::CompletedWithWarnings => format!("the last run completed with warnings {last}"),
        Situation::Cancelled => format!("the last run was cancelled {last}"),
        Situation::OtherResult => {
            let word = subject.last.as_ref().map(|run| match &run.outcome {
                Outcome::Other(word) => printable(word).to_string(),
                _ => String::new(),
            });
            format!(
                "the last run ended {last} with the unknown result `{}`",
                word.unwrap_or_default()
            )
        }
        Situation::TooOld if subject.running.is_some() => {
            format!("a run began {} and has not ended", ago(age))
        }
        Situation::TooOld => format!("the last run is too old: it ended {last}"),
        Situation::NoRun => format!("no run in the last {}", long(window)),
        Situation::NotDue => "no run is due".to_owned(),
        Situation::Running => format!("a run began {}", ago(age)),
        Situation::Disabled if subject.start == Start::Manual => {
            "not run automatically, and no recent run was found".to_owned()
        }
        Situation::Disabled => "disabled".to_owned(),
    }
}

/// Writes a duration without seconds, such as `26h 5m`. From three days on, it has days.
pub fn long(duration: SignedDuration) -> String {
    let rounded = duration.round(SignedDurationRound::new().smallest(Unit::Minute));
    let duration = rounded.unwrap_or(duration);
    let (days, hours) = (duration.as_hours() / 24, duration.as_hours() % 24);
    match (days, hours) {
        (3.., 0) => format!("{days}d"),
        (3.., _) => format!("{days}d {hours}h"),
        _ if duration.is_zero() => "0m".to_owned(),
        _ => format!("{duration:#}"),
    }
}
