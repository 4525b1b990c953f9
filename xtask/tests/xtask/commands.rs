//! Runs every command that documents, examples and help texts show. Commands that are not run are listed with a reason.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Output, Stdio};

use mailstore_metadata::Dump;
use mailstore_sim::{Builder, Edition, Simulator};

use crate::checkout::{Checkout, PASSWORD};
use crate::command_table::COMMANDS;
use crate::command_table::How::{In, IsATest, NotRun, Run, Serves, Shorter, With};
use crate::documents::{self, Shown};
use crate::programs::{program_of, programs, root, test_target_of};

/// Every command in a document is in the table, and every command in the table is in a document.
#[test]
fn every_command_that_is_shown_is_run_or_listed_with_a_reason() {
    let shown = documents::commands();
    assert!(shown.len() > 50, "too few commands were found: {shown:?}");
    let listed: BTreeSet<&str> = COMMANDS.iter().map(|(command, _)| *command).collect();
    assert_eq!(listed.len(), COMMANDS.len(), "a command is listed twice");
    let unknown: Vec<&Shown> = shown
        .iter()
        .filter(|shown| !listed.contains(shown.command.as_str()))
        .collect();
    assert!(
        unknown.is_empty(),
        "add these commands to the table of this test: {unknown:#?}"
    );
    let shown: BTreeSet<&str> = shown.iter().map(|shown| shown.command.as_str()).collect();
    let gone: Vec<&&str> = listed.difference(&shown).collect();
    assert!(gone.is_empty(), "no document shows these commands: {gone:#?}");
}

#[test]
fn the_tests_and_programs_that_the_table_names_exist() {
    for (command, how) in COMMANDS {
        match how {
            In(file, function) => {
                let text = fs::read_to_string(root().join("xtask/tests/xtask").join(file)).expect(file);
                assert!(
                    text.contains(&format!("\nfn {function}() {{")),
                    "{file} has no {function}"
                );
            }
            IsATest => assert!(test_target_of(command), "{command} runs no test of the workspace"),
            NotRun(reason) => assert!(!reason.is_empty()),
            Run | With(_) | Shorter(_) | Serves => {}
        }
        if command.contains("cargo run ") {
            let program = program_of(command).unwrap_or_else(|| panic!("{command} names no program"));
            assert!(
                programs().contains_key(&program),
                "{command}: there is no {program}"
            );
        }
    }
}

#[test]
fn every_other_shown_command_succeeds() {
    let checkout = Checkout::new();
    let start = |builder: Builder| {
        let builder = builder.credentials("admin", PASSWORD);
        builder.start().expect("it starts")
    };
    // The overlay of `own-client` describes a function that only the server of this example has.
    let dump = fs::read(root().join("examples/own-client/metadata.json")).expect("it is there");
    let dump = Dump::parse("metadata.json", &dump).expect("a dump");
    let server = start(Simulator::builder(Edition::Server).metadata(dump));
    let spe = start(Simulator::builder(Edition::Spe));
    fs::write(checkout.path("certificate.pem"), server.certificate_pem()).expect("written");
    fs::write(checkout.path("spe.pem"), spe.certificate_pem()).expect("written");
    fs::create_dir_all(checkout.path("examples/own-client")).expect("made");
    for file in ["metadata.json", "overlay.toml"] {
        let file = format!("examples/own-client/{file}");
        fs::copy(root().join(&file), checkout.path(&file)).expect("copied");
    }
    fs::copy(
        checkout.path("metadata/mailstore/server-24.json"),
        checkout.path("dump.json"),
    )
    .expect("copied");
    for (command, how) in COMMANDS {
        let line = match how {
            Run => (*command).to_owned(),
            With(replaced) => replaced.iter().fold((*command).to_owned(), |line, (word, by)| {
                assert!(line.contains(word), "{command} has no {word}");
                line.replace(word, by)
            }),
            Shorter(arguments) => format!("{command} -- {arguments}"),
            Serves => {
                serves(&checkout, command);
                continue;
            }
            IsATest | In(..) | NotRun(_) => continue,
        };
        let address = server.url().trim_start_matches("https://");
        let line = line.replace("ADDRESS", address).replace("SPE", spe.url());
        let output = prepared(&checkout, &line).output().expect("it runs");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        // The exit code 1 means that the responses of the simulator differ from the overlays.
        let differs = line.starts_with("mailstore probe ") && output.status.code() == Some(1);
        assert!(
            output.status.success() || differs,
            "{line}\n{printed}{}",
            errors(&output)
        );
        if line.starts_with("curl ") {
            assert!(printed.contains("john.doe@example.com"), "{line}\n{printed}");
        }
    }
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The command for a line, in the checkout.
fn prepared(checkout: &Checkout, line: &str) -> Command {
    let words = shlex::split(line).expect("it is quoted");
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (program, arguments): (String, &[&str]) = match words.as_slice() {
        ["cargo", "xtask", rest @ ..] => ("xtask".to_owned(), rest),
        ["cargo", "run", rest @ ..] => {
            let after = rest
                .iter()
                .position(|word| *word == "--")
                .map_or(rest.len(), |at| at + 1);
            (program_of(line).expect("a program"), &rest[after..])
        }
        [program, rest @ ..] => ((*program).to_owned(), rest),
        [] => panic!("a line is empty"),
    };
    let path = programs()
        .get(&program)
        .cloned()
        .unwrap_or_else(|| program.into());
    let mut command = checkout.command(&path, "");
    command.args(arguments);
    command
}

fn serves(checkout: &Checkout, line: &str) {
    // The usual port may be in use.
    let line = line.replace("127.0.0.1:8474", "127.0.0.1:0");
    let mut child = prepared(checkout, &line)
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut said = String::new();
    BufReader::new(child.stdout.take().expect("a pipe"))
        .read_line(&mut said)
        .expect("it prints");
    let interrupted = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(interrupted.expect("it runs").success());
    assert!(child.wait().expect("it ends").success(), "{line}");
    assert!(said.contains("https://127.0.0.1:"), "{line}: {said}");
}
