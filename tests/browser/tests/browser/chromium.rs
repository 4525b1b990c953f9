//! Finds Chromium, and installs its driver.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What a person must do if a program is missing.
const NEEDS: &str = "The browser tests need Chromium, npm and Node.js 20 or newer. Install them, for example with \
     `apt-get install chromium nodejs npm` (Debian 12 has an older Node.js). The environment variable CHROMIUM can have \
     the path of Chromium.";

const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// The path of Chromium.
///
/// # Panics
///
/// Panics if it is not found. The message says what to install.
pub(crate) fn chromium() -> PathBuf {
    if let Some(path) = env::var_os("CHROMIUM") {
        return PathBuf::from(path);
    }
    let folders = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&folders)
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("None of the programs {} was found. {NEEDS}", NAMES.join(", ")))
}

/// A command that runs a script of the folder `js` with `playwright-core`.
///
/// # Panics
///
/// Panics if the script cannot be run. The message says what to install.
pub(crate) fn node(script: &str) -> Command {
    static MODULES: OnceLock<PathBuf> = OnceLock::new();
    let modules = MODULES.get_or_init(install);
    let mut command = Command::new("node");
    command
        .arg(package().join("js").join(script))
        .env("NODE_PATH", modules)
        .env("CHROMIUM", chromium());
    command
}

/// The folder of this package.
fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs `npm ci` below the target folder, if it was not run for this lock file. Returns the folder of the modules.
fn install() -> PathBuf {
    let version = Command::new("node").arg("--version").output();
    assert!(version.is_ok(), "The program node was not found. {NEEDS}");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("playwright");
    fs::create_dir_all(&folder).unwrap();
    // Two test programs may start at once.
    let lock = File::create(folder.join("install.lock")).unwrap();
    fs4::FileExt::lock(&lock).unwrap();

    // npm writes the lock file first, so an interrupted installation needs another sign of its end.
    let locked = fs::read(package().join("package-lock.json")).unwrap();
    let installed = folder.join("installed.json");
    if fs::read(&installed).is_ok_and(|found| found == locked) {
        return folder.join("node_modules");
    }
    for file in ["package.json", "package-lock.json"] {
        fs::copy(package().join(file), folder.join(file)).unwrap();
    }
    let output = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(&folder)
        .output()
        .unwrap_or_else(|error| panic!("npm does not start: {error}. {NEEDS}"));
    assert!(
        output.status.success(),
        "`npm ci` failed in {}. It needs the npm registry, or another one in its configuration.\n{}",
        folder.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    fs::write(&installed, locked).unwrap();
    folder.join("node_modules")
}
