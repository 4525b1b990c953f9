//! The commands that are made from the catalogs, such as `mailstore stores verify`.

use mailstore_sim::{Edition, Simulator};

use crate::support::{Ran, Server, command, run};

fn topic(server: &Server, words: &str, arguments: &[&str]) -> Ran {
    run(&mut server.command(&server.with_trust(words, arguments)))
}

#[test]
fn a_topic_command_calls_the_function_with_its_arguments() {
    let server = Server::start();
    for (words, arguments) in [
        ("stores verify", &["3", "--include-indexes=false"][..]),
        ("stores verify", &["--include-indexes", "false", "3"]),
        ("stores verify-store", &["3", "--include-indexes=false"]),
        ("stores VerifyStore", &["3", "--include-indexes=false"]),
        ("maintenance verify-store", &["3", "--include-indexes=false"]),
    ] {
        let ran = topic(&server, words, arguments);
        assert_eq!(ran.code, Some(0), "{words}: {ran:?}");
        let received = server.simulator.received();
        let start = received
            .iter()
            .rev()
            .find(|request| request.function == "VerifyStore")
            .unwrap();
        assert_eq!(start.argument("id"), Some("3"));
        assert_eq!(start.argument("includeIndexes"), Some("false"));
    }
    assert_eq!(server.simulator.starts("VerifyStore"), 5);
}

#[test]
fn a_topic_command_reads_a_secret_from_a_file() {
    let server = Server::start();
    let password = server.write("password", "canary-7f3a\n");
    let ran = topic(
        &server,
        "users set-password",
        &["admin", "--password-file", &password, "--yes"],
    );
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let received = server.simulator.received();
    assert_eq!(received.last().unwrap().argument("password"), Some("canary-7f3a"));
    assert!(!format!("{ran:?}").contains("canary-7f3a"));
}

#[test]
fn a_value_with_one_valid_word_need_not_be_typed() {
    let server = Server::start();
    let ran = topic(&server, "profiles list", &[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let received = server.simulator.received();
    assert_eq!(received.last().unwrap().argument("raw"), Some("true"));
}

#[test]
fn values_are_checked_before_anything_is_sent() {
    let server = Server::start();
    for (words, arguments, wanted) in [
        (
            "users set-authentication",
            &["admin", "integratd"][..],
            "Did you mean `integrated`?",
        ),
        (
            "profiles get-worker-results",
            &["2026-01-31", "2026-02-01T00:00:00", "UTC"],
            "must be a date and time such as",
        ),
        (
            "stores verify",
            &["three", "--include-indexes=false"],
            "must be an integer",
        ),
        ("stores verify", &["3"], "needs the argument `includeIndexes`"),
        ("stores verfy", &["3"], "unrecognized subcommand 'verfy'"),
        ("users set-password", &["admin"], "needs the argument `password`"),
    ] {
        let ran = topic(&server, words, arguments);
        assert_eq!(ran.code, Some(2), "{words}: {ran:?}");
        assert!(ran.stderr.contains(wanted), "{words}: {ran:?}");
    }
    assert!(server.simulator.received().is_empty());
}

#[test]
fn the_help_of_a_function_shows_its_effect_arguments_values_and_editions() {
    let ran = run(&mut command(&["users", "set-authentication", "--help"]));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    for text in [
        "Function: SetUserAuthentication",
        "Effect: ",
        "Editions: MailStore Server, MailStore Service Provider Edition",
        "directoryServices | integrated",
        "<USER-NAME>",
    ] {
        assert!(ran.stdout.contains(text), "{text}: {ran:?}");
    }
}

#[test]
fn a_function_of_the_other_edition_is_unknown() {
    let server = Server::start();
    let ran = topic(&server, "instances list", &[]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(
        ran.stderr.contains("no function is called `GetInstances`"),
        "{ran:?}"
    );
}

/// A server of a newer version: `VerifyStore` has another argument, and `CountDust` is new.
fn newer() -> Server {
    let list = r#"[
        {"name": "GetServerInfo", "args": []},
        {"name": "CountDust", "args": [{"name": "depth", "type": "number", "nullable": false}]}
    ]"#;
    let dump = mailstore_sim::Dump::parse("newer", list.as_bytes()).unwrap();
    let builder = Simulator::builder(Edition::Server).metadata(dump);
    let builder = builder.result("CountDust", |_| serde_json::json!(7));
    Server::of(builder.start().unwrap())
}

#[test]
fn functions_that_only_the_server_has_are_called_with_its_own_list() {
    let server = newer();
    let ran = server.call(&["CountDust", "depth=1"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("`--live`"), "{ran:?}");

    let ran = server.call(&["--live", "count-dust", "depth=x"]);
    assert!(ran.stderr.contains("must be an integer"), "{ran:?}");
    // Nothing is known about the effect.
    let ran = server.call(&["--live", "count-dust", "depth=1"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert_eq!(server.simulator.starts("CountDust"), 0);

    let ran = server.call(&["--live", "--yes", "count-dust", "depth=1"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), "7\n"), "{ran:?}");
}

#[test]
fn verbose_shows_requests_without_secrets() {
    let server = Server::start();
    let password = server.write("password", "canary-7f3a");
    let ran = topic(
        &server,
        "users set-password",
        &["admin", "--password-file", &password, "--yes", "-v"],
    );
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stderr.contains("/api/invoke/SetUserPassword"), "{ran:?}");
    assert!(ran.stderr.contains("userName=admin"), "{ran:?}");
    assert!(ran.stderr.contains("password=(hidden)"), "{ran:?}");
    assert!(!ran.stderr.contains("canary-7f3a"), "{ran:?}");
}
