//! Compares the clients with other libraries. Run it with `cargo xtask bench`; `BENCHMARKS.md` explains the rows.

mod alloc;
mod bridge;
mod budget;
mod build;
mod caller;
mod calls;
mod children;
mod command;
mod cpu;
mod decode;
mod editions;
mod every_call;
mod fixed;
mod generate;
mod instructions;
mod operations;
mod part;
mod peer;
mod process;
mod provider;
mod row;
mod server;
mod sizes;
mod start;
mod table;
mod target;
mod tasks;

use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::budget::Budget;
use crate::row::{Report, Row};

#[global_allocator]
static ALLOCATOR: alloc::Counting = alloc::Counting;

/// Measure the clients and another library in one run, and print both figures with their ratio.
#[derive(Parser)]
#[command(bin_name = "cargo xtask bench")]
struct Arguments {
    /// The benchmark to run. Default: all benchmarks.
    name: Option<String>,
    /// Write the figures as JSON to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the table as Markdown to this file.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Fail if a figure is beyond its bound in the budget file.
    #[arg(long)]
    check: bool,
    /// The budget file. Default: `bench/budget.toml`.
    #[arg(long, value_name = "FILE")]
    budget: Option<PathBuf>,
    /// Check the figures in this JSON file instead of measuring.
    #[arg(long, value_name = "FILE", conflicts_with = "name")]
    from: Option<PathBuf>,
}

type Benchmark = fn() -> std::io::Result<Vec<Row>>;

const BENCHMARKS: [(&str, Benchmark); 10] = [
    ("decode", decode::run),
    ("instructions", instructions::run),
    ("calls", calls::run),
    ("tasks", tasks::run),
    ("start", start::run),
    ("command", command::run),
    ("build", build::run),
    ("generate", generate::run),
    ("bridge", bridge::run),
    ("operations", operations::run),
];

fn main() -> ExitCode {
    if let Some(outcome) = part::run() {
        return match outcome {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                complain(&error.to_string());
                ExitCode::FAILURE
            }
        };
    }
    run(&Arguments::parse()).unwrap_or_else(|error| {
        complain(&error.to_string());
        ExitCode::FAILURE
    })
}

/// Writes an error to standard error. A failure is ignored, because the exit code reports the error as well.
fn complain(error: &str) {
    let _ = writeln!(io::stderr(), "Error: {error}");
}

fn run(arguments: &Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let budget: Budget = match &arguments.budget {
        Some(file) => toml::from_str(&std::fs::read_to_string(file)?)?,
        None => toml::from_str(include_str!("../budget.toml"))?,
    };
    let report = match &arguments.from {
        Some(file) => serde_json::from_str(&std::fs::read_to_string(file)?)?,
        None => measure(arguments.name.as_deref())?,
    };
    // A closed standard output is not an error.
    let _ = writeln!(io::stdout(), "{}", report.table(&budget));
    if let Some(file) = &arguments.json {
        std::fs::write(file, serde_json::to_string_pretty(&report)?)?;
    }
    if let Some(file) = &arguments.markdown {
        std::fs::write(file, report.markdown(&budget))?;
    }
    let broken = budget.broken(&report);
    if !arguments.check || broken.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    for line in broken {
        complain(&line);
    }
    Ok(ExitCode::FAILURE)
}

fn measure(name: Option<&str>) -> Result<Report, Box<dyn Error>> {
    let mut rows = Vec::new();
    let chosen = |known: &str| name.is_none_or(|name| name == known);
    for (_, benchmark) in BENCHMARKS.iter().filter(|(known, _)| chosen(known)) {
        rows.extend(benchmark()?);
    }
    if rows.is_empty() {
        let known: Vec<&str> = BENCHMARKS.iter().map(|(name, _)| *name).collect();
        return Err(format!(
            "there is no benchmark with this name; the benchmarks are: {}",
            known.join(", ")
        )
        .into());
    }
    Ok(Report {
        machine: cpu::machine(),
        rows,
    })
}
