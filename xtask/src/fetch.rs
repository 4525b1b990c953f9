//! `cargo xtask fetch`: the function list of a live server, saved in canonical form with a record beside it.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use mailstore_metadata::Dump;
use mailstore_reach::{Live, Options};
use miette::{Context, IntoDiagnostic};
use tempfile::NamedTempFile;

use crate::sidecar::{self, Sidecar};

/// Save the function list of a live server.
///
/// Asks the server for get-metadata and for its version, and saves the list in canonical form. Beside it, with the
/// extension `toml`, a record says edition, version, day, number of functions and digest; the server's name is in
/// neither. Nothing is sent that could change the server.
///
/// A file that holds something else is left alone without `--force`, and whatever goes wrong leaves it whole.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The server: `host`, `host:port` or `https://host:port`.
    #[arg(value_name = "URL")]
    address: String,
    #[command(flatten)]
    options: Options,
    /// Where to save the list, such as `metadata/server-24.json`.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Replace a file that holds another list.
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(arguments: &Arguments) -> miette::Result<()> {
    let Arguments {
        address,
        options,
        out,
        force,
    } = arguments;
    // Better found out before anybody is asked for a password.
    let beside = place_of_record(out)?;
    let recorded = Sidecar::read(&beside)
        .wrap_err("a record is to be written there: choose another name for the dump")?;

    let live = mailstore_reach::dump(address, options)?;
    show(&live);

    let dump = live.dump.canonical();
    let record = Sidecar::of(&live);
    let dump_state = state_of(out, &dump)?;
    let record_state = match &recorded {
        None => State::Missing,
        Some(recorded) if recorded.agrees(&record) => State::Same,
        Some(_) => State::Different,
    };
    let files = [
        (out.as_path(), dump, dump_state),
        (beside.as_path(), record.text(out)?, record_state),
    ];
    match (dump_state, record_state) {
        (State::Same, State::Different) if !force => {
            println!("unchanged  {}", out.display());
            println!(
                "kept       {}, which says otherwise of it; `--force` replaces it",
                beside.display()
            );
            Ok(())
        }
        (State::Different, _) | (State::Missing, State::Different) if !force => {
            Err(would_overwrite(arguments, &live.dump))
        }
        _ => save(&files),
    }
}

/// What is in the place of a file that is to be written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Missing,
    Same,
    Different,
}

fn place_of_record(out: &Path) -> miette::Result<PathBuf> {
    if out.file_name().is_none() || out.is_dir() {
        miette::bail!(
            "{} is a folder: name a file, such as server-24.json",
            out.display()
        );
    }
    let beside = sidecar::path(out);
    if beside == out {
        miette::bail!(
            help = "Give the dump the extension `json`.",
            "{} is the place of the record that is written beside the dump",
            out.display()
        );
    }
    Ok(beside)
}

fn show(live: &Live) {
    let version = live.version.as_deref().unwrap_or("of unknown version");
    println!(
        "{} {version}: {} functions, SHA-256 {}",
        live.edition.title(),
        live.dump.functions().len(),
        live.dump.digest()
    );
    if let Err(reason) = &live.version {
        println!("note       the version is not known, and not recorded: {reason}");
    }
}

fn state_of(path: &Path, text: &str) -> miette::Result<State> {
    match fs::read(path) {
        Ok(bytes) if bytes == text.as_bytes() => Ok(State::Same),
        Ok(_) => Ok(State::Different),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(State::Missing),
        Err(error) => Err(error)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot read {}", path.display())),
    }
}

fn would_overwrite(arguments: &Arguments, dump: &Dump) -> miette::Report {
    let Arguments { address, out, .. } = arguments;
    let there = fs::read(out).ok();
    let same = there.is_some_and(|bytes| Dump::parse("", &bytes).is_ok_and(|there| there == *dump));
    let what = match (out.exists(), same) {
        (false, _) => format!(
            "{} is there, the record of another dump",
            sidecar::path(out).display()
        ),
        (true, true) => format!("{} lists the same functions in another form", out.display()),
        (true, false) => format!("{} holds something else", out.display()),
    };
    miette::miette!(
        help = format!(
            "`cargo xtask diff {} {address}` shows the difference; `--force` replaces the file.",
            out.display()
        ),
        "{what}, and was left as it is"
    )
}

/// Writes what is not there yet. All is written before the first file is replaced, and a file is replaced at once.
fn save(files: &[(&Path, String, State)]) -> miette::Result<()> {
    let mut written = Vec::new();
    for (path, text, state) in files {
        match state {
            State::Same => println!("unchanged  {}", path.display()),
            State::Missing => written.push(("new", *path, write_beside(path, text)?)),
            State::Different => written.push(("changed", *path, write_beside(path, text)?)),
        }
    }
    for (word, path, file) in written {
        file.persist(path)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot replace {}", path.display()))?;
        println!("{word:<10} {}", path.display());
    }
    Ok(())
}

/// Writes a file without a name of its own in the folder of the one that it is to become.
fn write_beside(path: &Path, text: &str) -> miette::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let write = || {
        let mut file = readable_by_all().tempfile_in(folder.unwrap_or(Path::new(".")))?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        Ok::<_, std::io::Error>(file)
    };
    write()
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot write {}", path.display()))
}

/// Temporary files are their owner's alone, which saved dumps need not be.
fn readable_by_all() -> tempfile::Builder<'static, 'static> {
    #[allow(unused_mut, reason = "only Unix has modes")]
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The user's mask is taken off.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}
