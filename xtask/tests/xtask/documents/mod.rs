//! Collects the commands that documents, examples and help texts show.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::programs::{programs, root};

/// A command and the place that shows it.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) command: String,
    place: String,
}

/// Documents that mention commands but do not instruct readers to run them.
const NOT_READ: [&str; 2] = ["ARCHITECTURE.md", "CHANGELOG.md"];

/// Fenced code in these languages contains no shell commands.
const OTHER_LANGUAGES: [&str; 9] = [
    "rust",
    "toml",
    "json",
    "ini",
    "icinga2",
    "bat",
    "powershell",
    "cron",
    "csv",
];

/// Beginnings of blocks that contain no commands.
const NOT_COMMANDS: [&str; 1] = ["error[E0061]"];

/// Beginnings of commands between backquotes.
const PROGRAMS: [&str; 7] = [
    "cargo ",
    ".ci/",
    "mailstore ",
    "mailstore-sim ",
    "curl ",
    "git ",
    "MAILSTORE_PASSWORD=",
];

/// Names of tools between backquotes. No document instructs readers to run them without arguments.
const NAMES: [&str; 8] = [
    "cargo fmt",
    "cargo test",
    "mailstore check",
    "mailstore compare",
    "mailstore export",
    "mailstore generate",
    "mailstore probe",
    "mailstore tasks",
];

/// Returns every shown command, once for each place.
pub(crate) fn commands() -> Vec<Shown> {
    let mut found = Vec::new();
    for path in files(&root()) {
        let text = fs::read_to_string(&path).expect("a text").replace("\r\n", "\n");
        let text = if path.extension().is_some_and(|extension| extension == "md") {
            text
        } else {
            let heads = text.lines().filter_map(|line| line.strip_prefix("//!"));
            heads.map(|line| line.trim().to_owned() + "\n").collect()
        };
        let place = path
            .strip_prefix(root())
            .expect("it is below")
            .display()
            .to_string();
        add(&mut found, &text, &place);
    }
    for (place, text) in helps() {
        add(&mut found, &text, &place);
    }
    // `fleet/tests/documents.rs` checks the commands of that workspace.
    found.retain(|shown| !shown.place.starts_with("fleet"));
    found
}

fn add(found: &mut Vec<Shown>, text: &str, place: &str) {
    let (fenced, prose) = split(text);
    let quoted = prose.split('`').skip(1).step_by(2).map(joined);
    let quoted = quoted
        .filter(|code| PROGRAMS.iter().any(|program| code.starts_with(program)))
        .filter(|code| !NAMES.contains(&code.as_str()));
    for command in fenced.into_iter().chain(quoted) {
        found.push(Shown {
            command: bare(&command),
            place: place.to_owned(),
        });
    }
}

/// Joins a text into one line.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Removes the comment and the optional arguments of a command.
fn bare(command: &str) -> String {
    let command = command.split(" # ").next().unwrap_or_default();
    let command = command.split(" [").next().unwrap_or_default();
    command.trim().trim_start_matches("$ ").to_owned()
}

/// Returns the commands in fenced blocks, and the text without the blocks.
fn split(text: &str) -> (Vec<String>, String) {
    let (mut commands, mut prose) = (Vec::new(), String::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(kind) = fence(line) else {
            prose.push_str(line);
            prose.push('\n');
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| fence(line).is_none()).collect();
        let is_other = OTHER_LANGUAGES.iter().any(|other| kind.starts_with(other));
        let first = block.first().copied().unwrap_or_default();
        if is_other || NOT_COMMANDS.iter().any(|start| first.starts_with(start)) {
            continue;
        }
        // In a session, the other lines are output.
        let is_session = kind == "console" || block.iter().any(|line| line.starts_with("$ "));
        let block = block.into_iter().filter(|line| !line.trim().is_empty());
        commands.extend(
            block
                .filter(|line| !is_session || line.starts_with("$ "))
                .map(str::to_owned),
        );
    }
    (commands, prose)
}

/// The text after the marks of a fence. `None` if the line is not a fence.
fn fence(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let rest = line.strip_prefix("```").or_else(|| line.strip_prefix("~~~"))?;
    Some(rest.trim())
}

/// The documents and the examples of the workspace.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if path.is_dir() {
            if name != "target" && !name.starts_with('.') {
                found.extend(files(&path));
            }
        } else if is_document(&path) && !NOT_READ.contains(&name) {
            found.insert(path);
        }
    }
    found
}

fn is_document(path: &Path) -> bool {
    let has = |extension: &str| path.extension().is_some_and(|found| found == extension);
    let below = path.strip_prefix(root()).expect("it is below");
    has("md") || (has("rs") && below.components().any(|part| part.as_os_str() == "examples"))
}

/// Commands of xtask that run another program, which has the help text.
const DELEGATING: [&str; 1] = ["bench"];

/// The help texts of the tools and their commands.
fn helps() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for program in ["xtask", "mailstore-bench", "mailstore-sim", "mailstore"] {
        add_helps(&mut found, program, &[]);
    }
    found
}

/// Adds the help text of a command and those of its subcommands.
fn add_helps(found: &mut Vec<(String, String)>, program: &str, words: &[&str]) {
    let text = help(program, words);
    let commands = text.split_once("Commands:\n").map_or("", |(_, rest)| rest);
    let commands = commands.lines().take_while(|line| !line.is_empty());
    // The commands of these topics are made from the catalogs. Their help texts contain no examples.
    let commands = commands.filter(|line| !line.contains(" Functions: "));
    let names = commands.filter_map(|line| line.split_whitespace().next());
    for name in
        names.filter(|name| !DELEGATING.contains(name) && name.starts_with(|c: char| c.is_ascii_lowercase()))
    {
        // The second line of a description begins with more than two spaces.
        if text.contains(&format!("\n  {name} ")) {
            add_helps(found, program, &[words, &[name]].concat());
        }
    }
    let place = [&[program], words, &["--help"]].concat().join(" ");
    found.push((place, with_fenced_examples(&text)));
}

/// Encloses the lines below `Examples:` in a fence.
fn with_fenced_examples(text: &str) -> String {
    match text.split_once("Examples:\n") {
        Some((before, after)) => {
            let (examples, after) = after.split_once("\n\n").unwrap_or((after, ""));
            let mut commands = String::new();
            for line in examples.lines().map(str::trim) {
                // Other lines continue a command that was wrapped.
                let is_start = PROGRAMS.iter().any(|program| line.starts_with(program));
                commands.push_str(if is_start { "\n" } else { " " });
                commands.push_str(line);
            }
            format!("{before}```text\n{}\n```\n{after}", commands.trim())
        }
        None => text.to_owned(),
    }
}

fn help(program: &str, more: &[&str]) -> String {
    let output = Command::new(&programs()[program])
        .args(more)
        .arg("--help")
        .output();
    String::from_utf8(output.expect("it runs").stdout).expect("text")
}
