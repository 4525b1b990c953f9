//! The command `mailstore-sim`: starts a simulator, prints its address, and serves until it is interrupted.

use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use mailstore_sim::{Dump, Edition, Error, Rule, Simulator};

/// Simulates a MailStore server over HTTPS, for testing API clients.
///
/// Prints one line of JSON with `url`, `fingerprint` (SHA-256 of the certificate) and `certificate` (PEM), then serves
/// until it is interrupted. Its state is in memory: it is the same at every start and is lost at exit.
#[derive(Parser)]
#[command(
    version,
    after_help = "Exit codes: 0 interrupted, or the reader of the line has gone; 1 the server cannot start; 2 invalid arguments, rules or function list."
)]
struct Arguments {
    /// The product to simulate: MailStore Server, or the Service Provider Edition.
    #[arg(
        long,
        default_value = "server",
        value_parser = PossibleValuesParser::new(["server", "spe"]).try_map(|word| word.parse::<Edition>()),
    )]
    edition: Edition,

    /// The address to listen on; port 0 selects any free port.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "IP:PORT")]
    listen: String,

    /// Allows an address that other machines can reach.
    #[arg(long)]
    allow_remote: bool,

    /// The only user name that is accepted.
    #[arg(long, default_value = "admin")]
    user: String,

    /// The only password that is accepted.
    #[arg(
        long,
        default_value = "admin",
        env = "MAILSTORE_SIM_PASSWORD",
        hide_env_values = true
    )]
    password: String,

    /// Uses the function list of this file, a saved get-metadata response, instead of the built-in one.
    #[arg(long, value_name = "FILE")]
    metadata: Option<PathBuf>,

    /// The product version to report. Default: the version of the function list, if known.
    #[arg(long, value_name = "VERSION")]
    server_version: Option<String>,

    /// Milliseconds between two steps of a long call; with 0, every poll takes one step.
    #[arg(long, default_value_t = 100, value_name = "MILLIS")]
    step: u64,

    /// The number of status changes of every long call. Default: one per part of its work.
    #[arg(long, value_name = "COUNT")]
    steps: Option<usize>,

    /// Adds a fault rule, such as `poll/VerifyStore #2 reset:100`. Can be repeated.
    ///
    /// A rule is PHASE[/FUNCTION] [CONDITION...] FAULT[:VALUE]. The README describes each word.
    ///
    /// PHASE: connect, start (api/invoke), poll (get-status), cancel (cancel-async), metadata (get-metadata).
    ///
    /// CONDITION: #N (the N-th match), #N+ (the N-th match and all later ones), xN (N times; with #N: N times from the
    /// N-th match on), each (counts separately for every long call), version:N, step:N, last (polls that would report
    /// this status version, the N-th status, the end), for:TIME (only for this time after it applied for the first
    /// time). Without a count, the rule always applies.
    ///
    /// FAULT: delay:TIME, stall, stall:BYTES, stall-before, reset, reset:BYTES, close, close-before, refuse,
    /// truncate:BYTES, garble, html, status:CODE, status-after:CODE, bom:COUNT, word:WORD, log-missing,
    /// version-missing, version-text, skip, repeat, stale, older, no-hold, forget, cut-line, cut-line-end, cut-pair,
    /// restart:TIME, restart-keep:TIME. A request is not processed with refuse, status and the faults that end in
    /// -before. It is processed with all others.
    ///
    /// TIME: 500ms, 2s, 1m30s. At most one fault applies to a request: the fault of the first rule that is due.
    #[arg(long = "fault", value_name = "RULE")]
    faults: Vec<Rule>,

    /// Omits the byte order mark at the start of responses.
    #[arg(long)]
    no_bom: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let dump = match arguments.metadata.as_ref().map(read_dump).transpose() {
        Ok(dump) => dump,
        Err(report) => {
            complain(&report);
            return ExitCode::from(2);
        }
    };
    match serve(arguments, dump) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("mailstore-sim: {error}"));
            let mut cause = error.source();
            while let Some(error) = cause {
                complain(&format!("  caused by: {error}"));
                cause = error.source();
            }
            match error.downcast_ref() {
                Some(Error::Rule { .. }) => ExitCode::from(2),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

/// Writes to standard error. A failure is ignored, because the exit code reports the error as well.
fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "{}", wire_values::printable_lines(text));
}

/// Reads a function list. Errors contain the place in the file.
fn read_dump(path: &PathBuf) -> Result<Dump, String> {
    let name = path.display().to_string();
    let mut bytes = Vec::new();
    // One more byte than the limit is enough to see that a file is too large, even if it never ends.
    let limit = u64::try_from(Dump::MAX_BYTES)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    std::fs::File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|error| format!("mailstore-sim: cannot read {name}: {error}"))?;
    Dump::parse(&name, &bytes).map_err(|error| {
        let mut report = String::new();
        match miette::NarratableReportHandler::new().render_report(&mut report, &error) {
            Ok(()) => report,
            Err(_) => error.to_string(),
        }
    })
}

fn serve(arguments: Arguments, dump: Option<Dump>) -> Result<(), Box<dyn std::error::Error>> {
    let mut builder = Simulator::builder(arguments.edition)
        .listen(arguments.listen)
        .credentials(arguments.user, arguments.password)
        .step(Duration::from_millis(arguments.step))
        .bom(!arguments.no_bom);
    if let Some(steps) = arguments.steps {
        builder = builder.steps(steps);
    }
    if let Some(version) = arguments.server_version {
        builder = builder.version(version);
    }
    for rule in arguments.faults {
        builder = builder.fault(rule);
    }
    if arguments.allow_remote {
        builder = builder.allow_remote();
    }
    if let Some(dump) = dump {
        builder = builder.metadata(dump);
    }
    // Handle interrupts before the line is printed: the reader of the line may send one at once.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let interrupted = tokio::spawn(tokio::signal::ctrl_c());
        tokio::task::yield_now().await;
        let simulator = builder.start()?;
        let line = serde_json::json!({
            "url": simulator.url(),
            "fingerprint": simulator.fingerprint(),
            "certificate": simulator.certificate_pem(),
        });
        let mut stdout = io::stdout().lock();
        match writeln!(stdout, "{line}").and_then(|()| stdout.flush()) {
            // The reader has closed the pipe, so no client can get the address and the certificate.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            Err(error) => return Err(format!("cannot write to standard output: {error}").into()),
            Ok(()) => {}
        }
        Ok(interrupted.await??)
    })
}
