//! The installation of the engine with npm.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use miette::{Context as _, IntoDiagnostic as _, Report, miette};
use tokio::process::Command;

/// The pinned package of the engine and the digests of its files.
const PACKAGE: [(&str, &str); 2] = [
    ("package.json", include_str!("../../engine/package.json")),
    ("package-lock.json", LOCK),
];

const LOCK: &str = include_str!("../../engine/package-lock.json");

/// The file that is written when npm has ended. It has the text of the lock file. If npm was interrupted, the program may
/// be there in part.
const INSTALLED: &str = "installed-lock.json";

/// How often the time of the installation is drawn again on a terminal.
const TICK: Duration = Duration::from_millis(250);

/// Installs the engine with npm, if it is not in the folder. Returns its program, which runs without Node.js.
///
/// # Errors
/// npm is not installed or fails, or there is no engine for this machine.
pub async fn install(folder: &Path) -> Result<PathBuf, Report> {
    let program = program(folder)?;
    if program.is_file() && is_current(folder) {
        return Ok(program);
    }
    mailstore_reach::say!(
        "Installing the engine in {}. npm downloads about 80 MB, which can take some minutes.",
        folder.display()
    );
    let _progress = progress();
    fs::create_dir_all(folder)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot create {}", folder.display()))?;
    for (name, text) in PACKAGE {
        let path = folder.join(name);
        fs::write(&path, text)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot write {}", path.display()))?;
    }
    let npm = Command::new("npm")
        // A script of a dependency would report the installation to its maker.
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .status()
        .await
        .map_err(|error| {
            miette!(
                help = "Install Node.js with npm. It unpacks the engine and is not needed later.",
                "npm cannot be started: {error}"
            )
        })?;
    if !npm.success() {
        return Err(miette!("`npm ci` in {} failed: {npm}", folder.display()));
    }
    if !program.is_file() {
        return Err(miette!(
            "the package of the engine has no program {}",
            program.display()
        ));
    }
    mailstore_profiles::replace(&folder.join(INSTALLED), LOCK.as_bytes())
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot write to {}", folder.display()))?;
    Ok(program)
}

/// Shows on a terminal for how long the installation has run, until it is dropped.
fn progress() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(TICK);
    bar
}

/// Returns whether the pinned version was installed in the folder to its end.
fn is_current(folder: &Path) -> bool {
    fs::read_to_string(folder.join(INSTALLED)).is_ok_and(|found| found == LOCK)
}

/// Returns the path of the program for this machine.
fn program(folder: &Path) -> Result<PathBuf, Report> {
    let system = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "linux-x64",
        ("linux", "aarch64") => "linux-arm64",
        ("macos", "x86_64") => "darwin-x64",
        ("macos", "aarch64") => "darwin-arm64",
        (system, machine) => {
            return Err(miette!(
                help = "Run the engine on Linux or macOS, for example in a virtual machine.",
                "there is no engine for {system} on {machine}"
            ));
        }
    };
    Ok(folder.join(format!(
        "node_modules/@restatedev/restate-server-{system}/bin/restate-server"
    )))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn an_interrupted_installation_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        // npm was interrupted while it wrote the program.
        for (name, text) in PACKAGE {
            fs::write(folder.path().join(name), text).unwrap();
        }
        assert!(!is_current(folder.path()));
        mailstore_profiles::replace(&folder.path().join(INSTALLED), LOCK.as_bytes()).unwrap();
        assert!(is_current(folder.path()));
        mailstore_profiles::replace(&folder.path().join(INSTALLED), b"another version").unwrap();
        assert!(!is_current(folder.path()));
    }
}
