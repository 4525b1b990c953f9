//! Rows `command`: the start of the command `mailstore`, its size and its dependencies.
//!
//! `cargo` is the other side, because it is also a program with many subcommands. For the dependencies, it is the client
//! without the command.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::cpu;
use crate::row::Row;

const RUNS: usize = 51;
/// Bytes of a megabyte.
const MEGABYTE: f64 = 1_000_000.0;

pub(crate) fn run() -> io::Result<Vec<Row>> {
    let (Some(cargo), Some(bench)) = (env::var_os("CARGO"), env::var_os("CARGO_MANIFEST_DIR")) else {
        let reason = "the benchmark must be started with `cargo xtask bench`";
        return Ok(vec![Row::unmeasured("command: --help", "ms", reason)]);
    };
    let root = Path::new(&bench).parent().ok_or(io::ErrorKind::NotFound)?;
    let ours = build(&cargo, root)?;
    let peer = sysroot(root)?
        .join("bin")
        .join(format!("cargo{}", env::consts::EXE_SUFFIX));
    let (mut our_times, mut peer_times) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        our_times.push(help(&ours)?);
        peer_times.push(help(&peer)?);
    }
    let size = |path: &Path| -> io::Result<f64> { Ok(path.metadata()?.len() as f64 / MEGABYTE) };
    Ok(vec![
        Row::new(
            "command: --help",
            "ms",
            cpu::median(our_times),
            cpu::median(peer_times),
        ),
        Row::new("command: size", "MB", size(&ours)?, size(&peer)?),
        Row::new(
            "command: packages",
            "",
            packages(&cargo, root, "mailstore-cli")?,
            packages(&cargo, root, "mailstore-api")?,
        ),
    ])
}

/// Compiles the command as a user installs it. Returns its path.
fn build(cargo: &OsString, root: &Path) -> io::Result<PathBuf> {
    let target = root.join("target").join("bench-command");
    output(
        Command::new(cargo)
            .args([
                "build",
                "--release",
                "--locked",
                "--package",
                "mailstore-cli",
                "--target-dir",
            ])
            .arg(&target)
            .current_dir(root),
    )?;
    Ok(target
        .join("release")
        .join(format!("mailstore{}", env::consts::EXE_SUFFIX)))
}

/// Returns the folder of the toolchain. The `cargo` in it is the program itself, and not a program that starts it.
fn sysroot(root: &Path) -> io::Result<PathBuf> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let folder = output(Command::new(rustc).args(["--print", "sysroot"]).current_dir(root))?;
    Ok(folder.trim().into())
}

/// Returns the time from the start to the end of `--help`, in milliseconds.
fn help(program: &Path) -> io::Result<f64> {
    let began = Instant::now();
    output(Command::new(program).arg("--help"))?;
    Ok(began.elapsed().as_secs_f64() * 1000.0)
}

/// Returns the number of packages that are compiled into a package, with itself.
fn packages(cargo: &OsString, root: &Path, package: &str) -> io::Result<f64> {
    let tree = [
        "tree",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--package",
        package,
    ];
    let text = output(Command::new(cargo).args(tree).current_dir(root))?;
    let packages: BTreeSet<&str> = text
        .lines()
        .map(|line| line.trim_end_matches(" (*)"))
        .filter(|line| !line.is_empty())
        .collect();
    Ok(packages.len() as f64)
}

/// Runs a program and returns what it printed.
fn output(command: &mut Command) -> io::Result<String> {
    let output = command.stdin(Stdio::null()).output()?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        return Err(io::Error::other(format!("{command:?} failed: {message}")));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
