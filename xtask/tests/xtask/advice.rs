//! Commands that errors advise are taken from what is printed, run as they are, and succeed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::checkout::{Checkout, PASSWORD, words};
use mailstore_sim::{Edition, Simulator};

use crate::programs::{programs, root};

fn xtask(arguments: &[String], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .current_dir(folder)
        .env("MAILSTORE_PASSWORD", PASSWORD)
        .env_remove("MAILSTORE_USER")
        .output()
        .expect("it runs")
}

/// The commands of this workspace that a text names between backquotes.
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

fn metadata(name: &str) -> PathBuf {
    let package = std::env::current_dir().expect("cargo runs tests in the package");
    package.join("../metadata").join(name)
}

/// Following the advice once deleted every type, because it lacked `--known`, `--overlay` and `--only`.
#[test]
fn a_stale_client_is_repaired_by_the_command_that_the_check_advises() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::copy(metadata("server-24.json"), folder.path().join("my dump's.json")).expect("copied");
    let overlay = "[functions.GetStores]\nexample = \"let stores = client.get_stores().await?;\"\n";
    fs::write(folder.path().join("own overlay.toml"), overlay).expect("written");
    let check = "cargo xtask codegen --check --dump \"my dump's.json\" --out 'a client' --known server \
                 --overlay 'own overlay.toml' --only GetStores,VerifyStore";
    let failed = xtask(&words(check), folder.path());
    assert!(!failed.status.success());
    for command in advised(&failed) {
        succeeds(&xtask(&words(&command), folder.path()));
    }
    succeeds(&xtask(&words(check), folder.path()));
    let client = fs::read_to_string(folder.path().join("a client/maintenance.rs"))
        .expect("the topic from the overlays");
    assert!(
        client.contains("StoreId"),
        "the client has lost its types: {client}"
    );
}

#[test]
fn a_dump_that_would_be_overwritten_is_compared_and_replaced_by_the_commands_that_fetch_advises() {
    let server = Simulator::builder(Edition::Spe)
        .credentials("operator", PASSWORD)
        .start()
        .expect("it starts");
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("its ca.pem"), server.certificate_pem()).expect("written");
    fs::write(
        folder.path().join("dump.json"),
        "[{\"name\": \"Old\", \"args\": []}]",
    )
    .expect("written");
    // Without `https://`, as many type it.
    let address = server.url().trim_start_matches("https://");
    let fetch = format!(
        "cargo xtask fetch {address} --out dump.json --edition spe --user operator --ca 'its ca.pem'"
    );
    let failed = xtask(&words(&fetch), folder.path());
    assert!(!failed.status.success());
    let commands = advised(&failed);
    assert!(
        commands[0].starts_with("cargo xtask diff dump.json https://"),
        "{commands:?}"
    );
    assert_eq!(commands.len(), 2, "{commands:?}");
    for command in commands {
        succeeds(&xtask(&words(&command), folder.path()));
    }
    succeeds(&xtask(&words(&fetch), folder.path()));
}

#[test]
fn a_record_that_does_not_fit_is_repaired_by_the_lines_that_the_check_prints() {
    let checkout = Checkout::new();
    let record = checkout.path("metadata/server-9.toml");
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
fn a_program_works_on_the_clone_that_it_runs_in_and_not_on_the_one_it_was_compiled_in() {
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
fn the_separate_client_is_written_to_the_clone_that_its_generator_runs_in() {
    let program = &programs()["own-client-generate"];
    let checkout = Checkout::new();
    for file in ["metadata.json", "overlay.toml"] {
        let file = format!("examples/own-client/{file}");
        fs::create_dir_all(checkout.path("examples/own-client")).expect("made");
        fs::copy(root().join(&file), checkout.path(&file)).expect("copied");
    }
    succeeds(&checkout.command(program, "metadata").output().expect("it runs"));
    let client = "examples/own-client/src/client/mod.rs";
    let written = fs::read_to_string(checkout.path(client)).expect("it was written");
    let here = fs::read_to_string(root().join(client)).expect("it is there");
    assert_eq!(written, here);

    let elsewhere = tempfile::tempdir().expect("a folder");
    let mut command = checkout.command(program, "");
    let refused = command.current_dir(elsewhere.path()).output().expect("it runs");
    assert!(!refused.status.success());
    let errors = String::from_utf8_lossy(&refused.stderr);
    assert!(
        errors.contains("`cargo run -p own-client-generate` in a clone"),
        "{errors}"
    );
}

/// The step once deleted a file that the simulator includes.
#[test]
fn naming_a_new_list_as_the_guide_says_keeps_every_file_that_is_included() {
    let checkout = Checkout::new();
    let new = fs::read_to_string(checkout.path("metadata/server-24.json")).expect("it is there");
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
        "cargo xtask fetch {} --edition server --insecure --out server-25.json",
        server.url()
    );
    succeeds(&checkout.xtask(&fetch));
    succeeds(&checkout.xtask("cargo xtask history"));
    let list = checkout.path("metadata/editions.toml");
    let editions = fs::read_to_string(&list).expect("it is there");
    fs::write(&list, editions.replace("server-24.json", "server-25.json")).expect("written");
    succeeds(&checkout.xtask("cargo xtask codegen"));
    succeeds(&checkout.xtask("cargo xtask codegen --check"));
    succeeds(&checkout.xtask("cargo xtask coverage --plain"));
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
fn a_users_file_among_generated_ones_is_never_removed_and_the_error_names_it() {
    for folder in ["metadata/openapi", "metadata/schema", "probe/src/decoders"] {
        let checkout = Checkout::new();
        let mine = checkout.path(folder).join("mine.json");
        fs::write(&mine, "{}\n").expect("written");
        let refused = checkout.xtask("cargo xtask codegen");
        assert!(!refused.status.success());
        assert!(String::from_utf8_lossy(&refused.stderr).contains("mine.json"));
        assert!(mine.is_file());
        fs::remove_file(&mine).expect("moved elsewhere, as the advice says");
        succeeds(&checkout.xtask("cargo xtask codegen"));
    }
}
