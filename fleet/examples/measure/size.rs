//! Whether a job of many calls begins, and goes on with another worker.

use std::time::Duration;

use mailstore_fleet::call::Limits;
use miette::Report;
use tokio::time::Instant;

use crate::processes::Fleet;
use crate::run::batch;
use crate::simulators::Simulators;

/// How many calls are started before and after the worker is killed.
const STARTS: usize = 50;

/// How long they may take.
const LONGEST: Duration = Duration::from_secs(120);

/// Begins a job, and returns what happened to it.
pub(crate) async fn begin(calls: usize) -> Result<String, Report> {
    // Later calls have stores that do not exist. The job ends before them.
    let simulators = Simulators {
        servers: 50,
        stores: 10,
        step: 50,
        steps: 2,
    };
    let mut fleet = Fleet::start(&simulators, None).await?;
    let limits = Limits {
        overall: 8,
        per_server: 2,
    };
    let batch = batch(&fleet, calls, limits);
    let megabytes = serde_json::to_vec(&batch).map_or(0.0, |text| text.len() as f64 / 1e6);
    let title = format!("{calls} calls, {megabytes:.1} MB");
    let time = Instant::now();
    if let Err(report) = fleet.engine.send("FleetRun", &batch.key(), "run", &batch).await {
        fleet.end().await?;
        return Ok(format!("{title}: refused: {report}"));
    }
    let mut text = title;
    for what in ["begun", "continued after the worker was killed"] {
        let before = fleet.starts().await?;
        let time = if what == "begun" { time } else { Instant::now() };
        while fleet.starts().await? < before + STARTS {
            if time.elapsed() > LONGEST {
                fleet.end().await?;
                return Ok(format!("{text}; not {what} in {} s", LONGEST.as_secs()));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let used = fleet.used()?;
        text += &format!(
            "; {what}: {STARTS} starts after {:.1} s, engine {:.0} MB, worker {:.0} MB",
            time.elapsed().as_secs_f64(),
            used.engine.memory,
            used.worker.memory
        );
        fleet.replace_worker().await?;
    }
    fleet.end().await?;
    Ok(text)
}
