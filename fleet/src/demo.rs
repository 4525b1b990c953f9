//! `mailstore-fleet demo`: runs a sample job against simulated servers.

use std::fs;
use std::path::{self, Path, PathBuf};
use std::time::Duration;

use clap::Parser;
use jiff::Timestamp;
use mailstore_api::{Edition, ExposeSecret as _, Fingerprint};
use mailstore_profiles::{PasswordCommand, Pin, Profile, Profiles};
use mailstore_sim::Simulator;
use miette::{IntoDiagnostic as _, Report, miette};

use crate::api::{Addresses, Engine};
use crate::clients::Clients;
use crate::exit::{Failed, Outcome};
use crate::job::Job;
use crate::seeing::{Form, Selection};
use crate::{run, worker};

/// The user of the simulated servers, and their password if the environment has none.
const USER: &str = "admin";
const PASSWORD: &str = "admin";

/// The pause between two questions whether the worker is ready.
const PAUSE: Duration = Duration::from_millis(100);

/// The sample job.
const JOB: &str = include_str!("../examples/demo.toml");

/// Run a sample job against simulated servers on this machine. An engine must be running.
///
/// Starts the simulated servers and a worker, and stops them when the job has ended. Their profiles are in a temporary
/// folder, which is removed. Without `--logs`, this folder has the logs and the results as well.
#[derive(clap::Args)]
pub struct Arguments {
    /// The number of simulated servers. Every third one is a Service Provider Edition with two instances.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u8).range(1..=50))]
    servers: u8,
    /// The port of the worker on 127.0.0.1.
    #[arg(long, default_value_t = 9080)]
    port: u16,
    /// Write the logs and the results to this folder, and keep it.
    #[arg(long, value_name = "DIR")]
    logs: Option<PathBuf>,
    /// The form of the summary. With `json`, everything else is printed on standard error.
    #[arg(long, value_enum, default_value_t)]
    output: Form,
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
    let output = arguments.output;
    tell(output, &format!("Simulated servers: {}.", simulators.len()));
    let engine = Engine::new(arguments.engine.clone()).map_err(Failed::Work)?;
    if !engine.is_healthy().await {
        let report = miette!(
            help = "Start one in another terminal: `mailstore-fleet engine --dir DIR`.",
            "no engine answers at {}",
            arguments.engine.ingress
        );
        return Err(Failed::Work(report));
    }
    let worker = worker_arguments(folder.path(), &arguments).map_err(Failed::Work)?;
    let ended = tokio::select! {
        ended = worker::run(worker) => ended,
        ended = job(&engine, &arguments, folder.path()) => ended,
    };
    let starts: usize = simulators
        .iter()
        .map(|simulator| simulator.starts("VerifyStore"))
        .sum();
    tell(
        output,
        &format!("Starts that the simulated servers counted: {starts}."),
    );
    if arguments.logs.is_none() {
        tell(
            output,
            "The logs and the results are removed. `--logs DIR` keeps them.",
        );
    }
    ended
}

/// Prints a line on standard output, or on standard error if standard output gets JSON.
fn tell(form: Form, line: &str) {
    match form {
        Form::Table => mailstore_reach::say!("{line}"),
        Form::Json => mailstore_reach::warn!("{line}"),
    }
}

/// Runs the job in a window of its own, because an earlier demo had other servers.
async fn job(engine: &Engine, arguments: &Arguments, folder: &Path) -> Result<Outcome, Failed> {
    let (port, form) = (arguments.port, arguments.output);
    let mut job = Job::from_toml(JOB).map_err(|error| Failed::Work(miette!("{error}")))?;
    job.window.name = format!("demo-{}/{{job}}", Timestamp::now().as_second());
    if let Some(logs) = &arguments.logs {
        let logs = path::absolute(logs).into_diagnostic().map_err(Failed::Usage)?;
        job.logs = logs.display().to_string();
    }
    let clients = Clients::read(Some(folder)).map_err(Failed::Work)?;
    let expansion = run::expand(&job, &clients, None, false).await?;
    tell(form, &expansion.text());
    // Another worker does not have the profiles of the simulators.
    while !engine.has_worker(&format!("http://127.0.0.1:{port}")).await {
        tokio::time::sleep(PAUSE).await;
    }
    let batch = expansion.into_batch(&job, folder);
    let sent = run::start(engine, &batch).await?;
    let window = run::finish(engine, &sent, &batch.window, form).await?;
    let printed = form.print_window(&window, &Selection::default());
    printed.map_err(Failed::Work)?;
    Ok(window.outcome())
}

/// Starts the simulators and writes their profiles to a folder.
fn start(count: u8, folder: &Path) -> Result<Vec<Simulator>, Report> {
    // The worker uses the password of the environment for all profiles, if there is one. It is not written to a file.
    let of_environment = mailstore_reach::password_of_environment()?;
    let password_command = match of_environment {
        Some(_) => None,
        None => Some(command_for_password(folder)?),
    };
    let password = of_environment
        .as_ref()
        .map_or(PASSWORD, |password| password.expose_secret());
    let mut simulators = Vec::new();
    for number in 1..=count {
        let edition = if number % 3 == 0 {
            Edition::Spe
        } else {
            Edition::Server
        };
        let simulator = Simulator::builder(edition).credentials(USER, password).start();
        let simulator = simulator.into_diagnostic()?;
        let pin: Fingerprint = simulator
            .fingerprint()
            .parse()
            .map_err(|error| miette!("{error}"))?;
        let profile = Profile {
            address: simulator.url().to_owned(),
            edition,
            user: USER.to_owned(),
            ca: None,
            pins: vec![Pin(pin)],
            read_only: false,
            password_command: password_command.clone(),
            keyring: false,
            instance: None,
        };
        Profiles::in_folder(folder)?.store(&format!("sim-{number:02}"), &profile)?;
        simulators.push(simulator);
    }
    Ok(simulators)
}

/// Returns a command that prints the password of the simulators, which is no secret.
fn command_for_password(folder: &Path) -> Result<PasswordCommand, Report> {
    let path = folder.join("password");
    fs::write(&path, PASSWORD).into_diagnostic()?;
    PasswordCommand::of_words(vec!["cat".to_owned(), path.display().to_string()])
}

fn worker_arguments(folder: &Path, demo: &Arguments) -> Result<worker::Arguments, Report> {
    let (folder, port) = (folder.display().to_string(), demo.port.to_string());
    let Addresses { ingress, admin } = &demo.engine;
    let options = [
        ("--config", &folder),
        ("--port", &port),
        ("--ingress", ingress),
        ("--admin", admin),
    ];
    let words = options
        .into_iter()
        .flat_map(|(name, value)| [name, value.as_str()]);
    let worker = Worker::try_parse_from(["worker"].into_iter().chain(words)).into_diagnostic()?;
    let mut worker = worker.arguments;
    worker.is_quiet = demo.output == Form::Json;
    Ok(worker)
}
