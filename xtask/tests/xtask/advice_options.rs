//! Adds the options and variables that errors advise to the command, exactly as they are printed. It succeeds.
#![cfg(unix)]

use std::fs;
use std::process::Command;

use mailstore_sim::{Edition, Simulator};

use crate::checkout::Checkout;
use crate::programs::programs;

fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn a_missing_record_can_be_written_from_the_text_of_the_error() {
    let checkout = Checkout::new();
    let record = checkout.path("metadata/mailstore/server-9.toml");
    fs::remove_file(&record).expect("it was there");
    let failed = checkout.xtask("cargo xtask codegen --check");
    assert!(!failed.status.success());
    let text = String::from_utf8_lossy(&failed.stderr).into_owned();
    let printed = text
        .lines()
        .map(|line| line.trim_matches(|c: char| c == '│' || c.is_whitespace()));
    let mut lines: Vec<String> = printed
        .filter_map(|line| {
            ["functions = ", "sha256 = "]
                .iter()
                .find_map(|name| line.find(name).map(|at| line[at..].to_owned()))
        })
        .collect();
    assert_eq!(lines.len(), 2, "{text}");
    for member in ["edition = \"server\"", "date = ", "origin = \"rebuilt"] {
        let advised = quoted(&text).into_iter().find(|part| part.starts_with(member));
        lines.push(advised.unwrap_or_else(|| panic!("no {member}: {text}")));
    }
    fs::write(&record, lines.join("\n") + "\n").expect("written");
    let checked = checkout.xtask("cargo xtask codegen --check");
    assert!(
        checked.status.success(),
        "{}",
        String::from_utf8_lossy(&checked.stderr)
    );
}

#[test]
fn the_tour_changes_a_real_server_only_with_the_option_that_the_error_advises() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut variables = Vec::new();
    let mut servers = Vec::new();
    for (edition, prefix) in [(Edition::Server, "MAILSTORE"), (Edition::Spe, "MAILSTORE_SPE")] {
        let server = Simulator::builder(edition).start().expect("it starts");
        let file = folder.path().join(edition.as_str());
        fs::write(&file, server.certificate_pem()).expect("written");
        variables.push((format!("{prefix}_HOST"), server.url().to_owned()));
        variables.push((format!("{prefix}_PASSWORD"), server.password().to_owned()));
        variables.push((format!("{prefix}_CA"), file.display().to_string()));
        servers.push(server);
    }
    let tour = |arguments: &[&str]| {
        let mut command = Command::new(&programs()["tour"]);
        command.args(arguments).envs(variables.clone());
        command
            .env_remove("MAILSTORE_USER")
            .env_remove("MAILSTORE_SPE_USER");
        command.output().expect("it runs")
    };
    let rejected = tour(&[]);
    assert!(!rejected.status.success());
    assert!(servers.iter().all(|server| server.received().is_empty()));
    let text = String::from_utf8_lossy(&rejected.stderr).into_owned();
    let option = text.split_whitespace().find(|word| word.starts_with("--"));
    let output = tour(&[option.expect("an option is advised")]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(servers.iter().all(|server| !server.received().is_empty()));
}
