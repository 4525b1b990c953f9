//! `mailstore metadata fetch`: saves the function list of a live server in canonical form, with a record.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use mailstore_codegen::input::{Input, read_bytes};
use mailstore_codegen::output;
use mailstore_metadata::Dump;
use mailstore_reach::{Live, Record, arguments_of_this_run, command_line, record_path, say};
use miette::{Context as _, IntoDiagnostic as _, Report, miette};

use crate::exit::Failed;
use crate::server::Server;
use crate::wait;

/// Save the function list of a server.
///
/// Requests get-metadata and the version of the server, and saves the list in canonical form. A record with the
/// extension `toml` contains the edition, version, date, number of functions and digest. Neither file contains the name
/// of the server. All requests are read-only.
///
/// A file with other content is replaced only with `--force`. An error leaves the files unchanged.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  mailstore metadata fetch --server mailstore.example.com:8463 --out new.json")]
pub(crate) struct Arguments {
    #[command(flatten)]
    server: Server,
    /// The file to write, such as `server-25.json`.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Replace a file with other content.
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let Arguments { server, out, force } = arguments;
    // Checked first, before the program prompts for a password.
    let beside = place_of_record(out).map_err(Failed::usage)?;
    let recorded = Record::read(&beside)
        .wrap_err("the record of the dump must be written there: choose another name for the dump")
        .map_err(Failed::usage)?;

    let edition = server.edition()?;
    let connection = server.connect_to_read(edition)?;
    let live = wait::runtime()?
        .block_on(mailstore_reach::ask(&connection, edition))
        .map_err(Failed::of)?;
    show(&live);

    let dump = live.dump.canonical();
    let record = Record::of(&live);
    let dump_state = state_of(out, &dump).map_err(Failed::usage)?;
    let record_state = match &recorded {
        None => State::Missing,
        Some(recorded) if recorded.agrees(&record) => State::Same,
        Some(_) => State::Different,
    };
    let files = [
        (out.as_path(), dump, dump_state),
        (
            beside.as_path(),
            record.text(out).map_err(Failed::work)?,
            record_state,
        ),
    ];
    match (dump_state, record_state) {
        (State::Same, State::Different) if !force => {
            say!("unchanged  {}", out.display());
            say!(
                "kept       {}, which differs; `{}` replaces it",
                beside.display(),
                by_force()
            );
            Ok(())
        }
        (State::Different, _) | (State::Missing, State::Different) if !force => Err(Failed::usage(
            would_overwrite(arguments, &live, connection.origin())?,
        )),
        _ => save(&files).map_err(Failed::work),
    }
}

/// The current state of a file that will be written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Missing,
    Same,
    Different,
}

fn place_of_record(out: &Path) -> miette::Result<PathBuf> {
    if out.exists() && !out.is_dir() && !out.is_file() {
        miette::bail!("{} is not a file; choose another name", out.display());
    }
    if out.file_name().is_none() || out.is_dir() {
        miette::bail!(
            "{} is a folder: name a file, such as server-24.json",
            out.display()
        );
    }
    let beside = record_path(out);
    if beside == out {
        miette::bail!(
            help = "Use the extension `json` for the dump.",
            "{} is the name of the record of the dump",
            out.display()
        );
    }
    Ok(beside)
}

fn show(live: &Live) {
    let version = live.version.as_deref().unwrap_or("of unknown version");
    say!(
        "{} {version}: {} functions, SHA-256 {}",
        live.edition.title(),
        live.dump.functions().len(),
        live.dump.digest()
    );
    if let Err(reason) = &live.version {
        say!("note       the version is unknown and is not recorded: {reason}");
    }
}

fn state_of(path: &Path, text: &str) -> miette::Result<State> {
    match read_bytes(path) {
        Ok(bytes) if bytes == text.as_bytes() => Ok(State::Same),
        Ok(_) => Ok(State::Different),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(State::Missing),
        Err(error) => Err(error)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot read {}", path.display())),
    }
}

fn would_overwrite(arguments: &Arguments, live: &Live, origin: &str) -> Result<Report, Failed> {
    let Arguments { out, .. } = arguments;
    let there = Input::read(out).ok();
    let there = there.map(|there| Dump::parse("", there.text.as_bytes()));
    let what = match &there {
        None => format!("{} is the record of another dump", record_path(out).display()),
        Some(Ok(dump)) if *dump == live.dump => {
            format!("{} lists the same functions in another form", out.display())
        }
        Some(_) => format!("{} has other content", out.display()),
    };
    let mut help = format!("`{}` replaces the file.", by_force());
    if let Some(Ok(_)) = there {
        let mut diff = vec![out.display().to_string(), origin.to_owned()];
        diff.extend(arguments.server.options()?.arguments(live.edition));
        let diff = command_line("mailstore metadata diff", &diff);
        help = format!("`{diff}` shows the difference. {help}");
    }
    Ok(miette!(help = help, "{what}; it was not changed"))
}

/// This command with `--force`.
fn by_force() -> String {
    command_line("mailstore", &arguments_of_this_run("", &["--force"]))
}

/// Writes the files that are missing or differ. All temporary files are written before the first file is replaced.
fn save(files: &[(&Path, String, State)]) -> miette::Result<()> {
    let changed = files.iter().filter(|(_, _, state)| *state != State::Same);
    let changed: Vec<(&Path, &str)> = changed.map(|(path, text, _)| (*path, text.as_str())).collect();
    output::write(&changed)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot write {}", files[0].0.display()))?;
    for (path, _, state) in files {
        let word = match state {
            State::Same => "unchanged",
            State::Missing => "new",
            State::Different => "changed",
        };
        say!("{word:<10} {}", path.display());
    }
    Ok(())
}
