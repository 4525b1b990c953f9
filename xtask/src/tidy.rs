//! Rules of the project that no other tool knows.

use std::fs;
use std::path::{Path, PathBuf};

use mailstore_codegen::is_generated;
use mailstore_reach::say;
use miette::IntoDiagnostic;

use crate::{cycles, workspace};

/// A file that grows beyond this many lines is about more than one thing.
const MAX_LINES: usize = 450;

/// Checks every hand-written Rust file.
pub(crate) fn run() -> miette::Result<()> {
    let mut problems = Vec::new();
    let mut files = 0;
    let mut crate_roots = Vec::new();
    let mut folders = ["crates", "examples", "probe", "tests", "tools", "xtask"]
        .map(workspace::path)
        .to_vec();
    while let Some(folder) = folders.pop() {
        if folder.join("Cargo.toml").is_file() {
            crate_roots.extend(cycles::roots(&folder)?);
        }
        for entry in fs::read_dir(&folder).into_diagnostic()? {
            let path = entry.into_diagnostic()?.path();
            if path.is_dir() {
                if !is_not_ours(&path) {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = workspace::read(&path)?;
                if !is_generated(text.as_bytes()) {
                    files += 1;
                    check(&path, &text, &mut problems);
                }
            }
        }
    }
    for root in crate_roots {
        problems.extend(cycles::find(&root)?);
    }
    if !problems.is_empty() {
        problems.sort();
        miette::bail!("{}", problems.join("\n"));
    }
    say!("{files} hand-written files are in order");
    Ok(())
}

/// Build results, generated files, and inputs of tests that are wrong on purpose.
fn is_not_ours(folder: &Path) -> bool {
    let names = [
        "target",
        "generated",
        "every_call",
        "decoders",
        "compile_fail",
        "golden",
        "snapshots",
    ];
    folder
        .file_name()
        .is_some_and(|name| names.iter().any(|other| name == *other))
}

fn check(path: &Path, text: &str, problems: &mut Vec<String>) {
    let name = path
        .strip_prefix(workspace::root())
        .map(PathBuf::from)
        .unwrap_or_else(|_| path.to_owned());
    let mut report =
        |line: usize, problem: &str| problems.push(format!("{}:{line}: {problem}", name.display()));
    if !text.starts_with("//!") && !text.starts_with("#![doc = include_str!") {
        report(1, "a file begins with a sentence about what it is (`//!`)");
    }
    let lines = text.lines().count();
    if lines > MAX_LINES {
        report(
            lines,
            &format!("{lines} lines: split the file by subject, at most {MAX_LINES}"),
        );
    }
    for (number, line) in text.lines().enumerate().map(|(index, line)| (index + 1, line)) {
        if line.ends_with([' ', '\t']) {
            report(number, "white space at the end of the line");
        }
        let attribute = line.trim_start();
        if attribute.starts_with("#[ignore") || attribute.starts_with("#[should_panic") {
            report(number, "a test is not ignored and does not expect a panic");
        }
    }
}
