//! `cargo xtask demo`: the whole product at work, from a server's function list to calls of the generated client.

use std::fs;
use std::path::Path;

use mailstore_codegen::{Difference, Tree};
use mailstore_reach::{Edition, Options};
use mailstore_sim::Simulator;
use miette::{Context, IntoDiagnostic};

use crate::cargo::{cargo, run as run_command};
use crate::{codegen, workspace};

/// Show the whole product at work, on a simulated server, with every step checked.
///
/// Starts a simulator of each edition and of MailStore Server 9.0, saves its answer to get-metadata, generates the clients from the saved
/// answers, compares them with the committed ones, then runs the generated clients against the simulators: server
/// information, users, a new user with rights, a store verified with live progress, one cancelled, one resumed from
/// its saved token, and the instances of the Service Provider Edition.
#[derive(clap::Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments) -> miette::Result<()> {
    println!("Starting a simulator of each edition");
    let server = Simulator::start().into_diagnostic()?;
    let spe = Simulator::builder(mailstore_sim::Edition::Spe)
        .start()
        .into_diagnostic()?;
    let old_server = Simulator::builder(mailstore_sim::Edition::Server)
        .metadata(workspace::read_dump(&workspace::path("metadata/server-9.json"))?)
        .start()
        .into_diagnostic()?;
    println!(
        "  MailStore Server at {}\n  Service Provider Edition at {}\n  MailStore Server 9.0 at {}",
        server.url(),
        spe.url(),
        old_server.url()
    );

    let folder = tempfile::tempdir().into_diagnostic()?;
    let certificate = |simulator: &Simulator, name: &str| {
        let path = folder.path().join(name);
        fs::write(&path, simulator.certificate_pem())
            .into_diagnostic()
            .map(|()| path)
    };
    let server_ca = certificate(&server, "server.pem")?;
    let spe_ca = certificate(&spe, "spe.pem")?;
    let old_server_ca = certificate(&old_server, "server-9.pem")?;

    println!("\nSaving their answers to get-metadata");
    let saved = |name: &str| folder.path().join(name);
    save(&server, Edition::Server, &server_ca, &saved("server-24.json"))?;
    save(&spe, Edition::Spe, &spe_ca, &saved("spe-24.json"))?;
    save(
        &old_server,
        Edition::Server,
        &old_server_ca,
        &saved("server-9.json"),
    )?;

    println!("\nGenerating the clients from the saved answers");
    let generated = codegen::generate(folder.path())?;
    for api in &generated.apis {
        println!("  {}: {} functions", api.title, api.functions().len());
    }
    compare(&generated.tree)?;

    println!("\nRunning the generated clients");
    let mut tour = cargo("run --quiet --package mailstore-api --example tour -- --change-this-server");
    for (prefix, simulator, ca) in [("MAILSTORE", &server, server_ca), ("MAILSTORE_SPE", &spe, spe_ca)] {
        tour.env(format!("{prefix}_HOST"), simulator.url())
            .env(format!("{prefix}_USER"), simulator.user())
            .env(format!("{prefix}_PASSWORD"), simulator.password())
            .env(format!("{prefix}_CA"), ca);
    }
    run_command(&mut tour, "the tour of the generated clients")
}

fn save(simulator: &Simulator, edition: Edition, ca: &Path, path: &Path) -> miette::Result<()> {
    let options = Options {
        edition: Some(edition),
        user: simulator.user().to_owned(),
        ca: Some(ca.to_owned()),
        insecure: false,
        password: Some(simulator.password().into()),
    };
    let live = mailstore_reach::dump(simulator.url(), &options)?;
    fs::write(path, live.dump.canonical())
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot write {}", path.display()))?;
    let name = path.file_name().unwrap_or_default().display();
    println!(
        "  {name}: {} functions, SHA-256 {}",
        live.dump.functions().len(),
        live.dump.digest()
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
