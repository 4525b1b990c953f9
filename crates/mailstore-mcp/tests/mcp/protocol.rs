//! Input that is not what the protocol expects.

use mailstore_mcp::Settings;
use mailstore_sim::Simulator;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, duplex};

use crate::support::{NoTerminal, tools};

const HELLO: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}"#;
const READY: &str = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;

/// Sends lines and closes the input. Returns the messages of the server, and whether it ended without an error.
async fn say(lines: &[&str]) -> (Vec<Value>, bool) {
    let simulator = Simulator::start().unwrap();
    let (mut to_server, input) = duplex(1 << 20);
    let (output, from_server) = duplex(1 << 20);
    let served = tokio::spawn(tools(&simulator, Settings::read_only(), NoTerminal).serve(input, output));
    for line in lines {
        to_server.write_all(format!("{line}\n").as_bytes()).await.unwrap();
    }
    drop(to_server);
    let mut messages = Vec::new();
    let mut received = BufReader::new(from_server).lines();
    while let Some(line) = received.next_line().await.unwrap() {
        messages.push(serde_json::from_str(&line).unwrap());
    }
    (messages, served.await.unwrap().is_ok())
}

fn with_id(messages: &[Value], id: u32) -> &Value {
    messages
        .iter()
        .find(|message| message["id"] == json!(id))
        .unwrap()
}

#[tokio::test]
async fn lines_that_are_no_messages_do_not_end_the_conversation() {
    let deep = "[".repeat(100_000);
    let (messages, is_ok) = say(&[
        HELLO,
        READY,
        "not JSON",
        "",
        "{\"jsonrpc\":\"2.0\"",
        &deep,
        "\u{0}\u{1b}",
        "[]",
        r#"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"GetServerInfo","arguments":[]}}"#,
        r#"{"jsonrpc":"2.0","id":3,"method":"no/such/method"}"#,
        r#"{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"GetServerInfo"}}"#,
    ])
    .await;
    assert!(is_ok);
    assert_eq!(with_id(&messages, 1)["result"]["serverInfo"]["name"], "mailstore");
    assert_eq!(with_id(&messages, 3)["error"]["code"], -32601);
    assert_eq!(with_id(&messages, 4)["result"]["isError"], false, "{messages:?}");
}

#[tokio::test]
async fn an_input_that_ends_at_once_ends_the_server() {
    assert_eq!(say(&[]).await, (Vec::new(), true));
    let (messages, is_ok) = say(&[HELLO]).await;
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert!(is_ok);
}

#[tokio::test]
async fn a_conversation_without_a_beginning_calls_nothing() {
    let (messages, _) =
        say(&[r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"GetServerInfo"}}"#]).await;
    assert!(
        messages.iter().all(|message| message.get("result").is_none()),
        "{messages:?}"
    );
}
