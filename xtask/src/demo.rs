//! `cargo xtask demo`: the whole product at work, from a server's function list to calls of the generated client.

use std::fs;
use std::path::Path;

use mailstore_codegen::{Difference, Tree};
use mailstore_metadata::Dump;
use mailstore_sim::{Edition, Simulator};
use mailstore_transport::{Builder, Connection, Surface};
use miette::{Context, IntoDiagnostic};

use crate::cargo::{cargo, run as run_command};
use crate::{codegen, workspace};

/// Show the whole product at work, on a simulated server, with every step checked.
///
/// Starts a simulator of each edition, saves its answer to get-metadata, generates the clients from the saved
/// answers, compares them with the committed ones, then runs the generated clients against the simulators: server
/// information, users, a new user with rights, a store verified with live progress, one cancelled, one resumed from
/// its saved token, and the instances of the Service Provider Edition.
#[derive(clap::Args)]
pub(crate) struct Arguments {}

/// Nothing is known of a server before its function list is read.
static NO_FUNCTIONS: Surface = Surface::new("none", "a server not yet known", 8463, "", &[]);

pub(crate) fn run(_: &Arguments) -> miette::Result<()> {
    println!("Starting a simulator of each edition");
    let server = Simulator::start().into_diagnostic()?;
    let spe = Simulator::builder(Edition::Spe).start().into_diagnostic()?;
    println!(
        "  MailStore Server at {}\n  Service Provider Edition at {}",
        server.url(),
        spe.url()
    );

    let folder = tempfile::tempdir().into_diagnostic()?;
    println!("\nSaving their answers to get-metadata");
    save(&server, &folder.path().join("server-24.json"))?;
    save(&spe, &folder.path().join("spe-24.json"))?;

    println!("\nGenerating the clients from the saved answers");
    let generated = codegen::generate(folder.path(), &workspace::path("metadata/overlay"))?;
    for api in &generated.apis {
        println!("  {}: {} functions", api.title, api.functions().len());
    }
    compare(&generated.tree)?;

    println!("\nRunning the generated clients");
    let certificate = |simulator: &Simulator, name: &str| {
        let path = folder.path().join(name);
        fs::write(&path, simulator.certificate_pem())
            .into_diagnostic()
            .map(|()| path)
    };
    let mut tour = cargo("run --quiet --package mailstore-api --example tour -- --change-this-server");
    for (prefix, simulator) in [("MAILSTORE", &server), ("MAILSTORE_SPE", &spe)] {
        tour.env(format!("{prefix}_HOST"), simulator.url())
            .env(format!("{prefix}_USER"), simulator.user())
            .env(format!("{prefix}_PASSWORD"), simulator.password())
            .env(
                format!("{prefix}_CA"),
                certificate(simulator, &format!("{prefix}.pem"))?,
            );
    }
    run_command(&mut tour, "the tour of the generated clients")
}

fn save(simulator: &Simulator, path: &Path) -> miette::Result<()> {
    let connection: Connection = Builder::new(&NO_FUNCTIONS, simulator.url())
        .credentials(simulator.user(), simulator.password())
        .certificate_authority(simulator.certificate_pem())
        .build()
        .into_diagnostic()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .into_diagnostic()?;
    let answer = runtime.block_on(connection.metadata()).into_diagnostic()?;
    let dump = Dump::parse(&format!("get-metadata of {}", simulator.url()), &answer)?;
    fs::write(path, dump.canonical())
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot write {}", path.display()))?;
    let name = path.file_name().unwrap_or_default().display();
    println!(
        "  {name}: {} functions, SHA-256 {}",
        dump.functions().len(),
        dump.digest()
    );
    Ok(())
}

fn compare(tree: &Tree) -> miette::Result<()> {
    let committed = workspace::path(codegen::GENERATED);
    let differences = tree.compare(&committed).into_diagnostic()?;
    if let Some(difference) = differences.first() {
        let (Difference::Changed { path, .. } | Difference::Missing { path } | Difference::Stale { path }) =
            difference;
        miette::bail!(
            help = "Run `cargo xtask codegen --check` to see how.",
            "{} generated files differ from the committed ones, such as {}",
            differences.len(),
            path.display()
        );
    }
    println!(
        "  all {} files equal those committed in {}",
        tree.files().count(),
        codegen::GENERATED
    );
    Ok(())
}
