//! No program panics if the reader of its standard output closes.
#![cfg(unix)]

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use mailstore_metadata::Dump;
use mailstore_sim::{Edition, Simulator};

use crate::programs::{programs, root};

/// The reader of the output.
#[derive(Clone, Copy, Debug)]
enum Reader {
    /// The reader closes before the program writes.
    Absent,
    /// The reader closes after one line.
    OneLine,
    /// The readers of standard output and standard error close before the program writes.
    AbsentAndNoErrors,
    /// Both outputs are closed when the program starts.
    Closed,
    /// The disk is full.
    FullDisk,
}

const READERS: [Reader; 5] = [
    Reader::Absent,
    Reader::OneLine,
    Reader::AbsentAndNoErrors,
    Reader::Closed,
    Reader::FullDisk,
];

/// The servers that programs connect to, and files for the programs.
struct Servers {
    server: Simulator,
    /// A server with the function that `own-client` needs.
    own: Simulator,
    folder: tempfile::TempDir,
}

impl Servers {
    fn start() -> Self {
        let dump = std::fs::read(root().join("examples/own-client/metadata.json")).expect("it is there");
        let health = serde_json::json!({"storesInError": []});
        let own = Simulator::builder(Edition::Server)
            .metadata(Dump::parse("metadata.json", &dump).expect("a dump"))
            .result("GetArchiveHealth", move |_| health.clone())
            .start()
            .expect("it starts");
        let servers = Self {
            server: Simulator::start().expect("it starts"),
            own,
            folder: tempfile::tempdir().expect("a folder"),
        };
        for (name, simulator) in [("ca.pem", &servers.server), ("own.pem", &servers.own)] {
            std::fs::write(servers.path(name), simulator.certificate_pem()).expect("written");
        }
        std::fs::write(servers.path("history.jsonl"), "").expect("written");
        servers
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }
}

/// The runs of a program: arguments and expected exit code. `OUT` is replaced with the path of a new file or folder.
fn runs(program: &str, servers: &Servers) -> Vec<(String, i32)> {
    let options = format!("--edition server --ca {}", servers.path("ca.pem"));
    let url = servers.server.url();
    let lines: Vec<(String, i32)> = match program {
        "all_email_addresses"
        | "blocking"
        | "cancel"
        | "quickstart"
        | "resume"
        | "tour"
        | "verify_with_progress" => vec![(String::new(), 0)],
        "latency" => vec![("2".to_owned(), 0)],
        "many_tasks" => vec![("5 2".to_owned(), 0)],
        "own-client" => vec![(servers.own.url().to_owned(), 0)],
        "snippets" => vec![("tests/bridge/python python3.11".to_owned(), 0)],
        "own-client-generate" => vec![(String::new(), 0)],
        // Its own package tests the output of a running simulator.
        "mailstore-sim" => vec![("--help".to_owned(), 0), ("--edition none".to_owned(), 2)],
        // Without arguments, it takes minutes. The test `script` runs the same checks with one Python.
        "check-pythons" => vec![("3.11".to_owned(), 2)],
        // Only tests use them. Without arguments they print their usage.
        "apply-once" | "synchronize-once" => vec![(String::new(), 2)],
        "mailstore" => vec![
            ("--help".to_owned(), 0),
            ("functions".to_owned(), 0),
            ("describe CreateUser".to_owned(), 0),
            (format!("call --server {url} {options} GetServerInfo"), 0),
            (format!("call --server {url} {options} NoSuchFunction"), 2),
            (format!("probe --server {url} {options} --out OUT"), 1),
            ("probe --server 127.0.0.1:1 --edition server".to_owned(), 2),
            (
                format!("metadata fetch --server {url} {options} --out OUT.json"),
                0,
            ),
            (format!("metadata check --server {url} {options} server-24"), 0),
            (format!("metadata check --server {url} {options} server-9"), 1),
            (format!("metadata show {url} {options}"), 0),
            (format!("compatibility --server {url} {options}"), 0),
            (format!("audit --server {url} {options}"), 11),
            (format!("export --server {url} {options} OUT"), 0),
            (format!("snapshot --server {url} {options} --to OUT"), 0),
            (format!("report {}", servers.path("history.jsonl")), 11),
            ("compare nowhere elsewhere".to_owned(), 1),
            (format!("mcp --server {url} {options}"), 0),
            ("plan --schema".to_owned(), 0),
            ("apply nowhere.json --yes".to_owned(), 2),
            (
                format!("explore --server {url} {options} --read-only --allow-writes"),
                3,
            ),
        ]
        .into_iter()
        .chain(
            [
                ("metadata history", 0),
                ("metadata history VerifyStore", 0),
                ("metadata show server-24", 0),
                ("metadata diff server-9 server-24", 0),
                ("metadata diff server-9 server-24 --exit-code", 1),
                ("metadata diff server-9 server-24 --format markdown", 0),
                ("metadata diff server-9 server-24 --format json", 0),
                ("metadata diff server-9 server-24 --surface server", 0),
                ("metadata diff nowhere.json server-24", 2),
                ("coverage --plain", 0),
                ("openapi --edition spe", 0),
                ("generate --dump metadata/mailstore/server-9.json --out OUT", 0),
            ]
            .map(|(line, code)| (line.to_owned(), code)),
        )
        .collect(),
        "mailstore-bench" => vec![("--help".to_owned(), 0), ("--from nowhere.json".to_owned(), 1)],
        "xtask" => vec![
            ("--help".to_owned(), 0),
            ("codegen --check".to_owned(), 0),
            ("swagger-ui --check".to_owned(), 0),
        ],
        _ => panic!("add the arguments of {program} to this test"),
    };
    lines
}

fn command(program: &str, path: &Path, line: &str, reader: Reader, servers: &Servers) -> Command {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let out = servers.path(&format!("out-{}", RUNS.fetch_add(1, Ordering::Relaxed)));
    let arguments = line.split_whitespace().map(|word| word.replace("OUT", &out));
    // Only a shell can start a program whose outputs are closed.
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(match reader {
            Reader::Closed => "exec \"$0\" \"$@\" >&- 2>&-",
            _ => "exec \"$0\" \"$@\"",
        })
        .arg(path)
        .args(arguments)
        .current_dir(root())
        .env_remove("MAILSTORE_HOST")
        .env_remove("MAILSTORE_SPE_HOST")
        .env_remove("MAILSTORE_USER")
        .env("MAILSTORE_PASSWORD", servers.server.password())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if program == "own-client" {
        // The program trusts the certificates of the platform.
        command.env("SSL_CERT_FILE", servers.path("own.pem"));
    }
    if matches!(reader, Reader::FullDisk) {
        command.stdout(
            File::options()
                .write(true)
                .open("/dev/full")
                .expect("Linux has it"),
        );
    }
    command
}

/// Runs a program with this reader. Returns its exit code and its errors.
fn run(mut command: Command, reader: Reader) -> (Option<i32>, String) {
    let mut child = command.spawn().expect("it starts");
    let stdout = child.stdout.take();
    match reader {
        Reader::OneLine => read_one_line(stdout),
        Reader::AbsentAndNoErrors => drop((stdout, child.stderr.take())),
        Reader::Absent | Reader::Closed | Reader::FullDisk => drop(stdout),
    }
    let output = child.wait_with_output().expect("it ends");
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

fn read_one_line(stdout: Option<ChildStdout>) {
    let mut line = String::new();
    let mut reader = BufReader::with_capacity(1, stdout.expect("a pipe"));
    reader.read_line(&mut line).expect("it can be read");
}

#[test]
fn no_program_or_example_panics_if_the_reader_of_its_output_closes() {
    let servers = Servers::start();
    let mut work = Vec::new();
    for (program, path) in programs() {
        for (line, code) in runs(program, &servers) {
            for reader in READERS {
                if !matches!(reader, Reader::FullDisk) || cfg!(target_os = "linux") {
                    work.push((program, path, line.clone(), code, reader));
                }
            }
        }
    }
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        // Most programs wait for a simulator most of the time.
        for _ in 0..8 {
            scope.spawn(|| {
                while let Some((program, path, line, code, reader)) =
                    work.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    let (found, errors) = run(command(program, path, line, *reader, &servers), *reader);
                    // If the disk is full, a program may fail because it cannot write its output.
                    let lost = matches!(reader, Reader::FullDisk) && matches!(found, Some(1 | 2));
                    if errors.contains("panicked") || (found != Some(*code) && !lost) {
                        let problem = format!("{program} {line} ({reader:?}): {found:?}\n{errors}");
                        wrong.lock().expect("no thread panics").push(problem);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("no thread panics");
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        work.len(),
        wrong.join("\n")
    );
}
