//! Jobs: commands that the server runs on schedule or on demand, and their results.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

pub(crate) use super::schedule::Schedule;

use super::profiles::Window;
use crate::envelope::Failure;
use crate::time;

/// One job.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) action: String,
    pub(crate) owner: String,
    pub(crate) created: Timestamp,
    pub(crate) enabled: bool,
    pub(crate) schedule: Schedule,
    pub(crate) last: Option<(Timestamp, Option<Timestamp>)>,
}

impl Job {
    /// Returns a row of GetJobs. The `*Utc` dates have no `Z` (observed).
    fn row(&self, now: Timestamp) -> Value {
        let next = self.schedule.next(now).filter(|_| self.enabled);
        json!({
            "id": self.id,
            "name": self.name,
            "action": self.action,
            "owner": self.owner,
            "creationDateTimeUtc": time::utc(self.created),
            "lastStartDateTimeUtc": self.last.map(|(start, _)| time::utc(start)),
            "lastCompleteDateTimeUtc": self.last.and_then(|(_, end)| end).map(time::utc),
            "nextStartDateTimeUtc": next.map(time::utc),
            "enabled": self.enabled,
            "schedule": self.schedule.row(),
        })
    }
}

#[derive(Debug, Clone)]
struct JobResult {
    job: i64,
    action: String,
    start: Timestamp,
    complete: Timestamp,
    result: &'static str,
}

/// A running job. A run ends after its time. If steps take no time, it ends at the second check.
#[derive(Debug, Clone)]
struct Run {
    job: i64,
    start: Timestamp,
    looks: u8,
}

/// The jobs, runs and results of an archive.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    all: Vec<Job>,
    last_id: i64,
    runs: Vec<Run>,
    results: Vec<JobResult>,
    /// The duration of a run. If it is zero, the second check ends the run.
    run_time: Duration,
}

/// The first id of a result. It is high, as on a server that has been used for years.
const FIRST_RESULT: i64 = 2_580;

/// Maximum number of stored results. The results of further runs are not stored.
const KEPT: usize = 100_000;

/// The number of steps of a run.
const STEPS: u32 = 4;

impl Jobs {
    pub(crate) fn new(step: Duration) -> Jobs {
        Jobs {
            run_time: step.saturating_mul(STEPS),
            ..Jobs::default()
        }
    }

    /// Adds a job with the next id.
    pub(crate) fn add(&mut self, mut job: Job) -> Result<i64, Failure> {
        self.free(&job.name, None)?;
        self.last_id += 1;
        job.id = self.last_id;
        self.all.push(job);
        Ok(self.last_id)
    }

    pub(crate) fn rename(&mut self, id: i64, name: &str) -> Result<(), Failure> {
        self.free(name, Some(id))?;
        name.clone_into(&mut self.find_mut(id)?.name);
        Ok(())
    }

    pub(crate) fn delete(&mut self, id: i64) -> Result<(), Failure> {
        self.find_mut(id)?;
        self.all.retain(|job| job.id != id);
        self.runs.retain(|run| run.job != id);
        Ok(())
    }

    pub(crate) fn find_mut(&mut self, id: i64) -> Result<&mut Job, Failure> {
        let job = self.all.iter_mut().find(|job| job.id == id);
        job.ok_or_else(|| Failure::new(format!("There is no job with the id {id}.")))
    }

    /// Starts a job immediately, whether it is enabled or not. A running job cannot be started again (inferred).
    pub(crate) fn run(&mut self, id: i64, now: Timestamp) -> Result<(), Failure> {
        self.find_mut(id)?;
        if self.runs.iter().any(|run| run.job == id) {
            return Err(Failure::new(format!(
                "The job with the id {id} is running already."
            )));
        }
        self.find_mut(id)?.last = Some((now, None));
        self.runs.push(Run {
            job: id,
            start: now,
            looks: 0,
        });
        Ok(())
    }

    /// Stops a run. Does nothing if there is no run (inferred).
    pub(crate) fn cancel(&mut self, id: i64, now: Timestamp) -> Result<(), Failure> {
        self.find_mut(id)?;
        if let Some(place) = self.runs.iter().position(|run| run.job == id) {
            let run = self.runs.remove(place);
            self.complete(&run, now, "cancelled");
        }
        Ok(())
    }

    /// Stores the result of a finished run.
    pub(crate) fn record(&mut self, id: i64, start: Timestamp, complete: Timestamp) {
        self.complete(
            &Run {
                job: id,
                start,
                looks: 0,
            },
            complete,
            "succeeded",
        );
    }

    /// Returns the rows of GetJobs, after ending the runs that are due.
    pub(crate) fn rows(&mut self, now: Timestamp) -> Vec<Value> {
        self.look(now);
        self.all.iter().map(|job| job.row(now)).collect()
    }

    /// Returns the rows of GetJobResults, newest first (observed). A run has no row before it ends (inferred).
    pub(crate) fn results(&mut self, window: &Window, job: Option<i64>, now: Timestamp) -> Vec<Value> {
        self.look(now);
        let mut results: Vec<(i64, &JobResult)> = (FIRST_RESULT..)
            .zip(&self.results)
            .filter(|(_, result)| window.contains(result.start) && job.is_none_or(|id| result.job == id))
            .collect();
        results.sort_by_key(|(id, result)| std::cmp::Reverse((result.start, *id)));
        let row = |(id, result): (i64, &JobResult)| {
            json!({
                "jobResultId": id,
                "jobId": result.job,
                "action": result.action,
                "startTime": time::in_zone(result.start, &window.zone),
                "completeTime": time::in_zone(result.complete, &window.zone),
                "result": result.result,
            })
        };
        results.into_iter().map(row).collect()
    }

    /// Ends the runs that are due.
    fn look(&mut self, now: Timestamp) {
        let mut ended = Vec::new();
        for run in &mut self.runs {
            run.looks = run.looks.saturating_add(1);
            let over = if self.run_time.is_zero() {
                (run.looks >= 2).then_some(now)
            } else {
                let end = run.start.checked_add(self.run_time).unwrap_or(Timestamp::MAX);
                (end <= now).then_some(end)
            };
            if let Some(end) = over {
                ended.push((run.clone(), end));
            }
        }
        for (run, end) in ended {
            self.runs.retain(|other| other.job != run.job);
            self.complete(&run, end, "succeeded");
        }
    }

    fn complete(&mut self, run: &Run, complete: Timestamp, result: &'static str) {
        let Ok(job) = self.find_mut(run.job) else { return };
        job.last = Some((run.start, Some(complete)));
        let result = JobResult {
            job: run.job,
            action: job.action.clone(),
            start: run.start,
            complete,
            result,
        };
        if self.results.len() < KEPT {
            self.results.push(result);
        }
    }

    fn free(&self, name: &str, except: Option<i64>) -> Result<(), Failure> {
        if name.trim().is_empty() {
            return Err(Failure::new("The name of a job must not be empty."));
        }
        let taken = |job: &&Job| Some(job.id) != except && job.name.eq_ignore_ascii_case(name);
        match self.all.iter().find(taken) {
            Some(job) => Err(Failure::new(format!(
                "A job with the name {} exists already.",
                job.name
            ))),
            None => Ok(()),
        }
    }
}
