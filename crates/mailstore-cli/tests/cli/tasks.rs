//! Calls that are left running, and the commands that return to them.

use std::fs;
use std::time::Duration;

use mailstore_sim::{Edition, Simulator};

use crate::support::{Ran, Server, run};

/// A server whose calls take one step with each status request.
fn quick() -> Server {
    Server::of(
        Simulator::builder(Edition::Server)
            .step(Duration::ZERO)
            .start()
            .unwrap(),
    )
}

fn detach(server: &Server) -> (Ran, String) {
    let ran = server.call(&["--detach", "VerifyStore", "id=1", "includeIndexes=false"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let file = server.token_file();
    (ran, file)
}

#[test]
fn a_detached_call_is_watched_to_its_end() {
    let server = quick();
    let (ran, file) = detach(&server);
    let watch = ran
        .stdout
        .lines()
        .find(|line| line.contains("tasks watch"))
        .unwrap();
    let words = shlex::split(watch).unwrap();
    let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();

    let list = run(&mut server.command(&["tasks", "list"]));
    assert!(
        list.stdout.contains("VerifyStore") && list.stdout.contains(&file),
        "{list:?}"
    );
    let watched = run(&mut server.command(&words));
    assert_eq!(watched.code, Some(0), "{watched:?}");
    assert!(
        watched.stderr.contains("Finished. No errors have been found."),
        "{watched:?}"
    );
    assert_eq!(server.simulator.starts("VerifyStore"), 1);
    let list = run(&mut server.command(&["tasks", "list"]));
    assert_eq!(list.stdout, "There are no saved tokens.\n");
}

#[test]
fn a_detached_call_is_cancelled() {
    let server = Server::start();
    let (_, file) = detach(&server);
    let ran = run(&mut server.command(&server.with_trust("tasks cancel", &[&file])));
    assert_eq!(ran.code, Some(7), "{ran:?}");
    assert!(!fs::exists(&file).unwrap());
}

#[test]
fn a_token_file_stays_if_the_server_cannot_be_reached() {
    let server = quick();
    let (_, file) = detach(&server);
    let words = ["tasks", "watch", "--pin", &"00".repeat(32), &file];
    let ran = run(&mut server.command(&words));
    assert_eq!(ran.code, Some(5), "{ran:?}");
    assert!(fs::exists(&file).unwrap());
}

/// The device `/dev/full` behaves like a full disk.
#[cfg(target_os = "linux")]
#[test]
fn a_token_file_stays_if_the_result_cannot_be_printed() {
    let server = Server::of(
        Simulator::builder(Edition::Server)
            .step(Duration::ZERO)
            .long_running("GetUsers")
            .start()
            .unwrap(),
    );
    let ran = server.call(&["--detach", "GetUsers"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let file = server.token_file();
    let words = server.with_trust("tasks watch", &[&file]);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output = server.command(&words).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(fs::exists(&file).unwrap());
    let watched = run(&mut server.command(&words));
    assert_eq!(watched.code, Some(0), "{watched:?}");
    assert!(watched.stdout.contains("\"userName\""), "{watched:?}");
    assert!(!fs::exists(&file).unwrap());
}

#[test]
fn a_token_that_cannot_be_saved_is_printed() {
    let server = quick();
    let file = server.write("file", "");
    let words = server.with_trust(
        "call",
        &["--detach", "VerifyStore", "id=1", "includeIndexes=false"],
    );
    let ran = run(server.command(&words).env("MAILSTORE_TASKS", file));
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("The token is "), "{ran:?}");
}

#[test]
fn a_damaged_token_file_is_reported_and_kept() {
    let server = quick();
    let file = server.folder.path().join("damaged.json").display().to_string();
    for text in ["", "{", "null", r#"{"user":"a","token":{"format":99}}"#] {
        fs::write(&file, text).unwrap();
        for command in ["watch", "cancel", "forget"] {
            let ran = run(&mut server.command(&["tasks", command, &file]));
            assert_eq!(ran.code, Some(2), "{ran:?}");
            assert!(ran.stderr.contains("is not a token file"), "{ran:?}");
            assert!(fs::exists(&file).unwrap());
        }
        let list = run(&mut server.command(&["tasks", "list"]));
        assert_eq!(list.code, Some(0), "{list:?}");
        assert!(list.stderr.contains("is not a token file"), "{list:?}");
    }
}

#[test]
fn a_call_continues_after_its_token_file_is_removed() {
    let server = quick();
    let (_, file) = detach(&server);
    let ran = run(&mut server.command(&["tasks", "forget", &file]));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(!fs::exists(&file).unwrap());
}
