//! Wrong input, and servers that cannot be used. Each has an exit code and a message.

use crate::support::{Server, command, run};

#[test]
fn each_mistake_has_an_exit_code_and_a_message() {
    let server = Server::start();
    let missing = server.folder.path().join("missing").display().to_string();
    let from_missing = format!("name=@{missing}");
    let rows: &[(&[&str], i32, &str)] = &[
        (&["VerfyStore"], 2, "Did you mean `VerifyStore`?"),
        (&["VerifyStore"], 2, "VerifyStore needs the argument `id`"),
        (
            &["VerifyStore", "id=one", "includeIndexes=true"],
            2,
            "`id` must be an integer, not `one`",
        ),
        (
            &["VerifyStore", "id=1", "includeIndexes=yes"],
            2,
            "must be `true` or `false`, not `yes`",
        ),
        (&["VerifyStore", "id=1", "ID=2"], 2, "`id` is given twice"),
        (
            &["VerifyStore", "id=1", "includeIndex=true"],
            2,
            "Did you mean `includeIndexes`?",
        ),
        (&["VerifyStore", "1"], 2, "Write it as `NAME=VALUE`"),
        (
            &["RenameStore", "id=1", &from_missing],
            2,
            "cannot read the argument `name`",
        ),
        (
            &["RenameStore", "id=-", "name=-"],
            2,
            "only one argument can be read from standard input",
        ),
        (
            &["SetStoreAutoCreateConfiguration", "config={"],
            2,
            "the argument `config` is not JSON",
        ),
        (
            &["GetServerInfo", "--output", "xml"],
            2,
            "possible values: table, json, ndjson, yaml, csv, raw",
        ),
        (&["DeleteUser", "userName=anna"], 3, "Add `--yes`"),
        (
            &["--read-only", "--yes", "DeleteUser", "userName=anna"],
            3,
            "--read-only is set",
        ),
        (&["--yes", "DeleteUser", "userName=nobody"], 1, "nobody"),
        (&["--user", "eve", "GetServerInfo"], 4, "MAILSTORE_PASSWORD"),
    ];
    for (arguments, code, message) in rows {
        let ran = server.call(arguments);
        assert_eq!(ran.code, Some(*code), "{arguments:?}: {ran:?}");
        assert!(ran.stderr.contains(message), "{arguments:?}: {ran:?}");
        assert!(ran.stdout.is_empty(), "{arguments:?}: {ran:?}");
    }
    assert_eq!(server.simulator.starts("VerifyStore"), 0);
}

#[test]
fn a_server_that_cannot_be_used_has_an_exit_code_and_a_message() {
    let server = Server::start();
    let other = Server::start();
    let pin = other.simulator.fingerprint();
    let rows: [(&[&str], i32, &str); 4] = [
        (&["--edition", "server", "GetServerInfo"], 5, "--pin"),
        (
            &["--edition", "server", "--pin", pin, "GetServerInfo"],
            5,
            "fingerprint",
        ),
        (
            &["--server", "127.0.0.1:1", "--edition", "server", "GetServerInfo"],
            5,
            "127.0.0.1:1",
        ),
        (&["GetServerInfo"], 2, "Add `--edition server`"),
    ];
    for (arguments, code, message) in rows {
        let words: Vec<&str> = ["call"].iter().chain(arguments).copied().collect();
        let ran = run(&mut server.command(&words));
        assert_eq!(ran.code, Some(code), "{arguments:?}: {ran:?}");
        assert!(ran.stderr.contains(message), "{arguments:?}: {ran:?}");
    }
}

#[test]
fn commands_without_a_server_explain_wrong_names() {
    for (arguments, message) in [
        (&["describe", "GetUser"][..], "Did you mean `GetUsers`?"),
        (
            &["functions", "nothing-like-this"],
            "no function of MailStore Server contains",
        ),
        (
            &["call", "GetServerInfo"],
            "Add `--server ADDRESS`, set MAILSTORE_SERVER",
        ),
        (&["calls"], "'call'"),
    ] {
        let ran = run(&mut command(arguments));
        assert_eq!(ran.code, Some(2), "{arguments:?}: {ran:?}");
        assert!(ran.stderr.contains(message), "{arguments:?}: {ran:?}");
    }
}
