//! Checks the project rules that no other tool checks.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use mailstore_codegen::is_generated;
use mailstore_reach::say;
use miette::IntoDiagnostic;

use crate::{cycles, phrases, workspace};

/// The maximum number of lines of a file. A longer file has more than one subject.
const MAX_LINES: usize = 450;

/// Checks every hand-written Rust file, and the sentences of documents and overlays.
pub(crate) fn run() -> miette::Result<()> {
    let mut problems = Vec::new();
    let mut rust_files = 0;
    for path in files()? {
        if path.ends_with("Cargo.toml") {
            for root in cycles::roots(path.parent().unwrap_or(&path))? {
                problems.extend(cycles::find(&root)?);
            }
        }
        let Some(extension) = path.extension().and_then(OsStr::to_str) else {
            continue;
        };
        match extension {
            "rs" => {
                let text = workspace::read(&path)?;
                if !is_generated(text.as_bytes()) {
                    rust_files += 1;
                    check(&path, &text, &mut problems);
                }
            }
            "md" | "toml" => check_phrases(&path, &workspace::read(&path)?, &mut problems),
            _ => {}
        }
    }
    if !problems.is_empty() {
        problems.sort();
        miette::bail!("{}", problems.join("\n"));
    }
    say!("{rust_files} hand-written files follow the project rules");
    Ok(())
}

/// Whether a folder contains build results, generated files, or test inputs that are invalid on purpose.
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

/// The files of the repository, except those in hidden folders and in folders that are not checked.
fn files() -> miette::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![workspace::root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_diagnostic()? {
            let path = entry.into_diagnostic()?.path();
            if !path.is_dir() {
                files.push(path);
            } else if !is_hidden(&path) && !is_not_ours(&path) {
                folders.push(path);
            }
        }
    }
    Ok(files)
}

fn is_hidden(folder: &Path) -> bool {
    let name = folder.file_name();
    name.is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn check_phrases(path: &Path, text: &str, problems: &mut Vec<String>) {
    for (line, phrase) in phrases::find(text) {
        problems.push(format!(
            "{}:{line}: replace \"{phrase}\" with plain English; xtask/src/phrases.txt lists all phrases to avoid",
            name_of(path).display()
        ));
    }
}

/// The path of a file as messages show it.
fn name_of(path: &Path) -> PathBuf {
    path.strip_prefix(workspace::root())
        .map_or_else(|_| path.to_owned(), PathBuf::from)
}

fn check(path: &Path, text: &str, problems: &mut Vec<String>) {
    // The tests of this file contain the phrases.
    if !path.ends_with("xtask/src/phrases.rs") {
        check_phrases(path, text, problems);
    }
    let name = name_of(path);
    let mut report =
        |line: usize, problem: &str| problems.push(format!("{}:{line}: {problem}", name.display()));
    if !text.starts_with("//!") && !text.starts_with("#![doc = include_str!") {
        report(
            1,
            "the file must begin with a sentence about its contents (`//!`)",
        );
    }
    let lines = text.lines().count();
    if lines > MAX_LINES {
        report(
            lines,
            &format!("{lines} lines: split the file by subject; the maximum is {MAX_LINES}"),
        );
    }
    for (number, line) in text.lines().enumerate().map(|(index, line)| (index + 1, line)) {
        if line.ends_with([' ', '\t']) {
            report(number, "trailing white space");
        }
        let attribute = line.trim_start();
        if attribute.starts_with("#[ignore") || attribute.starts_with("#[should_panic") {
            report(number, "`#[ignore]` and `#[should_panic]` are not allowed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_with_a_listed_phrase_is_rejected() {
        let path = workspace::path("crates/some/src/file.rs");
        let mut problems = Vec::new();
        // The phrase is assembled here, because this file is checked too.
        let sentence = format!("Sends the request {}.", ["an", "ew"].concat());
        check(
            &path,
            "//! A file.\n\n// Sends the request again.\n",
            &mut problems,
        );
        assert_eq!(problems, [] as [String; 0]);
        check(&path, &format!("//! A file.\n\n// {sentence}\n"), &mut problems);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains("file.rs:3: replace "), "{problems:?}");
    }
}
