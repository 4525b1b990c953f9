//! `mailstore sim`: starts a simulated server, to try the other commands.

use mailstore_reach::Edition;
use mailstore_sim::Simulator;
use miette::IntoDiagnostic as _;

use crate::exit::Failed;
use crate::wait;

/// Start a simulated server on this machine and print commands to try. Ctrl-C stops it.
///
/// It invents its results. Its state is in memory and is lost when it stops.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The product to simulate.
    #[arg(long, value_parser = mailstore_reach::edition_parser(), default_value = "server")]
    edition: Edition,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let edition = arguments.edition;
    let simulator = Simulator::builder(edition)
        .start()
        .into_diagnostic()
        .map_err(Failed::work)?;
    let options = format!(
        "--server {} --edition {} --pin {}",
        simulator.url(),
        edition.as_str(),
        simulator.fingerprint()
    );
    mailstore_reach::say!(
        "A simulated {} is running at {} until you press Ctrl-C. Its user and password are `{}`. Try in another terminal:\n",
        edition.title(),
        simulator.url(),
        simulator.user()
    );
    let instance = if edition == Edition::Spe {
        " instanceID=demo"
    } else {
        ""
    };
    for command in [
        format!("call {options} {}", edition.info_function()),
        format!("call {options} GetUsers{instance}"),
        format!("call {options} VerifyStore id=1 includeIndexes=false{instance}"),
    ] {
        mailstore_reach::say!("MAILSTORE_PASSWORD={} mailstore {command}", simulator.password());
    }
    wait::runtime()?
        .block_on(tokio::signal::ctrl_c())
        .into_diagnostic()
        .map_err(Failed::work)
}
