//! `cargo xtask demo`: demonstrates the project, from a function list to calls of the generated clients.

use std::path::{Path, PathBuf};
use std::process::Command;

use mailstore_codegen::{Difference, Tree, output};
use mailstore_metadata::Dump;
use mailstore_reach::{Edition, Editions, Entry, Options, say};
use mailstore_sim::Simulator;
use miette::IntoDiagnostic;

use crate::cargo::{example, run as run_command};
use crate::{codegen, workspace};

/// Generate the clients and run them against simulated servers, and check every step.
///
/// Starts a simulator of each edition and of MailStore Server 9.0. Saves their function lists, generates the clients
/// from them, and compares the clients with the committed ones. Then runs the clients against the simulators: they read
/// server information and users, create a user with privileges, verify a store with live progress, cancel a call,
/// resume a call from its saved token, and list the instances of the Service Provider Edition.
#[derive(clap::Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments) -> miette::Result<()> {
    let folder = tempfile::tempdir().into_diagnostic()?;
    let editions = Editions::list(&workspace::metadata)?;
    say!("Starting a simulator of each edition");
    let servers = editions
        .iter()
        .map(|edition| Server::start(edition, folder.path()))
        .collect::<miette::Result<Vec<_>>>()?;

    say!("\nSaving their function lists");
    let dumps = servers.iter().map(Server::save).collect::<miette::Result<_>>()?;

    say!("\nGenerating the clients from the saved function lists");
    let generated = Editions::with_dumps(&workspace::metadata, editions, dumps)?.generate()?;
    for api in &generated.apis {
        say!("  {}: {} functions", api.title, api.functions().len());
    }
    compare(&generated.tree)?;

    say!("\nRunning the generated clients");
    let mut tour = Command::new(example("tour")?);
    tour.arg("--change-this-server").current_dir(workspace::root());
    for Server {
        edition,
        simulator,
        ca,
        ..
    } in &servers
    {
        let prefix = match edition.simulator {
            Some(Edition::Server) => "MAILSTORE",
            Some(Edition::Spe) => "MAILSTORE_SPE",
            None => continue,
        };
        tour.env(format!("{prefix}_HOST"), simulator.url())
            .env(format!("{prefix}_USER"), simulator.user())
            .env(format!("{prefix}_PASSWORD"), simulator.password())
            .env(format!("{prefix}_CA"), ca);
    }
    run_command(&mut tour, "the tour of the generated clients")
}

/// A simulator of an edition, and its files in this demonstration.
struct Server {
    edition: Entry,
    served: Edition,
    simulator: Simulator,
    ca: PathBuf,
    saved: PathBuf,
}

impl Server {
    fn start(edition: &Entry, folder: &Path) -> miette::Result<Self> {
        let dump = workspace::read_dump(&workspace::path("metadata/mailstore").join(&edition.dump))?;
        let served = Edition::of(&dump).unwrap_or(Edition::Server);
        let simulator = Simulator::builder(served)
            .metadata(dump)
            .start()
            .into_diagnostic()?;
        let saved = folder.join(&edition.dump);
        let ca = saved.with_extension("pem");
        output::write(&[(&ca, simulator.certificate_pem())]).into_diagnostic()?;
        say!(
            "  {} for {}, at {}",
            served.title(),
            edition.dump,
            simulator.url()
        );
        Ok(Self {
            edition: edition.clone(),
            served,
            simulator,
            ca,
            saved,
        })
    }

    fn save(&self) -> miette::Result<(String, Dump)> {
        let options = Options {
            edition: Some(self.served),
            user: Some(self.simulator.user().to_owned()),
            ca: Some(self.ca.clone()),
            password: Some(self.simulator.password().into()),
            ..Options::default()
        };
        let live = mailstore_reach::dump(self.simulator.url(), &options)?;
        output::write(&[(&self.saved, live.dump.canonical())]).into_diagnostic()?;
        let saved = workspace::read_dump(&self.saved)?;
        let name = &self.edition.dump;
        say!(
            "  {name}: {} functions, SHA-256 {}",
            saved.functions().len(),
            saved.digest()
        );
        Ok((name.clone(), saved))
    }
}

fn compare(tree: &Tree) -> miette::Result<()> {
    let committed = workspace::path(codegen::GENERATED);
    let differences = tree.compare(&committed)?;
    if let Some(difference) = differences.first() {
        let (Difference::Changed { path, .. } | Difference::Missing { path } | Difference::Stale { path }) =
            difference;
        miette::bail!(
            help = "Run `cargo xtask codegen --check` to see the differences.",
            "{} generated files differ from the committed ones, such as {}",
            differences.len(),
            path.display()
        );
    }
    say!(
        "  all {} files equal those committed in {}",
        tree.files().count(),
        codegen::GENERATED
    );
    Ok(())
}
