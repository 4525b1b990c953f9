//! Runs the commands that errors advise, exactly as they are printed. They succeed.

use std::fs;
use std::process::Output;

use mailstore_sim::{Edition, Simulator};

use crate::checkout::{Checkout, PASSWORD};
use crate::programs::{programs, root};

/// The commands of this workspace between backquotes in the output of a program.
fn advised(output: &Output) -> Vec<String> {
    let text =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(!text.contains(PASSWORD), "{text}");
    let quoted = text.split('`').skip(1).step_by(2);
    let commands: Vec<String> = quoted
        .filter(|part| part.starts_with("cargo xtask "))
        .map(str::to_owned)
        .collect();
    assert!(!commands.is_empty(), "no command is advised: {text}");
    commands
}

#[track_caller]
fn succeeds(output: &Output) {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_lines_that_the_check_prints_repair_a_record_that_does_not_match() {
    let checkout = Checkout::new();
    let record = checkout.path("metadata/mailstore/server-9.toml");
    let right = fs::read_to_string(&record).expect("it is there");
    let wrong = right
        .replace("functions = 51", "functions = 50")
        .replace("sha256 = \"", "sha256 = \"0");
    fs::write(&record, &wrong).expect("written");
    let failed = checkout.xtask("cargo xtask codegen --check");
    assert!(!failed.status.success());
    let text = String::from_utf8_lossy(&failed.stderr).into_owned();
    let mut lines: Vec<String> = wrong.lines().map(str::to_owned).collect();
    for name in ["functions = ", "sha256 = "] {
        let printed = text
            .lines()
            .map(|line| line.trim_matches(|c: char| c == '│' || c.is_whitespace()));
        let advised = printed
            .filter_map(|line| line.find(name).map(|at| &line[at..]))
            .next_back();
        let place = lines
            .iter()
            .position(|line| line.starts_with(name))
            .expect("a member");
        lines[place] = advised.expect("a line to copy").to_owned();
    }
    fs::write(&record, lines.join("\n") + "\n").expect("written");
    succeeds(&checkout.xtask("cargo xtask codegen --check"));
}

#[test]
fn xtask_uses_the_clone_in_which_it_runs_not_the_one_in_which_it_was_compiled() {
    let checkout = Checkout::new();
    let catalog = checkout.path("crates/mailstore-api/src/generated/server/catalog.rs");
    let right = fs::read_to_string(&catalog).expect("it is there");
    fs::write(&catalog, right.clone() + "// changed\n").expect("written");
    let failed = checkout.xtask("cargo xtask codegen --check");
    assert!(!failed.status.success(), "the other clone was checked");
    for command in advised(&failed) {
        succeeds(&checkout.xtask(&command));
    }
    assert_eq!(fs::read_to_string(&catalog).expect("it is there"), right);
    succeeds(&checkout.xtask("cargo xtask codegen --check"));
}

#[test]
fn the_generator_of_the_separate_client_writes_to_the_clone_in_which_it_runs() {
    let program = &programs()["own-client-generate"];
    let checkout = Checkout::new();
    for file in ["metadata.json", "overlay.toml"] {
        let file = format!("examples/own-client/{file}");
        fs::create_dir_all(checkout.path("examples/own-client")).expect("made");
        fs::copy(root().join(&file), checkout.path(&file)).expect("copied");
    }
    succeeds(
        &checkout
            .command(program, "metadata/mailstore")
            .output()
            .expect("it runs"),
    );
    let client = "examples/own-client/src/client/mod.rs";
    let written = fs::read_to_string(checkout.path(client)).expect("it was written");
    let here = fs::read_to_string(root().join(client)).expect("it is there");
    assert_eq!(written, here);

    let elsewhere = tempfile::tempdir().expect("a folder");
    let mut command = checkout.command(program, "");
    let rejected = command.current_dir(elsewhere.path()).output().expect("it runs");
    assert!(!rejected.status.success());
    let errors = String::from_utf8_lossy(&rejected.stderr);
    assert!(
        errors.contains("`cargo run -p own-client-generate` in a clone"),
        "{errors}"
    );
}

/// The step must keep the files that the simulator includes.
#[test]
fn adding_a_new_function_list_as_in_the_guide_keeps_every_included_file() {
    let checkout = Checkout::new();
    let new = fs::read_to_string(checkout.path("metadata/mailstore/server-24.json")).expect("it is there");
    let new = new.replacen(
        "[\n",
        "[\n  {\"name\": \"AddedInTheNewVersion\", \"args\": []},\n",
        1,
    );
    let server = Simulator::builder(Edition::Server)
        .credentials("admin", PASSWORD)
        .metadata(mailstore_metadata::Dump::parse("new", new.as_bytes()).expect("a dump"))
        .start()
        .expect("it starts");
    let fetch = format!(
        "mailstore metadata fetch --server {} --edition server --insecure --out server-25.json",
        server.url()
    );
    succeeds(&checkout.mailstore(&fetch));
    succeeds(&checkout.mailstore("mailstore metadata history --folder ."));
    let list = checkout.path("metadata/mailstore/editions.toml");
    let editions = fs::read_to_string(&list).expect("it is there");
    fs::write(&list, editions.replace("server-24.json", "server-25.json")).expect("written");
    succeeds(&checkout.xtask("cargo xtask codegen"));
    succeeds(&checkout.xtask("cargo xtask codegen --check"));
    let built_in = checkout.path("crates/mailstore-cli/src/built_in/table.rs");
    let built_in = fs::read_to_string(built_in).expect("it is there");
    assert!(built_in.contains("server-25.json"));
    for included in ["server.json", "spe.json"] {
        assert!(
            checkout
                .path("crates/mailstore-sim/src/dumps")
                .join(included)
                .is_file()
        );
    }
    let served =
        fs::read_to_string(checkout.path("crates/mailstore-sim/src/dumps/server.json")).expect("it is there");
    assert!(served.contains("AddedInTheNewVersion"));
}

#[test]
fn a_foreign_file_in_a_generated_folder_is_never_removed_and_the_error_contains_its_name() {
    for folder in [
        "metadata/mailstore/openapi",
        "metadata/mailstore/schema",
        "crates/mailstore-cli/src/built_in",
        "crates/mailstore-probe/src/decoders",
    ] {
        let checkout = Checkout::new();
        let mine = checkout.path(folder).join("mine.json");
        fs::write(&mine, "{}\n").expect("written");
        let rejected = checkout.xtask("cargo xtask codegen");
        assert!(!rejected.status.success());
        assert!(String::from_utf8_lossy(&rejected.stderr).contains("mine.json"));
        assert!(mine.is_file());
        fs::remove_file(&mine).expect("removed, as the advice says");
        succeeds(&checkout.xtask("cargo xtask codegen"));
    }
}
