//! `mailstore completions`: completion of commands, functions, arguments and values in a shell.
//!
//! The shell runs this program with the environment variable [`VARIABLE`] to ask for candidates.

use std::env;
use std::ffi::OsStr;

use clap::ValueEnum;
use clap_complete::engine::CompletionCandidate;
use clap_complete::env::Shells;
use mailstore_codegen::model::{Argument, ArgumentKind};
use mailstore_reach::{Catalog, Edition, without_markdown};
use miette::{IntoDiagnostic as _, miette};

use crate::catalog;
use crate::exit::Failed;
use crate::output::print;

/// The environment variable with the name of the shell that asks for candidates.
pub(crate) const VARIABLE: &str = "MAILSTORE_COMPLETE";

/// Print a script that completes commands, functions, arguments and their values in a shell.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  mailstore completions bash > ~/.local/share/bash-completion/completions/mailstore
  mailstore completions fish > ~/.config/fish/completions/mailstore.fish
  mailstore completions powershell >> $PROFILE")]
pub(crate) struct Arguments {
    shell: Shell,
}

#[derive(Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let name = arguments.shell.to_possible_value();
    let name = name.as_ref().map_or("", |value| value.get_name());
    let shells = Shells::builtins();
    let completer = shells
        .completer(name)
        .ok_or_else(|| Failed::usage(miette!("`{name}` is not a known shell")))?;
    let mut script = Vec::new();
    completer
        .write_registration(VARIABLE, "mailstore", "mailstore", "mailstore", &mut script)
        .into_diagnostic()
        .map_err(Failed::work)?;
    print(&String::from_utf8_lossy(&script))
}

/// Returns the functions whose name begins with the typed text. Case makes no difference.
pub(crate) fn functions(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy().to_lowercase();
    let mut candidates: Vec<(String, String)> = Vec::new();
    for catalog in catalogs() {
        for function in catalog.api.functions() {
            let is_new = !candidates.iter().any(|(name, _)| *name == function.wire);
            if is_new && function.wire.to_lowercase().starts_with(&typed) {
                candidates.push((
                    function.wire.clone(),
                    without_markdown(&catalog, &function.summary),
                ));
            }
        }
    }
    candidates.sort();
    let candidate = |(name, summary)| CompletionCandidate::new(name).help(some(summary));
    candidates.into_iter().map(candidate).collect()
}

/// Returns the arguments, or the values of an argument, of the function in the command line that is completed.
pub(crate) fn arguments(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    // The command line follows `--`, and its own first word is the name of the program.
    let words: Vec<String> = env::args_os()
        .skip_while(|word| word != "--")
        .skip(2)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    for catalog in catalogs() {
        let Some(function) = words.iter().find_map(|word| catalog.function(word).ok()) else {
            continue;
        };
        return match typed.split_once('=') {
            None => function
                .arguments
                .iter()
                .filter(|argument| argument.wire.to_lowercase().starts_with(&typed.to_lowercase()))
                .map(|argument| {
                    CompletionCandidate::new(format!("{}=", argument.wire))
                        .help(some(without_markdown(&catalog, &argument.doc)))
                })
                .collect(),
            Some((name, value)) => {
                let Some(argument) = function.arguments.iter().find(|argument| argument.wire == name) else {
                    return Vec::new();
                };
                values(&catalog, argument)
                    .into_iter()
                    .filter(|(word, _)| word.starts_with(value))
                    .map(|(word, doc)| CompletionCandidate::new(format!("{name}={word}")).help(some(doc)))
                    .collect()
            }
        };
    }
    Vec::new()
}

/// Returns the known values of an argument with their descriptions.
pub(crate) fn values(catalog: &Catalog, argument: &Argument) -> Vec<(String, String)> {
    match catalog.words(&argument.ty) {
        Some(known) => known
            .words
            .iter()
            .map(|(word, doc)| ((*word).to_owned(), without_markdown(catalog, doc)))
            .collect(),
        None if argument.sent_as() == ArgumentKind::Bool => ["true", "false"]
            .map(|word| (word.to_owned(), String::new()))
            .into(),
        None => Vec::new(),
    }
}

fn catalogs() -> impl Iterator<Item = Catalog> {
    Edition::ALL
        .into_iter()
        .filter_map(|edition| catalog::built_in(edition).ok())
}

fn some(text: String) -> Option<clap::builder::StyledStr> {
    (!text.is_empty()).then(|| text.into())
}
