//! Python 3.11, with the modules of the benchmarks.

use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use python_bridge::{Argument, ArgumentKind, Bridge, Builder, Class, Effect, Function, Surface};

const fn any(name: &'static str) -> Argument {
    Argument::new(name, ArgumentKind::Any)
}

const fn reading(name: &'static str, arguments: &'static [Argument]) -> Function {
    Function::new(name).effect(Effect::Read).arguments(arguments)
}

static ADD: Function = reading("add", &[any("left"), any("right")]);
static RECORDS: Function = reading("records", &[any("count")]);
static ITEMS: Function = reading("items", &[any("count")]);
static NANOSECONDS: Function = reading("nanoseconds", &[any("name"), any("arguments"), any("calls")]);

/// The functions of the module of the benchmarks.
pub(crate) static SURFACE: Surface =
    Surface::new("bench_module", "Benchmark").functions(&[&ADD, &RECORDS, &ITEMS, &NANOSECONDS]);

const ITEM: Class = Class::new("Item").snapshot(&["getNumber"]);

/// A program of Python.
pub(crate) struct Python {
    program: PathBuf,
}

impl Python {
    /// Returns Python 3.11, or `None` if this machine does not have it.
    pub(crate) fn find() -> io::Result<Option<Self>> {
        let Ok(python) = bridge_interop::Python::find_required() else {
            return Ok(None);
        };
        // The command may be a script that starts Python, which would be a part of the time to start.
        let output = python
            .command()
            .args(["-c", "import sys; print(sys.executable)"])
            .output()?;
        let program = String::from_utf8_lossy(&output.stdout).trim().into();
        Ok(Some(Self { program }))
    }

    /// Returns the settings of a connection to the module of the benchmarks.
    pub(crate) fn builder(&self) -> Builder {
        Bridge::builder()
            .python(&self.program)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .module(SURFACE.name)
            .module_path(modules())
            .surface(&SURFACE)
            .classes(&[ITEM])
    }

    /// Returns the settings of a client of the package that stands in for that of JetStream.
    pub(crate) fn jetstream(&self) -> jetstream_api::Builder {
        jetstream_api::Client::builder()
            .python(&self.program)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .module_path(bridge_interop::Python::modules())
    }

    /// Returns a command that starts Python with these arguments. It finds both modules.
    pub(crate) fn command<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> io::Result<Command> {
        let paths = [modules(), bridge_interop::Python::modules()];
        let paths = std::env::join_paths(paths).map_err(io::Error::other)?;
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONPATH", paths)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        Ok(command)
    }
}

/// The folder with the modules of the benchmarks.
pub(crate) fn modules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("python")
}

/// A program that has written the line `ready`. Dropping it closes its input and waits for its end.
pub(crate) struct Running(Child);

/// Starts a program, and waits for the line `ready`.
///
/// # Errors
/// The program cannot be started, or writes something else.
pub(crate) fn start(command: &mut Command) -> io::Result<Running> {
    let mut running = Running(command.spawn()?);
    let mut line = String::new();
    if let Some(output) = running.0.stdout.take() {
        BufReader::new(output).read_line(&mut line)?;
    }
    match line.trim() {
        "ready" => Ok(running),
        _ => Err(io::Error::other(format!("{command:?} is not ready"))),
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}
