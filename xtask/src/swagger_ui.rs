//! `cargo xtask swagger-ui`: downloads Swagger UI for the explorer, or checks the committed files.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::{Compression, GzBuilder};
use mailstore_reach::say;
use miette::{Context as _, IntoDiagnostic as _, bail};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha512};

use crate::workspace;

/// The package in the npm registry.
const PACKAGE: &str = "swagger-ui-dist";
const VERSION: &str = "5.35.0";

/// The SHA-512 of the package, as the npm registry states it.
const INTEGRITY: &str =
    "sha512-U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ==";

/// The files that the page needs, which are compressed, and the licences, which are not.
const FILES: [(&str, bool); 5] = [
    ("swagger-ui-bundle.js", true),
    ("swagger-ui.css", true),
    ("LICENSE", false),
    ("NOTICE", false),
    ("swagger-ui-bundle.js.LICENSE.txt", false),
];

/// The folder of the files, and the file that describes them.
const ASSETS: &str = "crates/mailstore-explorer/assets";
const DESCRIPTION: &str = "swagger-ui.json";

/// Download Swagger UI for `mailstore explore`.
///
/// Downloads a fixed version from the npm registry with `npm pack`, checks its digest, and writes the files that the page
/// needs to `crates/mailstore-explorer/assets`. No build does this.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Download and write nothing. Fail if a committed file has another digest than its description says.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> miette::Result<()> {
    let folder = workspace::path(ASSETS);
    if arguments.check {
        check(&folder)?;
        say!("{ASSETS} contains Swagger UI {VERSION}");
        return Ok(());
    }
    write(&folder, &download()?)?;
    say!("wrote Swagger UI {VERSION} to {ASSETS}");
    Ok(())
}

/// Downloads the package and returns its files by their names.
fn download() -> miette::Result<BTreeMap<&'static str, Vec<u8>>> {
    let folder = tempfile::tempdir().into_diagnostic()?;
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let package = format!("{PACKAGE}@{VERSION}");
    let words = [
        "pack",
        &package,
        "--silent",
        "--registry=https://registry.npmjs.org",
    ];
    run_in(folder.path(), npm, &words)?;
    let archive = format!("{PACKAGE}-{VERSION}.tgz");
    let bytes = read(&folder.path().join(&archive))?;
    let integrity = format!("sha512-{}", BASE64_STANDARD.encode(Sha512::digest(&bytes)));
    if integrity != INTEGRITY {
        bail!("the package {package} has the digest {integrity}, but {INTEGRITY} was expected");
    }
    run_in(folder.path(), "tar", &["-xzf", &archive])?;
    let files = FILES.map(|(name, _)| Ok((name, read(&folder.path().join("package").join(name))?)));
    files.into_iter().collect()
}

fn run_in(folder: &Path, program: &str, words: &[&str]) -> miette::Result<()> {
    let output = Command::new(program).args(words).current_dir(folder).output();
    let output = output
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot run `{program}`"))?;
    if !output.status.success() {
        bail!(
            "`{program}` failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(())
}

/// Writes the files and their description.
fn write(folder: &Path, files: &BTreeMap<&str, Vec<u8>>) -> miette::Result<()> {
    fs::create_dir_all(folder).into_diagnostic()?;
    let mut digests = BTreeMap::new();
    for (name, is_compressed) in FILES {
        let bytes = &files[name];
        let (name, bytes) = if is_compressed {
            (format!("{name}.gz"), compressed(bytes)?)
        } else {
            (name.to_owned(), bytes.clone())
        };
        fs::write(folder.join(&name), &bytes).into_diagnostic()?;
        digests.insert(name, hex(&Sha256::digest(&bytes)));
    }
    let description = json!({
        "package": PACKAGE,
        "version": VERSION,
        "source": format!("https://registry.npmjs.org/{PACKAGE}/-/{PACKAGE}-{VERSION}.tgz"),
        "integrity": INTEGRITY,
        "licence": "Apache-2.0",
        "sha256": digests,
    });
    let text = serde_json::to_string_pretty(&description).into_diagnostic()? + "\n";
    fs::write(folder.join(DESCRIPTION), text).into_diagnostic()
}

/// Compresses a file. The same file gives the same bytes.
fn compressed(bytes: &[u8]) -> miette::Result<Vec<u8>> {
    let mut writer = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    writer.write_all(bytes).into_diagnostic()?;
    writer.finish().into_diagnostic()
}

/// Checks that the description is that of this version, and that the files have the digests that it lists.
fn check(folder: &Path) -> miette::Result<()> {
    let description = read(&folder.join(DESCRIPTION))?;
    let description: Value = serde_json::from_slice(&description).into_diagnostic()?;
    if description["version"] != VERSION || description["integrity"] != INTEGRITY {
        bail!(
            help = "Run `cargo xtask swagger-ui` and commit the change.",
            "{ASSETS} does not contain Swagger UI {VERSION}"
        );
    }
    for (name, is_compressed) in FILES {
        let name = if is_compressed {
            format!("{name}.gz")
        } else {
            name.to_owned()
        };
        if description["sha256"][&name] != hex(&Sha256::digest(read(&folder.join(&name))?)) {
            bail!(
                help = "Run `cargo xtask swagger-ui` to download it again.",
                "{ASSETS}/{name} was changed"
            );
        }
    }
    Ok(())
}

fn read(path: &Path) -> miette::Result<Vec<u8>> {
    fs::read(path)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot read {}", path.display()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
