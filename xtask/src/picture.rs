//! `cargo xtask picture`: draws the picture of a terminal that the README shows.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anstyle_svg::Term;
use mailstore_codegen::output;
use mailstore_reach::{Edition, say};
use mailstore_sim::Simulator;
use miette::{Context as _, IntoDiagnostic as _};

use crate::{cargo, workspace};

/// The picture, below the root of the workspace.
const PICTURE: &str = "docs/terminal.svg";

/// The commands in the picture.
const COMMANDS: [&str; 4] = [
    "mailstore stores list -o table --columns id,name,requestedState,statisticsCount,statisticsSize",
    "mailstore users get-info john.doe -o json --columns userName,fullName,emailAddresses",
    "mailstore stores verify 3 --include-indexes=false",
    "mailstore check stores",
];

/// Draw the picture of a terminal in the README.
///
/// Runs the command `mailstore` against a simulated server, and writes the commands and their output to
/// `docs/terminal.svg`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing. Fail if the picture is not up to date.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> miette::Result<()> {
    let picture = draw()?;
    let path = workspace::path(PICTURE);
    if !arguments.check {
        output::write(&[(&path, picture)])
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot write {PICTURE}"))?;
        say!("wrote {PICTURE}");
        return Ok(());
    }
    if workspace::read(&path)? != picture {
        miette::bail!(
            help = "Run `cargo xtask picture` and commit the change.",
            "{PICTURE} is not up to date"
        );
    }
    say!("{PICTURE} is up to date");
    Ok(())
}

fn draw() -> miette::Result<String> {
    let program = cargo::program("mailstore")?;
    let simulator = Simulator::builder(Edition::Server)
        .step(Duration::ZERO)
        .start()
        .into_diagnostic()?;
    let mut text = String::new();
    for command in COMMANDS {
        text.push_str(&format!("\u{1b}[1m$ {command}\u{1b}[0m\n"));
        text.push_str(&shown(&program, command, &simulator)?);
        text.push('\n');
    }
    Ok(Term::new().render_svg(text.trim_end()))
}

/// Runs a command and returns what a terminal shows.
fn shown(program: &Path, command: &str, simulator: &Simulator) -> miette::Result<String> {
    let words = command.split(' ').skip(1);
    let output = Command::new(program)
        .args(words)
        .env("CLICOLOR_FORCE", "1")
        .env("MAILSTORE_SERVER", simulator.url())
        .env("MAILSTORE_EDITION", simulator.edition().as_str())
        .env("MAILSTORE_USER", simulator.user())
        .env("MAILSTORE_PASSWORD", simulator.password())
        .env("MAILSTORE_PIN", simulator.fingerprint())
        .output()
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot run `{command}`"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if !output.status.success() {
        miette::bail!("`{command}` failed: {}", text(&output.stderr));
    }
    Ok(text(&output.stderr) + &text(&output.stdout))
}
