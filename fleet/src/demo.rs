//! `mailstore-fleet demo`: runs a sample job against simulated servers.

use std::fs;
use std::path::Path;
use std::time::Duration;

use clap::Parser;
use jiff::Timestamp;
use mailstore_api::{Edition, Fingerprint};
use mailstore_profiles::{PasswordCommand, Pin, Profile, Profiles};
use mailstore_sim::Simulator;
use miette::{IntoDiagnostic as _, Report, miette};

use crate::api::{Addresses, Engine};
use crate::clients::Clients;
use crate::exit::{Failed, Outcome};
use crate::job::Job;
use crate::{run, worker};

/// The pause between two questions whether the worker is ready.
const PAUSE: Duration = Duration::from_millis(100);

/// The sample job.
const JOB: &str = include_str!("../examples/demo.toml");

/// Run a sample job against simulated servers on this machine. An engine must be running.
///
/// Starts the simulated servers and a worker, and stops them when the job has ended. Their profiles and the logs are in
/// a temporary folder, which is removed.
#[derive(clap::Args)]
pub struct Arguments {
    /// The number of simulated servers. Every third one is a Service Provider Edition with two instances.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u8).range(1..=50))]
    servers: u8,
    #[command(flatten)]
    engine: Addresses,
}

/// The options of the worker, as its command has them.
#[derive(Parser)]
struct Worker {
    #[command(flatten)]
    arguments: worker::Arguments,
}

/// Runs the sample job.
///
/// # Errors
/// A simulator cannot be started, or the engine cannot be reached.
pub async fn run(arguments: Arguments) -> Result<Outcome, Failed> {
    let folder = tempfile::Builder::new().prefix("mailstore-fleet-").tempdir();
    let folder = folder.into_diagnostic().map_err(Failed::Work)?;
    let simulators = start(arguments.servers, folder.path()).map_err(Failed::Work)?;
    mailstore_reach::say!("Started {} simulated servers.", simulators.len());
    let engine = Engine::new(arguments.engine.clone()).map_err(Failed::Work)?;
    if !engine.is_healthy().await {
        let report = miette!(
            help = "Start one in another terminal: `mailstore-fleet engine --dir DIR`.",
            "no engine answers at {}",
            arguments.engine.ingress
        );
        return Err(Failed::Work(report));
    }
    let worker = worker_arguments(folder.path(), &arguments.engine).map_err(Failed::Work)?;
    let ended = tokio::select! {
        ended = worker::run(worker) => ended,
        ended = job(&engine, folder.path()) => ended,
    };
    let starts: usize = simulators
        .iter()
        .map(|simulator| simulator.starts("VerifyStore"))
        .sum();
    mailstore_reach::say!("The simulated servers counted {starts} starts.");
    ended
}

/// Runs the job in a window of its own, because an earlier demo had other servers.
async fn job(engine: &Engine, folder: &Path) -> Result<Outcome, Failed> {
    let mut job = Job::from_toml(JOB).map_err(|error| Failed::Work(miette!("{error}")))?;
    job.window.name = format!("demo-{}/{{job}}", Timestamp::now().as_second());
    let clients = Clients::read(Some(folder)).map_err(Failed::Work)?;
    let expansion = run::expand(&job, &clients, None, false).await?;
    mailstore_reach::say!("{}", expansion.text());
    while !engine.has_workflow("FleetRun").await {
        tokio::time::sleep(PAUSE).await;
    }
    let results = run::submit(engine, &expansion.into_batch(&job, folder)).await?;
    let succeeded = results.values().filter(|settled| settled.is_success()).count();
    mailstore_reach::say!("{succeeded} of {} calls succeeded.", results.len());
    Ok(run::outcome(&results))
}

/// Starts the simulators and writes their profiles to a folder.
fn start(count: u8, folder: &Path) -> Result<Vec<Simulator>, Report> {
    let mut simulators = Vec::new();
    for number in 1..=count {
        let edition = if number % 3 == 0 {
            Edition::Spe
        } else {
            Edition::Server
        };
        let simulator = Simulator::builder(edition).start().into_diagnostic()?;
        let password = folder.join("password");
        fs::write(&password, simulator.password()).into_diagnostic()?;
        let words = vec!["cat".to_owned(), password.display().to_string()];
        let pin: Fingerprint = simulator
            .fingerprint()
            .parse()
            .map_err(|error| miette!("{error}"))?;
        let profile = Profile {
            address: simulator.url().to_owned(),
            edition,
            user: simulator.user().to_owned(),
            ca: None,
            pins: vec![Pin(pin)],
            read_only: false,
            password_command: Some(PasswordCommand::of_words(words)?),
            keyring: false,
            instance: None,
        };
        Profiles::in_folder(folder)?.store(&format!("sim-{number:02}"), &profile)?;
        simulators.push(simulator);
    }
    Ok(simulators)
}

fn worker_arguments(folder: &Path, engine: &Addresses) -> Result<worker::Arguments, Report> {
    let folder = folder.display().to_string();
    let words = [
        "worker",
        "--config",
        &folder,
        "--ingress",
        &engine.ingress,
        "--admin",
        &engine.admin,
    ];
    let worker = Worker::try_parse_from(words).into_diagnostic()?;
    Ok(worker.arguments)
}
