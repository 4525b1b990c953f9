//! `mailstore compatibility`.

use mailstore_metadata::Dump;
use mailstore_sim::{Edition, Simulator};

use crate::program::{PASSWORD, committed, mailstore, server};

fn compatibility(options: &[String], more: &[&str]) -> (Option<i32>, String) {
    let mut command = mailstore(&["compatibility"]);
    let output = command.args(options).args(more).output().unwrap();
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}

#[test]
fn a_server_with_the_same_functions_is_compatible() {
    for edition in Edition::ALL {
        let (_server, options) = server(edition);
        let (code, output) = compatibility(&options, &["--exit-code"]);
        assert_eq!(code, Some(0), "{output}");
        assert!(output.contains("the server has exactly the same"), "{output}");
    }
}

#[test]
fn an_older_server_is_not_compatible() {
    let dump = Dump::parse("server-9.json", committed("server-9.json").as_bytes()).unwrap();
    let old = Simulator::builder(Edition::Server)
        .credentials("admin", PASSWORD)
        .metadata(dump)
        .start()
        .unwrap();
    let options = [
        "--server",
        old.url(),
        "--edition",
        "server",
        "--pin",
        old.fingerprint(),
    ];
    let options = options.map(str::to_owned);
    let (code, output) = compatibility(&options, &[]);
    assert_eq!(code, Some(0), "{output}");
    assert!(output.contains("missing on the server"), "{output}");
    assert_eq!(compatibility(&options, &["--exit-code"]).0, Some(1));
    let untrusted = ["--server", old.url(), "--edition", "server"].map(str::to_owned);
    assert_eq!(compatibility(&untrusted, &["--exit-code"]).0, Some(5));
}
