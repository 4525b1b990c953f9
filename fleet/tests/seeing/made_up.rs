//! Windows that no engine has seen.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan as _};
use mailstore_fleet::call::{Batch, Call, CallEffect, Limits, OnFailure, StartSpan, Target};
use mailstore_fleet::known::{KnownCall, KnownRun, Workflow};
use mailstore_fleet::outcome::{Ended, Outcome, Phase, Results, Settled, Status};
use mailstore_fleet::seeing::{Read, SeenWindow};
use mailstore_fleet::trouble::{Stuck, Trouble};

/// The window of the calls.
pub(crate) const WINDOW: &str = "2026-11-27/verify";

/// The address of the engine's administration.
pub(crate) const ADMIN: &str = "http://127.0.0.1:9070";

/// Returns a time after the start of the window.
pub(crate) fn after(seconds: i64) -> Timestamp {
    let start: Timestamp = "2026-11-27T21:00:00Z".parse().unwrap();
    start + seconds.seconds()
}

/// Returns a call of a profile in a wave.
pub(crate) fn call(profile: &str, instance: Option<&str>, effect: CallEffect, wave: u32) -> Call {
    let target = Target {
        profile: profile.to_owned(),
        server: format!("https://{profile}.example.com:8474"),
        instance: instance.map(str::to_owned),
    };
    Call::new(WINDOW, target, "VerifyStore", [].into(), effect, wave)
}

/// Returns a status in a phase.
pub(crate) fn status(phase: Phase) -> Status {
    Status {
        phase,
        reason: None,
        percent: None,
        log_bytes: 0,
        log: 1,
        attempt: 1,
        sent: Some(after(10)),
        outcome: None,
    }
}

/// Returns the status of a call that ended.
pub(crate) fn ended(outcome: Outcome, reason: Option<&str>, log_bytes: u64) -> Status {
    Status {
        outcome: Some(outcome),
        reason: reason.map(str::to_owned),
        log_bytes,
        ..status(Phase::Ended)
    }
}

/// Returns a call whose workflow was begun.
pub(crate) fn begun(call: &Call, status: Status) -> KnownCall {
    let completed = status.phase == Phase::Ended;
    KnownCall {
        key: call.key.clone(),
        invocation: "inv_1".to_owned(),
        completed,
        status: Some(status),
        workflow: Workflow {
            begun: Some(after(5)),
            ended: completed.then(|| after(3700)),
            ..Workflow::default()
        },
    }
}

/// Returns a job.
pub(crate) fn batch(calls: Vec<Call>) -> Batch {
    Batch {
        window: WINDOW.to_owned(),
        calls,
        limits: Limits {
            overall: 8,
            per_server: 2,
        },
        on_failure: OnFailure::Continue,
        starts: Some(StartSpan {
            opens: after(0),
            closes: after(8 * 3600),
        }),
        logs: "/logs".to_owned(),
        round: 1,
        left_out: 0,
    }
}

/// Returns a workflow of the window.
pub(crate) fn run(round: u32, completed: bool) -> KnownRun {
    KnownRun {
        window: WINDOW.to_owned(),
        invocation: format!("inv_run_{round}"),
        round,
        completed,
        workflow: Workflow {
            begun: Some(after(-600)),
            ended: completed.then(|| after(4000)),
            ..Workflow::default()
        },
    }
}

/// Returns a window with one job.
pub(crate) fn window(
    calls: Vec<Call>,
    known: Vec<KnownCall>,
    results: Results,
    completed: bool,
) -> SeenWindow {
    let read = Read {
        runs: vec![run(1, completed)],
        batches: vec![Some(Arc::new(batch(calls)))],
        results: Arc::new(results),
        calls: known,
        admin: ADMIN.to_owned(),
    };
    SeenWindow::new(WINDOW, read, after(60))
}

/// Returns the trouble of a workflow whose worker is away.
pub(crate) fn no_worker() -> Trouble {
    Trouble {
        state: Stuck::Retrying,
        reason: "no worker answers".to_owned(),
    }
}

/// Returns a window that runs, with a call in each stage.
pub(crate) fn running() -> SeenWindow {
    let change = |profile: &str, wave| call(profile, None, CallEffect::Change, wave);
    let calls = vec![
        change("berlin", 0),
        change("bonn", 1),
        call("cloud", Some("cust-001"), CallEffect::Read, 1),
        change("dresden", 1),
        change("essen", 1),
        change("halle", 1),
        change("jena", 1),
        change("kiel", 2),
    ];
    let mut known = vec![
        begun(&calls[0], ended(Outcome::Succeeded, None, 2048)),
        begun(
            &calls[1],
            ended(Outcome::Failed, Some("the server reported a failure"), 555),
        ),
        begun(
            &calls[2],
            Status {
                percent: Some(41.6),
                log_bytes: 1_500_000,
                log: 2,
                sent: None,
                ..status(Phase::Running)
            },
        ),
        begun(
            &calls[3],
            Status {
                reason: Some(
                    "the worker or the engine was stopped while the call was being started".to_owned(),
                ),
                attempt: 2,
                ..status(Phase::Unknown)
            },
        ),
        begun(&calls[4], status(Phase::Waiting)),
        begun(&calls[5], status(Phase::Running)),
        begun(&calls[6], status(Phase::Running)),
    ];
    known[5].workflow.trouble = Some(no_worker());
    known[6].completed = true;
    known[6].workflow.failure = Some("killed".to_owned());
    window(calls, known, Results::new(), false)
}

/// Returns a window that has ended, because a call failed.
pub(crate) fn stopped() -> SeenWindow {
    let change = |number: usize| call(&format!("p{number:02}"), None, CallEffect::Change, 0);
    let calls: Vec<Call> = (0..25).map(change).collect();
    let known = vec![
        begun(&calls[0], ended(Outcome::Succeeded, None, 100)),
        begun(
            &calls[1],
            ended(Outcome::Failed, Some("the server reported a failure"), 200),
        ),
    ];
    let skipped = |call: &Call| {
        let ended = Ended::without_log(Outcome::Skipped, "another call failed");
        (call.key.clone(), Settled::Ended(ended))
    };
    let results = calls[2..].iter().map(skipped).collect();
    window(calls, known, results, true)
}
