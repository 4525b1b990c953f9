//! `mailstore-fleet cancel`: cancels a job or one call, also at the server.

use std::collections::BTreeSet;
use std::time::Duration;

use mailstore_api::printable;
use miette::{Report, miette};
use tokio::time::{Instant, sleep};

use crate::advice::decide_command;
use crate::api::{Addresses, Engine};
use crate::call::Call;
use crate::exit::{Failed, Outcome};
use crate::known::{KnownCall, KnownRun, Workflow, call_key, window_of};
use crate::order::Order;
use crate::seeing::unknown_window;

/// The shortest pause between two questions whether the calls have ended. It is longer if the engine needs long to answer.
const PAUSE: Duration = Duration::from_millis(300);

/// The pause between two questions whether a worker answers.
const WORKER_PAUSE: Duration = Duration::from_secs(15);

/// Cancel a job, or one call of it: calls that wait are not started, and calls that run are cancelled at their servers.
///
/// Waits until the calls have ended. A call whose outcome is unknown cannot be cancelled: it needs `decide`.
#[derive(clap::Args)]
pub struct Arguments {
    /// The window of the job, such as `2026-11-27/verify`.
    #[arg(value_name = "WINDOW", required_unless_present = "call")]
    window: Option<String>,
    /// Cancel this call only.
    #[arg(long, value_name = "KEY", conflicts_with = "window")]
    call: Option<String>,
    /// Do not wait until the calls have ended.
    #[arg(long)]
    no_wait: bool,
    #[command(flatten)]
    engine: Addresses,
}

/// Cancels a job or a call.
///
/// # Errors
/// The engine does not know it or cannot be reached, or no worker answers.
pub async fn run(arguments: Arguments) -> Result<Outcome, Failed> {
    let engine = Engine::new(arguments.engine).map_err(Failed::Work)?;
    let has_worker = engine.reaches_worker().await.map_err(Failed::Work)?;
    let cancelling = Cancelling {
        engine: &engine,
        has_worker,
        waits: !arguments.no_wait,
    };
    match (arguments.call, arguments.window) {
        (Some(key), _) => cancelling.call(&key).await,
        (None, window) => cancelling.window(&window.unwrap_or_default()).await,
    }
}

/// What became of a call whose workflow did not exist.
enum Withdrawn {
    /// Its workflow ends at once.
    Now,
    /// The job began it meanwhile.
    Begun(Box<KnownCall>),
    /// The job ended without it.
    NotNeeded,
}

/// A cancellation that is under way.
struct Cancelling<'a> {
    engine: &'a Engine,
    has_worker: bool,
    waits: bool,
}

impl Cancelling<'_> {
    /// Cancels one call.
    async fn call(&self, key: &str) -> Result<Outcome, Failed> {
        match self.engine.known_call(key).await.map_err(Failed::Work)? {
            Some(known) if known.completed => {
                mailstore_reach::say!(
                    "{} had ended before: {}.",
                    printable(&known.key),
                    known.described()
                );
                return Ok(Outcome::Nothing);
            }
            Some(known) if known.is_unknown() => {}
            Some(known) => self.ask(&known).await.map_err(Failed::Work)?,
            None => match self.withdraw(key).await? {
                Withdrawn::Now => {}
                Withdrawn::Begun(known) => self.ask(&known).await.map_err(Failed::Work)?,
                Withdrawn::NotNeeded => return Ok(Outcome::Nothing),
            },
        }
        let keys = BTreeSet::from([call_key(key).to_owned()]);
        let read = async |engine: &Engine| {
            let known = engine.known_call(key).await?;
            Ok(known.into_iter().collect())
        };
        let has_ended = async |engine: &Engine| {
            let known = engine.known_call(key).await?;
            Ok(known.is_none_or(|call| call.completed || call.is_unknown()))
        };
        self.wait(&keys, has_ended, read).await
    }

    /// Cancels a call that its job has not begun: its workflow is begun here, so that the job finds it ended.
    async fn withdraw(&self, key: &str) -> Result<Withdrawn, Failed> {
        let unknown = || {
            Failed::Usage(miette!(
                help = "A key has five parts with colons between them. `mailstore-fleet run JOB.toml` attaches to a window, and `cancel WINDOW` cancels all of it.",
                "the engine knows no call `{}`",
                printable(key)
            ))
        };
        let key = call_key(key);
        let window = window_of(key).ok_or_else(unknown)?;
        let run = self.engine.last_run(window).await.map_err(Failed::Work)?;
        let run = run.ok_or_else(unknown)?;
        let batch = self.engine.batch(&run).await.map_err(Failed::Work)?;
        let call = batch
            .calls
            .iter()
            .find(|call| call.key == key)
            .ok_or_else(unknown)?;
        if run.completed {
            mailstore_reach::say!(
                "{} was not started, and its job has ended. `run --continue` would start it.",
                printable(key)
            );
            return Ok(Withdrawn::NotNeeded);
        }
        let order = Order {
            call: call.clone(),
            per_server: batch.limits.per_server,
            closes: None,
            logs: batch.logs.clone(),
            round: 1,
            withdrawn: true,
        };
        // If the job begins the call at the same time, the engine keeps one of the two workflows. Both have this key.
        let sent = self.engine.send("MailCall", key, "run", &order).await;
        let sent = sent.map_err(Failed::Work)?;
        if !sent.existed() {
            return Ok(Withdrawn::Now);
        }
        Ok(Withdrawn::Begun(Box::new(KnownCall {
            key: key.to_owned(),
            invocation: sent.invocation_id,
            completed: false,
            status: None,
            workflow: Workflow::default(),
        })))
    }

    /// Cancels all calls of a window.
    async fn window(&self, window: &str) -> Result<Outcome, Failed> {
        let run = self.engine.last_run(window).await.map_err(Failed::Work)?;
        let Some(run) = run else {
            return Err(unknown_window(self.engine, window).await);
        };
        let begun = self.engine.calls(window).await.map_err(Failed::Work)?;
        if run.completed && begun.iter().all(|call| call.completed) {
            mailstore_reach::say!(
                "The job in {} had ended before, with all its calls.",
                printable(window)
            );
            return Ok(Outcome::Nothing);
        }
        let batch = self.engine.batch(&run).await.map_err(Failed::Work)?;
        // The job may end meanwhile.
        let cancels = !run.completed && self.engine.cancel(&run.invocation).await.map_err(Failed::Work)?;
        let is_open = |call: &&KnownCall| !call.completed && !call.is_unknown();
        for call in begun.iter().filter(is_open) {
            // The job cancels its calls. It does not know a call that was sent again after a decision.
            let again = call.status.as_ref().is_some_and(|status| status.attempt > 1);
            if !cancels || again {
                self.ask(call).await.map_err(Failed::Work)?;
            }
        }
        let ended = begun.iter().filter(|call| call.completed);
        let before: BTreeSet<&str> = ended.map(KnownCall::call_key).collect();
        let planned = batch.calls.iter().map(|call: &Call| call.key.as_str());
        let begun = begun.iter().map(KnownCall::call_key);
        let keys = planned.chain(begun).filter(|key| !before.contains(key));
        let keys: BTreeSet<String> = keys.map(str::to_owned).collect();
        if !before.is_empty() {
            mailstore_reach::say!("Calls that had ended before: {}.", before.len());
        }
        let has_ended = async |engine: &Engine| {
            let run = engine.last_run(window).await?;
            if run.is_some_and(|run: KnownRun| !run.completed) {
                return Ok(false);
            }
            let open = engine.open_calls(window).await?;
            Ok(open.iter().all(KnownCall::is_unknown))
        };
        let read = async |engine: &Engine| engine.calls(window).await;
        self.wait(&keys, has_ended, read).await
    }

    /// Cancels the workflow of a call, and then asks its server.
    async fn ask(&self, known: &KnownCall) -> Result<(), Report> {
        // The call may have ended meanwhile.
        let is_open = self.engine.cancel(&known.invocation).await?;
        if is_open && self.has_worker {
            let call = self.engine.call_of(known).await?;
            self.engine
                .send("MailCall", &known.key, "cancel_at_server", &call)
                .await?;
        }
        Ok(())
    }

    /// Waits until all of these calls have ended or are unknown, which `has_ended` finds out, and says what happened to
    /// them. `read` returns the calls.
    async fn wait(
        &self,
        keys: &BTreeSet<String>,
        has_ended: impl AsyncFn(&Engine) -> Result<bool, Report>,
        read: impl AsyncFn(&Engine) -> Result<Vec<KnownCall>, Report>,
    ) -> Result<Outcome, Failed> {
        if !self.has_worker {
            return Err(Failed::Work(miette!(
                help = "Start a worker with `mailstore-fleet worker`. Calls that run go on at their servers until then.",
                "no worker answers: the engine has kept the cancellation, and it is carried out when a worker is back"
            )));
        }
        if !self.waits {
            mailstore_reach::say!("The engine has kept the cancellation.");
            return Ok(Outcome::Nothing);
        }
        let mut asked = Instant::now();
        loop {
            let began = Instant::now();
            if has_ended(self.engine).await.map_err(Failed::Work)? {
                let calls = read(self.engine).await.map_err(Failed::Work)?;
                let calls: Vec<&KnownCall> = calls
                    .iter()
                    .filter(|call| keys.contains(call.call_key()))
                    .collect();
                return Ok(report(keys, &calls));
            }
            let pause = PAUSE.max(began.elapsed() * 4);
            if asked.elapsed() > WORKER_PAUSE {
                asked = Instant::now();
                if !self.engine.reaches_worker().await.map_err(Failed::Work)? {
                    mailstore_reach::warn!(
                        "No worker answers. The calls are cancelled when a worker is back."
                    );
                }
            }
            sleep(pause).await;
        }
    }
}

/// Says what happened to each call. Returns how the command ends.
fn report(keys: &BTreeSet<String>, calls: &[&KnownCall]) -> Outcome {
    let mut outcome = Outcome::Nothing;
    for call in calls {
        let key = printable(&call.key);
        if call.is_unknown() {
            outcome = Outcome::Unknown;
            mailstore_reach::say!("{key}: its outcome is unknown, so it cannot be cancelled.");
            mailstore_reach::warn!(
                "`{}` says how to find out what happened.",
                decide_command(&call.key)
            );
        } else {
            mailstore_reach::say!("{key}: {}.", call.described());
        }
    }
    let not_begun = keys.len().saturating_sub(calls.len());
    if not_begun > 0 {
        mailstore_reach::say!("Calls that were waiting for their turn, and are not started: {not_begun}.");
    }
    outcome
}
