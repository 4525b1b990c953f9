//! Runs the commands that errors advise, exactly as they are printed. They succeed.

use std::fs;
use std::path::Path;
use std::process::Output;

use mailstore_sim::{Edition, Simulator};

use crate::program::{PASSWORD, mailstore, metadata, quoted, succeeds, words};

fn run(arguments: &[String], folder: &Path) -> Output {
    mailstore(arguments)
        .current_dir(folder)
        .output()
        .expect("it runs")
}

/// The commands between backquotes in the output of a program.
fn advised(output: &Output) -> Vec<String> {
    let text =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(!text.contains(PASSWORD), "{text}");
    let commands: Vec<String> = quoted(&text)
        .into_iter()
        .filter(|part| part.starts_with("mailstore "))
        .collect();
    assert!(!commands.is_empty(), "no command is advised: {text}");
    commands
}

/// The advised command must repeat `--known`, `--overlay` and `--only`. Otherwise it would delete the types.
#[test]
fn the_command_that_the_check_advises_repairs_a_stale_client() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::copy(metadata("server-24.json"), folder.path().join("my dump's.json")).expect("copied");
    let overlay = "[functions.GetStores]\nexample = \"let stores = client.get_stores().await?;\"\n";
    fs::write(folder.path().join("own overlay.toml"), overlay).expect("written");
    let check = "mailstore generate --check --dump \"my dump's.json\" --out 'a client' --known server \
                 --overlay 'own overlay.toml' --only GetStores,VerifyStore";
    let failed = run(&words(check), folder.path());
    assert!(!failed.status.success());
    for command in advised(&failed) {
        succeeds(&run(&words(&command), folder.path()));
    }
    succeeds(&run(&words(check), folder.path()));
    let client = fs::read_to_string(folder.path().join("a client/maintenance.rs"))
        .expect("the topic from the overlays");
    assert!(
        client.contains("StoreId"),
        "the client has lost its types: {client}"
    );
}

#[test]
fn the_commands_that_fetch_advises_compare_and_replace_an_existing_dump() {
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
    // The address has no `https://`.
    let address = server.url().trim_start_matches("https://");
    let fetch = format!(
        "mailstore metadata fetch --server {address} --out dump.json --edition spe --user operator --ca 'its ca.pem'"
    );
    let failed = run(&words(&fetch), folder.path());
    assert!(!failed.status.success());
    let commands = advised(&failed);
    assert!(
        commands[0].starts_with("mailstore metadata diff dump.json https://"),
        "{commands:?}"
    );
    assert_eq!(commands.len(), 2, "{commands:?}");
    for command in commands {
        succeeds(&run(&words(&command), folder.path()));
    }
    succeeds(&run(&words(&fetch), folder.path()));
}
