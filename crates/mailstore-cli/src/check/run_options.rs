//! The options that judge the runs of profiles and jobs, and the report about them.

use clap::Args;
use mailstore_api::Timestamp;
use mailstore_api::jiff::SignedDuration;
use mailstore_operations::runs::{Judgement, Situation, Subject, judge, long};

use super::choice::Choice;
use super::metric::{Metric, Unit};
use super::policy::Policy;
use super::report::{Item, Report, counted, shown};
use super::state::State;
use crate::duration;

/// The states of runs. `STATE` is `ok`, `warning`, `critical` or `unknown`.
#[derive(Args, Clone, Debug)]
pub(crate) struct RunOptions {
    #[command(flatten)]
    pub(crate) choice: Choice,
    /// Search for runs in this time, such as `7d`. It is at least twice as long as the longest time without a run that
    /// is allowed.
    #[arg(long, value_name = "DURATION", default_value = "7d", value_parser = duration::parse)]
    pub(crate) window: SignedDuration,
    /// The state if the last run failed, was disconnected or was aborted.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "critical",
        hide_possible_values = true
    )]
    failed: State,
    /// The state if the last run was cancelled.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "warning",
        hide_possible_values = true
    )]
    cancelled: State,
    /// The state if the last run ended with a result that this program does not know.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "unknown",
        hide_possible_values = true
    )]
    other_result: State,
    /// The state if no run was found.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "warning",
        hide_possible_values = true
    )]
    no_run: State,
    /// The state if the last run is too old.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "critical",
        hide_possible_values = true
    )]
    too_old: State,
    /// The state if nothing starts runs.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "ok",
        hide_possible_values = true
    )]
    disabled: State,
    /// The state if there is nothing to examine.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "unknown",
        hide_possible_values = true
    )]
    none: State,
}

impl RunOptions {
    /// Returns the states without those that only profiles or only jobs have, which are OK.
    pub(crate) fn policy(&self) -> Policy {
        Policy {
            failed: self.failed,
            completed_with_errors: State::Ok,
            completed_with_warnings: State::Ok,
            cancelled: self.cancelled,
            other_result: self.other_result,
            no_run: self.no_run,
            too_old: self.too_old,
            running: State::Ok,
            disabled: self.disabled,
        }
    }

    /// Judges the profiles or jobs. `noun` says what they are, and `window` is the time in which runs were searched for.
    pub(crate) fn report(
        &self,
        noun: &'static str,
        subjects: &[Subject],
        window: SignedDuration,
        policy: &Policy,
        now: Timestamp,
    ) -> Report {
        let judged: Vec<(&Subject, Judgement)> = subjects
            .iter()
            .map(|subject| {
                let severity = |situation| policy.state(situation);
                (subject, judge(subject, window, severity, now))
            })
            .collect();
        let mut items: Vec<Item> = judged
            .iter()
            .map(|(subject, judgement)| item(noun, subject, judgement, policy))
            .collect();
        if items.is_empty() {
            items.push(Item::new(self.none, "", format!("there is no {noun} to examine")));
        }
        let count = |situation| {
            judged
                .iter()
                .filter(|(_, judged)| judged.situation == situation)
                .count()
        };
        let mut about = counted(subjects.len(), noun);
        let mut metrics = vec![Metric::count("total", subjects.len())];
        for (name, situation) in counted_for(noun) {
            let number = count(situation);
            if number > 0 {
                about.push_str(&format!(", {number} {}", name.replace('_', " ")));
            }
            metrics.push(Metric::unwanted(name, number, policy.state(situation)));
        }
        if let Some(oldest) = judged
            .iter()
            .filter(|(_, judged)| judged.situation != Situation::Disabled)
            .filter_map(|(_, judged)| judged.age)
            .max()
        {
            metrics.push(Metric::new("oldest", oldest.as_secs(), Unit::Seconds));
        }
        Report {
            about,
            items,
            metrics,
            ..Report::default()
        }
    }
}

/// Returns the figures that count situations. Runs of jobs are not known to complete with errors, and only jobs are
/// known to be running.
fn counted_for(noun: &str) -> Vec<(&'static str, Situation)> {
    let own = if noun == "job" {
        vec![("running", Situation::Running)]
    } else {
        vec![
            ("completed_with_errors", Situation::CompletedWithErrors),
            ("completed_with_warnings", Situation::CompletedWithWarnings),
        ]
    };
    let shared = [
        ("failed", Situation::Failed),
        ("cancelled", Situation::Cancelled),
        ("other_result", Situation::OtherResult),
        ("no_run", Situation::NoRun),
        ("too_old", Situation::TooOld),
        ("disabled", Situation::Disabled),
    ];
    shared.into_iter().chain(own).collect()
}

fn item(noun: &'static str, subject: &Subject, judgement: &Judgement, policy: &Policy) -> Item {
    let mut metrics = Vec::new();
    if let Some(age) = judgement.age {
        let age = Metric::new("age", age.as_secs(), Unit::Seconds);
        metrics.push(match subject.limit {
            Some(limit) if judgement.situation != Situation::Disabled => {
                age.above(limit.as_secs(), policy.too_old)
            }
            _ => age,
        });
    }
    if let Some(archived) = subject.last.as_ref().and_then(|run| run.archived) {
        metrics.push(Metric::new("archived", archived, Unit::Count));
    }
    let mut text = judgement.text.clone();
    if let (Situation::TooOld, Some(limit)) = (judgement.situation, subject.limit) {
        text.push_str(&format!(" (limit {})", long(limit)));
    }
    Item {
        state: policy.state(judgement.situation),
        kind: noun,
        id: Some(subject.id.to_string()),
        name: shown(&subject.name),
        text,
        metrics,
    }
}
