//! The functions of Python that the Rust client has its own versions of.

use oaio_interop::{Environment, Peer, PythonClient};
use serde_json::json;

#[test]
fn unsafe_characters_become_their_look_alikes() {
    let environment = Environment::oldest();
    let peer = Peer::start(environment);
    let client = PythonClient::start(environment, &peer, "alice");
    let defused = |text: &str| client.must("defuse", &json!({"text": text}));
    assert_eq!(defused("a://b/c d@e:f\u{7}\u{7f}"), "a⫻b⁄c␣d﹫e﹕f␇␡");
    assert_eq!(defused("A-z_0.9!~`é⁄"), "A-z_0.9!~`é⁄");
}

#[test]
fn literals_are_read_and_written_as_python_does() {
    let environment = Environment::oldest();
    let peer = Peer::start(environment);
    let client = PythonClient::start(environment, &peer, "alice");
    let read = client.must(
        "literal",
        &json!({"text": r#"{'a': [None, True, -1, 2.5, "it's"], 'b': '\x00\u2044'}"#}),
    );
    assert_eq!(read, json!({"a": [null, true, -1, 2.5, "it's"], "b": "\0⁄"}));
    let written = client.must(
        "representation",
        &json!({"value": {"a": [null, true, 1e100, "it's"]}}),
    );
    assert_eq!(written, r#"{'a': [None, True, 1e+100, "it's"]}"#);
    let raised = client
        .call("literal", &json!({"text": "{'a': open}"}))
        .unwrap_err();
    assert_eq!(raised.class, "ValueError");
}
