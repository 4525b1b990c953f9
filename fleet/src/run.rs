//! `mailstore-fleet run`: starts a job and waits for its end.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use miette::{Context as _, IntoDiagnostic as _, Report, miette};
use serde::de::IgnoredAny;

use crate::api::{Addresses, Engine, Sent};
use crate::call::Batch;
use crate::clients::Clients;
use crate::continued::continue_window;
use crate::exit::{Failed, Outcome};
use crate::job::{Catalogs, Expansion, Job, list};
use crate::seeing::{Form, SeenWindow, Selection};
use crate::signals::stopped;
use crate::status::read;
use crate::terms::{TERMS, Terms};
use crate::together::warn_if_too_many;
use crate::watch::{Display, follow, goes_on};

/// How many calls are named that the window does not have.
const OTHERS_SHOWN: usize = 10;

/// Start a job and wait for its end. A window that was started before is not started again.
#[derive(clap::Args)]
pub struct Arguments {
    /// The file with the job.
    #[arg(value_name = "JOB.toml")]
    job: PathBuf,
    /// Show every call and start nothing. The servers are only asked for their instances and stores.
    #[arg(long)]
    dry_run: bool,
    /// The form of the summary, or of the calls of `--dry-run`.
    #[arg(long, value_enum, default_value_t)]
    output: Form,
    /// The date on which the window opens, in place of the current window. It continues an earlier night.
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<Date>,
    /// Continue a window whose job has ended: start the calls that it has not started. A call that was sent is never sent
    /// again by this. A window that was not started is started.
    #[arg(long = "continue", conflicts_with = "dry_run")]
    continues: bool,
    /// Allow a function that may delete data or lock users out, if the job allows it as well.
    #[arg(long)]
    allow_destructive: bool,
    /// The folder with the profiles, in place of the usual one.
    #[arg(long, value_name = "DIR", env = "MAILSTORE_CONFIG")]
    config: Option<PathBuf>,
    #[command(flatten)]
    engine: Addresses,
}

/// Runs a job, or shows its calls.
///
/// # Errors
/// The job is wrong, or the engine cannot be reached.
pub async fn run(arguments: Arguments) -> Result<Outcome, Failed> {
    let (job, folder) = read_job(&arguments.job).map_err(Failed::Usage)?;
    let clients = Clients::read(arguments.config.as_deref()).map_err(Failed::Usage)?;
    let expansion = expand(&job, &clients, arguments.date, arguments.allow_destructive).await?;
    if arguments.dry_run {
        let text = match arguments.output {
            Form::Table => expansion.text(),
            Form::Json => expansion.json(),
        };
        mailstore_reach::print(&text)
            .into_diagnostic()
            .map_err(Failed::Work)?;
        return Ok(expansion.outcome());
    }
    for skipped in &expansion.not_called {
        mailstore_reach::warn!("{skipped}");
    }
    if let Some(held_back) = &expansion.held_back {
        mailstore_reach::warn!("{held_back}");
    }
    let planned = expansion.outcome();
    if expansion.calls.is_empty() {
        // The window would be used up, and its next run would call nothing.
        mailstore_reach::warn!("There is nothing to call, so the window is not started.");
        return Ok(planned);
    }
    let engine = Engine::new(arguments.engine).map_err(Failed::Work)?;
    let mut batch = expansion.into_batch(&job, &folder);
    if arguments.continues {
        continue_window(&engine, &mut batch).await.map_err(Failed::Work)?;
    }
    let window = if batch.calls.is_empty() && arguments.continues {
        mailstore_reach::warn!("No call of this window is left to start.");
        read(&engine, &batch.window).await?
    } else {
        let stop = stopped().map_err(Failed::Work)?;
        // Without the sum, the job still starts.
        let _ = warn_if_too_many(&engine, &batch).await;
        let sent = start(&engine, &batch).await?;
        tokio::select! {
            window = finish(&engine, &sent, &batch.window, arguments.output) => window?,
            () = stop => return Err(Failed::Work(goes_on(&batch.window))),
        }
    };
    // A later round has the calls of its own only.
    let misses = batch.round == 1 && report_others(&batch, &window);
    let printed = arguments.output.print_window(&window, &Selection::default());
    printed.map_err(Failed::Work)?;
    let missed = if misses { Outcome::Failed } else { Outcome::Nothing };
    Ok(window.outcome().max(planned).max(missed))
}

/// Reads a job. Returns it with the folder that its relative paths begin in.
fn read_job(path: &Path) -> Result<(Job, PathBuf), Report> {
    let shown = path.display();
    let text = fs::read_to_string(path).into_diagnostic();
    let text = text.wrap_err_with(|| format!("cannot read {shown}"))?;
    let job = Job::from_toml(&text).map_err(|error| miette!("{shown} is not a valid job:\n{error}"))?;
    let absolute = std::path::absolute(path).into_diagnostic()?;
    let folder = absolute.parent().unwrap_or(Path::new("/")).to_owned();
    Ok((job, folder))
}

/// Checks a job and makes its calls. The servers are only asked for their instances and stores.
///
/// # Errors
/// The job is wrong.
pub async fn expand(
    job: &Job,
    clients: &Clients,
    date: Option<Date>,
    allow_destructive: bool,
) -> Result<Expansion, Failed> {
    let wrong = |error| Failed::Usage(miette!("the job cannot be run:\n{error}"));
    let catalogs = Catalogs::built_in().map_err(Failed::Work)?;
    let known = clients.known().map_err(Failed::Usage)?;
    let night = match date {
        Some(date) => job.window.on(&job.name, date),
        None => job.window.at(&job.name, Timestamp::now()),
    };
    let night = night.map_err(|problem| wrong(problem.into()))?;
    let servers = job.check(&known, &catalogs, allow_destructive).map_err(wrong)?;
    let listed = list(&servers, async |name: &str| clients.reader(name).await).await;
    job.expand(&servers, &listed, night).map_err(wrong)
}

/// Starts a job in its window, unless it was started before. Says what of the job has no effect, because the window was
/// started with another one.
///
/// # Errors
/// The engine cannot be reached.
pub async fn start(engine: &Engine, batch: &Batch) -> Result<Sent, Failed> {
    let sent = engine
        .send("FleetRun", &batch.key(), "run", batch)
        .await
        .map_err(Failed::Work)?;
    let window = mailstore_reach::printable(&batch.window);
    if sent.existed() {
        mailstore_reach::warn!("The window {window} was started before, so nothing is started again.");
        if batch.round == 1
            && let Some(differences) = differences(engine, batch).await
        {
            mailstore_reach::warn!(
                "This job differs from the one with which the window was started: {differences}. The first one counts."
            );
        }
        mailstore_reach::warn!(
            "If its job has ended, `--continue` starts the calls that it has not started."
        );
    } else {
        mailstore_reach::warn!("Started the window {window}. Calls: {}.", batch.calls.len());
    }
    Ok(sent)
}

/// Returns what differs between a job and the one with which its window was started.
async fn differences(engine: &Engine, batch: &Batch) -> Option<String> {
    // The window has none if no worker has begun it yet.
    let terms: Terms = engine.state("FleetRun", &batch.key(), TERMS).await.ok()??;
    let differences = Terms::of(batch).differences(&terms);
    (!differences.is_empty()).then(|| differences.join(", "))
}

/// Names the calls of a job that its window does not have. Returns whether there is one.
fn report_others(batch: &Batch, window: &SeenWindow) -> bool {
    let called: BTreeSet<&str> = window.calls.iter().map(|call| call.key.as_str()).collect();
    let others: Vec<&str> = batch
        .calls
        .iter()
        .map(|call| call.key.as_str())
        .filter(|key| !called.contains(key))
        .collect();
    for key in others.iter().take(OTHERS_SHOWN) {
        mailstore_reach::warn!("Not called: {}", mailstore_reach::printable(key));
    }
    if !others.is_empty() {
        mailstore_reach::warn!(
            "Calls of this job that are not called, because the window was started without them: {}. \
             Give the job a window of its own.",
            others.len()
        );
    }
    !others.is_empty()
}

/// Waits until a job ends, also while the engine is away. Shows what happens on a terminal, and otherwise only problems.
/// Returns the window of the job.
///
/// # Errors
/// The engine no longer knows the window.
pub async fn finish(engine: &Engine, sent: &Sent, window: &str, form: Form) -> Result<SeenWindow, Failed> {
    let display = Display::of_problems(form);
    tokio::select! {
        // This fails if a person ends the job at the engine. Its calls are followed then.
        Ok(_) = engine.attach::<IgnoredAny>(&sent.invocation_id) => read(engine, window).await,
        window = follow(engine, window, &display, true) => window,
    }
}
