//! The forms of results: tables, JSON, YAML, comma-separated values, filters, columns and sorting.

use mailstore_sim::{Edition, Simulator};

use crate::support::{Ran, Server, run};

/// A server whose `GetStores` returns this JSON.
fn with_stores(json: &'static str) -> Server {
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    let builder = Simulator::builder(Edition::Server).result("GetStores", move |_| value.clone());
    Server::of(builder.start().unwrap())
}

const STORES: &str =
    r#"[{"id": 2, "name": "b", "statisticsSize": 3221225472}, {"id": 10, "name": "a", "extra": [1, "x"]}]"#;

fn shown(server: &Server, options: &[&str]) -> Ran {
    run(&mut server.command(&server.with_trust("stores list", options)))
}

#[test]
fn each_form_shows_the_same_result() {
    let server = with_stores(STORES);
    let rows: &[(&[&str], &str)] = &[
        (
            &["--output", "table"],
            " id  name  statisticsSize  extra   \n  2  b              3 GiB          \n 10  a                     [1,\"x\"] \n",
        ),
        (
            &["-o", "csv"],
            "id,name,statisticsSize,extra\n2,b,3221225472,\n10,a,,\"[1,\"\"x\"\"]\"\n",
        ),
        (
            &["-o", "ndjson"],
            "{\"id\":2,\"name\":\"b\",\"statisticsSize\":3221225472}\n{\"extra\":[1,\"x\"],\"id\":10,\"name\":\"a\"}\n",
        ),
        (&["-o", "yaml", "--columns", "id"], "-\n  id: 2\n-\n  id: 10\n"),
        (&["-o", "csv", "--columns", "name,id"], "name,id\nb,2\na,10\n"),
        (&["-o", "csv", "--columns", "id", "--sort", "name"], "id\n10\n2\n"),
        (&["-o", "csv", "--columns", "id", "--sort", "-id"], "id\n10\n2\n"),
        (&["-o", "ndjson", "--query", ".[] | .name"], "\"b\"\n\"a\"\n"),
        (&["--query", "map(.statisticsSize) | add"], "3221225472\n"),
        (
            &["-o", "csv", "--query", ".[] | select(.id > 5) | {name}"],
            "name\na\n",
        ),
    ];
    for (options, wanted) in rows {
        let ran = shown(&server, options);
        assert_eq!(ran.code, Some(0), "{options:?}: {ran:?}");
        let trimmed =
            |text: &str| -> Vec<String> { text.lines().map(|line| line.trim_end().to_owned()).collect() };
        assert_eq!(trimmed(&ran.stdout), trimmed(wanted), "{options:?}");
    }
}

#[test]
fn an_empty_list_has_no_columns_and_is_no_error() {
    let server = with_stores("[]");
    for (options, wanted) in [
        (&["-o", "table"][..], "(none)\n"),
        (&["-o", "csv", "--columns", "id"], ""),
        (&["-o", "ndjson", "--sort", "id"], ""),
        (&["-o", "json"], "[]\n"),
    ] {
        let ran = shown(&server, options);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), wanted), "{ran:?}");
    }
}

#[test]
fn wrong_options_for_the_output_are_explained() {
    let server = with_stores(STORES);
    for (options, wanted) in [
        (&["--columns", "nam"][..], "Did you mean `name`?"),
        (&["--sort", "size"], "the result has no member `size`"),
        (&["--query", ".["], "unclosed delimiter"),
        (&["--query", "nonsense"], "undefined filter"),
        (
            &["--query", ".[] | error(\"no\")"],
            "the filter of `--query` failed: \"no\"",
        ),
        (&["-o", "raw", "--sort", "id"], "cannot be combined"),
    ] {
        let ran = shown(&server, options);
        assert_eq!(ran.code, Some(2), "{options:?}: {ran:?}");
        assert!(ran.stderr.contains(wanted), "{options:?}: {ran:?}");
        assert!(ran.stdout.is_empty(), "{options:?}: {ran:?}");
    }
}

#[test]
fn a_filter_is_checked_before_anything_is_sent() {
    let server = Server::start();
    let ran =
        run(&mut server.command(&server.with_trust("users create", &["anna", "none", "--query", ".["])));
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(server.simulator.received().is_empty());
}

#[test]
fn text_of_a_server_cannot_control_the_terminal_in_any_form() {
    let server = with_stores(r#"[{"id": 1, "na\u001bme": "\u001b[2J\u202e\r"}]"#);
    for form in ["table", "json", "ndjson", "yaml", "csv", "raw"] {
        let ran = shown(&server, &["-o", form]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        for character in ['\u{1b}', '\u{202e}', '\r'] {
            assert!(!ran.stdout.contains(character), "{form}: {ran:?}");
        }
    }
}

#[test]
fn deep_results_are_printed_as_json_and_refused_in_other_forms() {
    let server = Server::of(
        Simulator::builder(Edition::Server)
            .result("GetStores", |_| {
                let deep = (0..120).fold(serde_json::json!(1), |value, _| serde_json::json!([value]));
                serde_json::json!([[[[[[[[[deep]]]]]]]]])
            })
            .start()
            .unwrap(),
    );
    assert_eq!(shown(&server, &["-o", "json"]).code, Some(0));
    let ran = shown(&server, &["-o", "yaml"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("nested more than 128 levels"), "{ran:?}");
}
