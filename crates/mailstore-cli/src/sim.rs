//! `mailstore sim`: starts a simulated server, to try the other commands.

use std::fs;
use std::path::Path;

use mailstore_api::Fingerprint;
use mailstore_profiles::{PasswordCommand, Pin, Profile, Profiles};
use mailstore_reach::Edition;
use mailstore_sim::Simulator;
use miette::{IntoDiagnostic as _, miette};
use tempfile::TempDir;

use crate::exit::Failed;
use crate::{stopped, wait};

/// Start a simulated server on this machine and print commands to try. Ctrl-C stops it.
///
/// It invents its results. Its state is in memory and is lost when it stops. The printed commands use a profile in a
/// temporary folder, which is removed when it stops.
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
    let folder = tempfile::Builder::new()
        .prefix("mailstore-")
        .tempdir()
        .into_diagnostic()
        .map_err(Failed::work)?;
    create_profile(&simulator, folder.path())?;
    wait::runtime()?.block_on(async {
        // The signals are handled before the first line is printed, because a reader may react to it at once.
        let stopped = stopped::listen().await?;
        show(&simulator, &folder);
        stopped.await;
        Ok(())
    })
}

/// Prints the commands to try.
fn show(simulator: &Simulator, folder: &TempDir) {
    let edition = simulator.edition();
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
        format!("call {}", edition.info_function()),
        format!("call GetUsers{instance}"),
        format!("call VerifyStore id=1 includeIndexes=false{instance}"),
    ] {
        mailstore_reach::say!("{}", with_folder(folder, &command));
    }
}

/// Returns a command for a shell of this system, with the folder of the profile.
fn with_folder(folder: &TempDir, command: &str) -> String {
    let folder = folder.path().display().to_string();
    if cfg!(windows) {
        let quoted = folder.replace('\'', "''");
        return format!("$env:MAILSTORE_CONFIG='{quoted}'; mailstore {command}");
    }
    let quoted = shlex::try_quote(&folder).unwrap_or_default();
    format!("MAILSTORE_CONFIG={quoted} mailstore {command}")
}

/// Creates a profile for the simulator. Its password is in a file beside it, because it is no secret.
fn create_profile(simulator: &Simulator, folder: &Path) -> Result<(), Failed> {
    let password = folder.join("password");
    fs::write(&password, simulator.password())
        .into_diagnostic()
        .map_err(Failed::work)?;
    let mut words: Vec<String> = if cfg!(windows) {
        ["cmd", "/c", "type"].map(str::to_owned).into()
    } else {
        vec!["cat".to_owned()]
    };
    words.push(password.display().to_string());
    let pin = simulator.fingerprint().parse::<Fingerprint>();
    let pin = pin.map_err(|error| Failed::work(miette!("{error}")))?;
    let profile = Profile {
        address: simulator.url().to_owned(),
        edition: simulator.edition(),
        user: simulator.user().to_owned(),
        ca: None,
        pins: vec![Pin(pin)],
        read_only: false,
        password_command: Some(PasswordCommand::of_words(words).map_err(Failed::work)?),
        keyring: false,
        instance: None,
    };
    Profiles::in_folder(folder)?.store("sim", &profile)?;
    Ok(())
}
