//! The process with the simulated servers. It answers questions on its standard input, and ends with it.

use std::io::{self, BufRead as _, Write as _};
use std::time::Duration;

use mailstore_sim::{Edition, Simulator};
use miette::{IntoDiagnostic as _, Report};
use serde::{Deserialize, Serialize};

use crate::servers::{Counted, FUNCTION, add_stores};

/// The password of the simulated servers, which is no secret.
pub(crate) const PASSWORD: &str = "measured";

/// The address of a simulated server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Address {
    pub(crate) url: String,
    pub(crate) pin: String,
}

/// Run simulated servers.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Simulators {
    /// How many servers are simulated.
    #[arg(long)]
    pub(crate) servers: usize,
    /// How many stores each of them has.
    #[arg(long)]
    pub(crate) stores: usize,
    /// The time of a step of a call, in milliseconds.
    #[arg(long)]
    pub(crate) step: u64,
    /// The number of steps of a call.
    #[arg(long)]
    pub(crate) steps: usize,
}

impl Simulators {
    /// Returns the words of the command line of this process.
    pub(crate) fn words(&self) -> Vec<String> {
        let Self {
            servers,
            stores,
            step,
            steps,
        } = self;
        let words = format!("simulators --servers {servers} --stores {stores} --step {step} --steps {steps}");
        words.split(' ').map(str::to_owned).collect()
    }

    /// Runs the servers until the standard input ends.
    pub(crate) async fn serve(&self) -> Result<(), Report> {
        let mut simulators = Vec::new();
        for _ in 0..self.servers {
            let simulator = Simulator::builder(Edition::Server)
                .credentials("admin", PASSWORD)
                .step(Duration::from_millis(self.step))
                .steps(self.steps)
                .start()
                .into_diagnostic()?;
            add_stores(&simulator, self.stores).await;
            simulators.push(simulator);
        }
        let address = |simulator: &Simulator| Address {
            url: simulator.url().to_owned(),
            pin: simulator.fingerprint().to_owned(),
        };
        say(&simulators.iter().map(address).collect::<Vec<_>>())?;
        for line in io::stdin().lock().lines() {
            match line.into_diagnostic()?.as_str() {
                "starts" => say(&simulators.iter().map(|one| one.starts(FUNCTION)).sum::<usize>())?,
                _ => say(&Counted::of(&simulators))?,
            }
        }
        Ok(())
    }
}

fn say(answer: &impl Serialize) -> Result<(), Report> {
    let mut output = io::stdout().lock();
    let text = serde_json::to_string(answer).into_diagnostic()?;
    writeln!(output, "{text}").into_diagnostic()?;
    output.flush().into_diagnostic()
}
