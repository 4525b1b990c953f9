//! Starts a program that plays the Dispatcher.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use bridge_interop::Python;
use muster_api::{Client, Connect};
use serde_json::Value;
use tempfile::TempDir;

/// No step of these tests takes this long.
const LONG: Duration = Duration::from_secs(60);

/// What calls the callbacks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Host {
    /// A script.
    Script,
    /// A C program that keeps the lock of the interpreter between two callbacks.
    Holding,
    /// A C program that releases the lock of the interpreter between two callbacks.
    Releasing,
    /// A C program that calls the callbacks in two threads at the same time.
    Threads,
}

pub(crate) const HOSTS: [Host; 4] = [Host::Script, Host::Holding, Host::Releasing, Host::Threads];

/// The callbacks in which the functions work, as the page of the vendor says.
pub(crate) const CALLBACKS: [&str; 13] = [
    "onDispatcherOverrideImpersonationUser",
    "onValidateJobSubmission",
    "onDeleteJob",
    "onSubmitJob",
    "onReinitJob",
    "onEditJob",
    "onJobPropertiesChanged",
    "onJobCompleted",
    "onValidateJobDependancies",
    "onValidateChunkDependancies",
    "onJobStart",
    "onJobEnd",
    "onDispatcherIdling",
];

/// The edits of the template that allow everything.
pub(crate) const EVERYTHING: &[(&str, &str)] = &[
    ("ALLOW_CHANGES = False", "ALLOW_CHANGES = True"),
    ("ALLOW_DANGEROUS = False", "ALLOW_DANGEROUS = True"),
];

/// A running program that plays the Dispatcher. Dropping it ends the program.
pub(crate) struct Dispatcher {
    child: Child,
    folder: TempDir,
}

impl Dispatcher {
    /// Starts a program that plays the Dispatcher, and calls `onDispatcherIdling`.
    pub(crate) fn start(host: Host, edits: &[(&str, &str)]) -> Self {
        Self::run(host.command(), edits)
    }

    /// Starts a program that plays the Dispatcher, and calls these callbacks.
    pub(crate) fn calling(host: Host, callbacks: &[&str], edits: &[(&str, &str)]) -> Self {
        let mut command = host.command();
        command.args(callbacks);
        Self::run(command, edits)
    }

    /// Starts a program that plays the Dispatcher, with a variable in its environment.
    pub(crate) fn with_env(host: Host, (name, value): (&str, &str), edits: &[(&str, &str)]) -> Self {
        let mut command = host.command();
        command.env(name, value);
        Self::run(command, edits)
    }

    /// Starts the script that plays the Dispatcher.
    pub(crate) fn in_python(python: &Python, edits: &[(&str, &str)]) -> Self {
        Self::run(script(python), edits)
    }

    /// Installs the template with these edits, and starts the program.
    fn run(mut command: Command, edits: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        muster_api::write_template(folder.path()).unwrap();
        let file = folder.path().join("muster_bridge_template.py");
        let mut text = fs::read_to_string(&file).unwrap();
        for (from, to) in edits {
            assert!(text.contains(from), "the template has no {from}");
            text = text.replace(from, to);
        }
        fs::write(&file, text).unwrap();
        let modules = Python::modules();
        let paths = std::env::join_paths([folder.path(), &modules]).unwrap();
        command
            .env("PYTHONPATH", paths)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("MUSTER_FAKE_LOG", folder.path().join("log"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command
            .spawn()
            .expect("the program that plays the Dispatcher does not start");
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "ready");
        Self { child, folder }
    }

    pub(crate) fn token_file(&self) -> PathBuf {
        self.folder.path().join("muster_bridge.token")
    }

    /// Whether the bridge is on: then there is a file with its port.
    pub(crate) fn is_on(&self) -> bool {
        self.folder.path().join("muster_bridge.token.port").exists()
    }

    /// Writes the token file, and waits until the bridge is on.
    pub(crate) fn switch_on(&self) {
        write_private(&self.token_file(), &"0123456789abcdef".repeat(4));
        self.wait_until("the bridge is on", Self::is_on);
    }

    /// Removes the token file, and waits until the bridge is off.
    pub(crate) fn switch_off(&self) {
        fs::remove_file(self.token_file()).unwrap();
        self.wait_until("the bridge is off", |dispatcher| !dispatcher.is_on());
    }

    /// Waits for a change that the callbacks make.
    pub(crate) fn wait_until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let begin = Instant::now();
        while !is_so(self) {
            assert!(begin.elapsed() < LONG, "not true yet: {what}");
            std::thread::yield_now();
        }
    }

    pub(crate) fn connect(&self) -> Connect {
        if !self.token_file().exists() {
            self.switch_on();
        }
        Client::connect(self.token_file())
    }

    /// Returns the calls that the module received: the name of the function and its arguments.
    pub(crate) fn calls(&self) -> Vec<Value> {
        self.log("call")
    }

    /// Returns the callbacks in which the module received the calls.
    pub(crate) fn callbacks(&self) -> Vec<Value> {
        self.log("in")
    }

    fn log(&self, member: &str) -> Vec<Value> {
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        // The last line may be only partly written.
        let lines = log.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        let rows = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
        rows.map(|row| row[member].clone()).collect()
    }
}

impl Drop for Dispatcher {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let status = self.child.wait().unwrap();
        if !std::thread::panicking() {
            assert!(
                status.success(),
                "the program that plays the Dispatcher failed: {status}"
            );
        }
    }
}

fn write_private(path: &Path, text: &str) {
    // The bridge must not see a file that is not private yet.
    let draft = path.with_extension("new");
    fs::write(&draft, text).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&draft, fs::Permissions::from_mode(0o600)).unwrap();
    }
    fs::rename(draft, path).unwrap();
}

impl Host {
    fn command(self) -> Command {
        match self {
            Self::Script => script(&Python::required()),
            Self::Holding => embedded("hold"),
            Self::Releasing => embedded("release"),
            Self::Threads => embedded("threads"),
        }
    }
}

fn script(python: &Python) -> Command {
    let mut command = python.command();
    command.arg(Python::modules().join("muster_host.py"));
    command
}

fn embedded(policy: &str) -> Command {
    static PROGRAM: OnceLock<(PathBuf, String)> = OnceLock::new();
    let (program, prefix) = PROGRAM.get_or_init(build);
    let mut command = Command::new(program);
    command.arg(policy).env("PYTHONHOME", prefix);
    command
}

/// Builds the C program. Returns its path, and the folder of Python.
fn build() -> (PathBuf, String) {
    let flags = |options: &[&str]| {
        let config = Command::new("python3.11-config").args(options).output();
        let output = config.ok().filter(|output| output.status.success()).unwrap_or_else(|| {
            panic!(
                "These tests need the headers of Python 3.11: the command `python3.11-config {}` failed. Install them, for \
                 example as the package `libpython3.11-dev`.",
                options.join(" ")
            )
        });
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let prefix = flags(&["--prefix"]);
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dispatcher");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("host/dispatcher.c");
    let mut compiler = Command::new("cc");
    compiler
        .args(["-Wall", "-Wextra", "-pthread", "-o"])
        .arg(&program);
    compiler
        .args(flags(&["--includes"]).split_whitespace())
        .arg(source);
    compiler.args(flags(&["--ldflags", "--embed"]).split_whitespace());
    compiler.arg(format!("-Wl,-rpath,{prefix}/lib"));
    let built = compiler.output();
    let built = built.expect(
        "These tests need a C compiler: the command `cc` was not found. Install it, for example gcc.",
    );
    let problem = String::from_utf8_lossy(&built.stderr);
    assert!(
        built.status.success(),
        "The C program cannot be built. Install the headers and the shared library of Python 3.11, for example as the \
         package `libpython3.11-dev`.\n{problem}"
    );
    (program, prefix)
}
