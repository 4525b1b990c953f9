//! The list of windows with their totals. The engine counts the calls, so no call is read.

use std::collections::BTreeMap;

use jiff::Timestamp;
use miette::Report;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::call::Stage;
use super::totals::Totals;
use super::window::{State, trouble_of};
use crate::api::Engine;
use crate::known::KnownRun;
use crate::order::{PLAN, Plan, STATUS};
use crate::outcome::{Outcome, Phase};
use crate::trouble::{self, Trouble};

/// A window in the list of windows.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedWindow {
    /// The name of the window.
    pub window: String,
    /// What it is doing.
    pub state: State,
    /// When its job was started. The engine forgets jobs after 7 days, and calls after 60.
    pub started: Option<Timestamp>,
    /// When its last job ended.
    pub ended: Option<Timestamp>,
    /// Why the engine cannot continue the job, or why it ended it.
    pub trouble: Option<Trouble>,
    /// How many calls are in each stage, and how many ended in each way.
    pub totals: Totals,
}

/// Calls of a window that are in the same phase.
#[derive(Deserialize)]
struct Count {
    window: String,
    phase: Option<String>,
    outcome: Option<String>,
    status: String,
    was_ended: bool,
    calls: usize,
}

/// The plan of a job.
#[derive(Deserialize)]
struct Planned {
    service_key: String,
    value_utf8: String,
}

/// Returns all windows, the one that was started last first.
///
/// # Errors
/// The engine cannot be reached.
pub async fn list(engine: &Engine) -> Result<Vec<ListedWindow>, Report> {
    let runs = engine.runs_of(None).await?;
    let sql = format!(
        "SELECT service_key, value_utf8 FROM state WHERE service_name = 'FleetRun' AND key = '{PLAN}'"
    );
    let plans: Vec<Planned> = engine.query(&sql).await?;
    let plans: BTreeMap<String, Plan> = plans
        .into_iter()
        .filter_map(|planned| {
            Some((
                planned.service_key,
                serde_json::from_str(&planned.value_utf8).ok()?,
            ))
        })
        .collect();
    let mut totals: BTreeMap<String, Totals> = BTreeMap::new();
    for count in engine.query::<Count>(&counted()).await? {
        let totals = totals.entry(count.window.clone()).or_default();
        count.add_to(totals);
    }
    let mut last: BTreeMap<String, (Option<Timestamp>, KnownRun)> = BTreeMap::new();
    for run in runs {
        totals.entry(run.window.clone()).or_default();
        let begun = last
            .get(&run.window)
            .map_or(run.workflow.begun, |(begun, _)| *begun);
        last.insert(run.window.clone(), (begun, run));
    }
    let mut windows = Vec::new();
    for (window, mut totals) in totals {
        let (started, run) = last.remove(&window).unzip();
        let plan = match &run {
            Some(run) => plan(engine, run, &plans).await?,
            None => None,
        };
        if let Some(plan) = plan {
            let is_over = run.as_ref().is_some_and(|run| run.completed);
            let not_begun = plan.calls.saturating_sub(totals.calls);
            match is_over {
                true => totals.add(Stage::Ended, Some(Outcome::Skipped), not_begun),
                false => totals.add(Stage::Planned, None, not_begun),
            }
        }
        let opens = plan.and_then(|plan| plan.opens);
        windows.push(ListedWindow {
            window,
            state: State::of(run.as_ref(), &totals, opens, Timestamp::now()),
            started: started.flatten(),
            ended: run.as_ref().and_then(|run| run.workflow.ended),
            trouble: run.as_ref().and_then(trouble_of),
            totals,
        });
    }
    windows.sort_by(|a, b| (b.started, &b.window).cmp(&(a.started, &a.window)));
    Ok(windows)
}

/// Returns the plan of a job. A job that no worker has begun has not written it.
async fn plan(
    engine: &Engine,
    run: &KnownRun,
    plans: &BTreeMap<String, Plan>,
) -> Result<Option<Plan>, Report> {
    if let Some(plan) = plans.get(&run.key()) {
        return Ok(Some(*plan));
    }
    Ok(engine.batch_if_kept(run).await?.as_ref().map(Plan::of))
}

impl Count {
    fn add_to(&self, totals: &mut Totals) {
        let phase = self.phase.as_deref().and_then(word::<Phase>);
        let outcome = match self.outcome.as_deref().and_then(word::<Outcome>) {
            None if self.was_ended && phase == Some(Phase::Waiting) => Some(Outcome::Skipped),
            outcome => outcome,
        };
        totals.add(Stage::of(phase, self.was_ended), outcome, self.calls);
        if matches!(self.status.as_str(), "backing-off" | "paused") {
            totals.in_trouble += self.calls;
        }
    }
}

/// Returns the value of a word in the status of a call.
fn word<T: for<'a> Deserialize<'a>>(text: &str) -> Option<T> {
    serde_json::from_value(Value::from(text)).ok()
}

/// Returns the query that counts the calls of all windows. Of a call with several workflows, the last one counts.
///
/// A status is JSON, and its first member is the phase. A quotation mark within a text has a backslash, so the search
/// for the outcome finds no text.
fn counted() -> String {
    let outcome = r#""outcome":""#;
    format!(
        r#"WITH begun AS (
            SELECT i.target_service_key AS call, s.value_utf8 AS text, {} AS status,
                i.completion_failure IS NOT NULL AS was_ended,
                row_number() OVER (
                    PARTITION BY regexp_replace(i.target_service_key, '^(([^:]*:){{4}}[^:]*).*$', '\1')
                    ORDER BY coalesce(try_cast(nullif(split_part(i.target_service_key, ':', 6), '') AS INT), 1) DESC
                ) AS place
            FROM sys_invocation i
            LEFT JOIN state s
                ON s.service_key = i.target_service_key AND s.service_name = 'MailCall' AND s.key = '{STATUS}'
            WHERE i.target_service_name = 'MailCall' AND i.target_handler_name = 'run'
        )
        SELECT split_part(call, ':', 1) AS window, split_part(text, '"', 4) AS phase,
            CASE WHEN strpos(text, '{outcome}') > 0 THEN split_part(split_part(text, '{outcome}', 2), '"', 1) END AS outcome,
            CASE WHEN status IN ('backing-off', 'paused') THEN status ELSE 'well' END AS status,
            was_ended, count(*) AS calls
        FROM begun WHERE place = 1
        GROUP BY 1, 2, 3, 4, 5"#,
        trouble::STATUS
    )
}
