//! No command prints a secret.

use crate::support::{Server, run};

const SECRET: &str = "canary-7f3a";

#[test]
fn a_secret_on_the_command_line_is_refused_and_not_repeated() {
    let server = Server::start();
    for arguments in [
        &["SetUserPassword", "userName=anna", "password=canary-7f3a"][..],
        &["SetUserPassword", "userName=anna", "password==canary-7f3a"],
        &[
            "--dry-run",
            "SetUserPassword",
            "userName=anna",
            "password=canary-7f3a",
        ],
    ] {
        let ran = server.call(arguments);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains("`--secret-file password=FILE`"), "{ran:?}");
        assert!(!format!("{ran:?}").contains(SECRET), "{ran:?}");
    }
    assert!(server.simulator.received().is_empty());
}

#[test]
fn secrets_appear_in_no_output_and_in_no_token_file() {
    let server = Server::start();
    let file = server.write("password", SECRET);
    let argument = format!("password=@{file}");
    for arguments in [
        &["--yes", "SetUserPassword", "userName=nobody", &argument][..],
        &["--dry-run", "SetUserPassword", "userName=nobody", &argument],
        &["AttachStore", "name=x", "type=y", &argument],
        &["--detach", "VerifyStore", "id=1", "includeIndexes=false"],
    ] {
        let words = server.with_trust("call", arguments);
        let ran = run(server.command(&words).env("MAILSTORE_PASSWORD", "admin"));
        assert!(!format!("{ran:?}").contains(SECRET), "{ran:?}");
        let words = server.with_trust("call", arguments);
        let rejected = run(server.command(&words).env("MAILSTORE_PASSWORD", SECRET));
        assert!(!format!("{rejected:?}").contains(SECRET), "{rejected:?}");
    }
}
