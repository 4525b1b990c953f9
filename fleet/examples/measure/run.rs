//! One measured job.

use std::time::Duration;

use mailstore_fleet::call::{Batch, Call, CallEffect, Limits, OnFailure, Target};
use mailstore_fleet::outcome::Results;
use miette::{Report, miette};
use tokio::time::Instant;

use crate::journal::{Size, sizes};
use crate::processes::{Both, Fleet};
use crate::servers::{Counted, FUNCTION, arguments};
use crate::simulators::Simulators;

/// The longest time of a job.
const LONGEST: Duration = Duration::from_secs(1_800);

/// The time of a step of a simulated call in milliseconds.
const STEP: u64 = 50;

/// A job to measure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    pub(crate) calls: usize,
    pub(crate) servers: usize,
    pub(crate) limits: Limits,
    /// The number of steps of a simulated call.
    pub(crate) steps: usize,
    /// Whether the worker is killed when nine tenths of the calls were started.
    pub(crate) kill: bool,
}

/// What a job used.
#[derive(Clone, Debug)]
pub(crate) struct Figures {
    pub(crate) setting: Setting,
    pub(crate) counted: Counted,
    pub(crate) seconds: f64,
    pub(crate) used: Both,
    /// The journal of the job.
    pub(crate) job: Size,
    /// The journals of the workflows of the calls.
    pub(crate) workflows: Size,
    /// The journals of the requests with which the job waits for its calls.
    pub(crate) requests: Size,
    /// How many bytes the data folder has after the engine ended.
    pub(crate) disk: u64,
    /// How long no call was started after the worker was killed.
    pub(crate) pause: Option<f64>,
}

/// Returns the job.
pub(crate) fn batch(fleet: &Fleet, calls: usize, limits: Limits) -> Batch {
    let window = "2026-11-27/measure";
    let servers = fleet.servers.len();
    let call = |number: usize| {
        let target = Target {
            profile: format!("s{}", number % servers),
            server: fleet.servers[number % servers].url.clone(),
            instance: None,
        };
        Call::new(
            window,
            target,
            FUNCTION,
            arguments(number / servers + 1),
            CallEffect::Change,
            0,
        )
    };
    Batch {
        window: window.to_owned(),
        calls: (0..calls).map(call).collect(),
        limits,
        on_failure: OnFailure::Continue,
        starts: None,
        logs: fleet.folder.path().join("logs").display().to_string(),
        round: 1,
        left_out: 0,
    }
}

/// Runs a job with an engine, a worker and servers of its own. It must succeed as a whole.
pub(crate) async fn run(setting: Setting) -> Result<Figures, Report> {
    let simulators = Simulators {
        servers: setting.servers,
        stores: setting.calls.div_ceil(setting.servers),
        step: STEP,
        steps: setting.steps,
    };
    let mut fleet = Fleet::start(&simulators, None).await?;
    let batch = batch(&fleet, setting.calls, setting.limits);
    let begin = Instant::now();
    let engine = fleet.engine.clone();
    let work = async {
        let sent = engine.send("FleetRun", &batch.key(), "run", &batch).await?;
        engine.attach::<Results>(&sent.invocation_id).await
    };
    let work = tokio::time::timeout(LONGEST, work);
    let (results, pause) = if setting.kill {
        let (results, pause) = tokio::join!(work, interrupt(&mut fleet, setting.calls * 9 / 10));
        (results, Some(pause?))
    } else {
        (work.await, None)
    };
    let seconds = begin.elapsed().as_secs_f64();
    let results = results.map_err(|_| miette!("the job took more than {} seconds", LONGEST.as_secs()))??;
    let used = fleet.used()?;
    let sizes = sizes(&fleet.engine).await?;
    let size = |target: &str| sizes.get(target).copied().unwrap_or_default();
    let counted = fleet.counted().await?;
    check(setting, &results, &counted)?;
    let disk = fleet.end().await?;
    Ok(Figures {
        setting,
        counted,
        seconds,
        used,
        job: size("FleetRun/run"),
        workflows: size("MailCall/run"),
        requests: size("MailCall/settled"),
        disk,
        pause,
    })
}

/// Replaces the worker when this many calls were started. Returns how long no call was started.
async fn interrupt(fleet: &mut Fleet, starts: usize) -> Result<f64, Report> {
    while fleet.starts().await? < starts {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let begin = Instant::now();
    fleet.replace_worker().await?;
    let before = fleet.starts().await?;
    while fleet.starts().await? == before {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(begin.elapsed().as_secs_f64())
}

/// Fails if a call did not succeed, was started twice, or exceeded a limit. A kill leaves calls with unknown outcomes.
fn check(setting: Setting, results: &Results, counted: &Counted) -> Result<(), Report> {
    let succeeded = results.values().filter(|settled| settled.is_success()).count();
    let limits = setting.limits;
    let is_within = counted.most_overall <= limits.overall as usize
        && counted.most_per_server <= limits.per_server as usize;
    let is_complete = succeeded == setting.calls && counted.succeeded == setting.calls;
    if results.len() == setting.calls
        && counted.starts == counted.different
        && is_within
        && (is_complete || setting.kill)
    {
        return Ok(());
    }
    Err(miette!(
        "{succeeded} of {} calls succeeded, and the servers counted {counted:?}",
        setting.calls
    ))
}
