//! Measures jobs with a real engine, a worker and simulated servers, each in a process of its own on this machine.
//!
//! Prints tables in Markdown. Needs Linux, and npm to install the engine for the first time.

mod hour;
mod journal;
mod processes;
mod run;
mod servers;
mod simulators;
mod size;
mod table;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mailstore_fleet::call::Limits;
use mailstore_fleet::{exit, signals, worker};
use miette::{Report, miette};

use crate::run::{Setting, run};
use crate::simulators::Simulators;

/// Measure jobs against simulated servers.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run jobs of these sizes, one after the other.
    Jobs(Jobs),
    /// Follow one running call in many slices.
    Slices(Slices),
    /// Begin jobs of these sizes, kill the worker, and see whether they go on. They are not run to their end.
    Sizes(Sizes),
    #[command(hide = true)]
    Simulators(Simulators),
    #[command(hide = true)]
    Worker(worker::Arguments),
}

#[derive(clap::Args)]
struct Jobs {
    /// The numbers of calls.
    #[arg(long, value_delimiter = ',', default_value = "500", value_parser = clap::value_parser!(u32).range(1..=20_000))]
    calls: Vec<u32>,
    /// The number of simulated servers.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=200))]
    servers: u32,
    /// How many calls may run at the same time.
    #[arg(long, default_value_t = 8)]
    overall: u32,
    /// How many calls may run at the same time on one server.
    #[arg(long, default_value_t = 2)]
    per_server: u32,
    /// How often each job is run. The row is the one with the median time.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=9))]
    repeat: u32,
    /// How many steps of 50 ms a simulated call has.
    #[arg(long, default_value_t = 2)]
    steps: usize,
    /// Kill the worker when nine tenths of the calls were started, and start another one.
    #[arg(long)]
    kill: bool,
}

#[derive(clap::Args)]
struct Sizes {
    /// The numbers of calls.
    #[arg(long, value_delimiter = ',', default_value = "20000", value_parser = clap::value_parser!(u32).range(1..=200_000))]
    calls: Vec<u32>,
}

#[derive(clap::Args)]
struct Slices {
    /// The number of slices.
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=1000))]
    count: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    let measured = match Arguments::parse().command {
        Command::Simulators(simulators) => simulators.serve().await,
        Command::Worker(arguments) => return exit::end(worker::run(arguments).await),
        Command::Jobs(jobs) => until_stopped(measure(jobs)).await,
        Command::Sizes(sizes) => until_stopped(begin(sizes)).await,
        Command::Slices(slices) => until_stopped(follow(slices)).await,
    };
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(report) => {
            mailstore_reach::warn!("{report:?}");
            ExitCode::FAILURE
        }
    }
}

/// Ends the work when the process is told to stop. The processes that it started end with it.
async fn until_stopped(work: impl Future<Output = Result<(), Report>>) -> Result<(), Report> {
    tokio::select! {
        result = work => result,
        () = signals::stopped()? => Err(miette!("the measurement was stopped")),
    }
}

async fn measure(jobs: Jobs) -> Result<(), Report> {
    let mut rows = Vec::new();
    for calls in &jobs.calls {
        let setting = Setting {
            calls: *calls as usize,
            servers: jobs.servers as usize,
            limits: Limits {
                overall: jobs.overall,
                per_server: jobs.per_server,
            },
            steps: jobs.steps,
            kill: jobs.kill,
        };
        let mut runs = Vec::new();
        for _ in 0..jobs.repeat {
            runs.push(run(setting).await?);
        }
        runs.sort_by(|one, other| one.seconds.total_cmp(&other.seconds));
        rows.push(runs.swap_remove(runs.len() / 2));
    }
    mailstore_reach::say!("{}", table::of_jobs(&rows));
    Ok(())
}

async fn begin(sizes: Sizes) -> Result<(), Report> {
    for calls in sizes.calls {
        mailstore_reach::say!("{}", size::begin(calls as usize).await?);
    }
    Ok(())
}

async fn follow(slices: Slices) -> Result<(), Report> {
    let growth = hour::run(slices.count).await?;
    mailstore_reach::say!("{}", table::of_slices(growth));
    Ok(())
}
