//! What a program on the port of a host program gets, as long as it does not know the token.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::host::{Host, TOKEN};
use crate::scene::scene;

/// A program that speaks with a host program by itself.
struct Stranger(BufReader<TcpStream>);

impl Stranger {
    async fn connect(host: &Host) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", host.port())).await.unwrap();
        Self(BufReader::new(stream))
    }

    /// A closed connection refuses bytes, which is what the caller finds out with the next line.
    async fn write(&mut self, bytes: &[u8]) {
        let _ = self.0.get_mut().write_all(bytes).await;
    }

    async fn send(&mut self, message: Value) {
        self.write(format!("{message}\n").as_bytes()).await;
    }

    async fn receive(&mut self) -> Value {
        let mut line = String::new();
        self.0.read_line(&mut line).await.unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// Checks that the host program closes the connection without another byte.
    async fn assert_closed(mut self, what: &str) {
        let mut rest = Vec::new();
        // A reset is an end, too.
        let closed = timeout(Duration::from_secs(60), self.0.read_to_end(&mut rest)).await;
        assert!(closed.is_ok(), "{what}: the connection stays open");
        assert!(rest.is_empty(), "{what}: {}", String::from_utf8_lossy(&rest));
    }

    /// Says hello, and returns both nonces and the proof of the host program.
    async fn greet(&mut self) -> (String, String, String) {
        let own = "ab".repeat(32);
        self.send(json!({"hello": 1, "nonce": own})).await;
        let answer = self.receive().await;
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        (own, text("nonce"), text("proof"))
    }

    /// A client that knows the token.
    async fn trusted(host: &Host) -> Self {
        let mut stranger = Self::connect(host).await;
        let (own, other, proof) = stranger.greet().await;
        assert_eq!(proof, proof_of("server", &own, &other));
        stranger
            .send(json!({"proof": proof_of("client", &own, &other)}))
            .await;
        let open = json!({"module": "sample", "functions": ["echo"], "classes": {}});
        stranger.send(json!({ "open": open })).await;
        assert_eq!(stranger.receive().await["hello"]["module"], "sample");
        stranger
    }
}

fn proof_of(role: &str, client_nonce: &str, server_nonce: &str) -> String {
    let digit = |index: usize| u8::from_str_radix(&TOKEN[index..index + 2], 16).unwrap();
    let token: Vec<u8> = (0..TOKEN.len()).step_by(2).map(digit).collect();
    let mut mac = Hmac::<Sha256>::new_from_slice(&token).unwrap();
    mac.update(format!("{role}{client_nonce}{server_nonce}").as_bytes());
    let bytes = mac.finalize().into_bytes();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Checks that the host program still serves those who know the token.
async fn assert_serves(host: &Host) {
    let connection = host.builder().open().await.unwrap();
    connection.call("echo").arg("value", 1).await.unwrap();
    connection.close().await;
}

#[test]
fn a_wrong_proof_closes_the_connection_without_a_word() {
    scene(async || {
        let host = Host::start(&["write"]);
        for wrong in [
            json!("00".repeat(32)),
            json!(""),
            json!(null),
            json!([]),
            json!("\u{e9}"),
        ] {
            let mut stranger = Stranger::connect(&host).await;
            stranger.greet().await;
            stranger.send(json!({ "proof": wrong })).await;
            stranger.send(json!({"open": {"module": "sample"}})).await;
            stranger.assert_closed(&wrong.to_string()).await;
        }
        assert_serves(&host).await;
    });
}

#[test]
fn proofs_of_the_host_and_of_other_connections_are_wrong() {
    scene(async || {
        let host = Host::start(&["write"]);
        let mut stranger = Stranger::connect(&host).await;
        let (own, other, proof) = stranger.greet().await;
        stranger.send(json!({ "proof": proof })).await;
        stranger.assert_closed("the proof of the host program").await;
        let recorded = proof_of("client", &own, &other);
        let mut stranger = Stranger::connect(&host).await;
        stranger.greet().await;
        stranger.send(json!({ "proof": recorded })).await;
        stranger.assert_closed("the proof of another connection").await;
        assert_serves(&host).await;
    });
}

#[test]
fn a_line_that_is_not_the_handshake_closes_the_connection_without_a_word() {
    scene(async || {
        let host = Host::start(&["write"]);
        let lines = [
            "GET / HTTP/1.1\r\n\r\n".to_owned(),
            "{}\n".to_owned(),
            "{\"open\": {\"module\": \"sample\"}}\n".to_owned(),
            "{\"hello\": 2, \"nonce\": \"abababababababababababababababab\"}\n".to_owned(),
            "{\"hello\": 1, \"nonce\": \"ab\"}\n".to_owned(),
            "{\"hello\": 1, \"nonce\": 5}\n".to_owned(),
            "\u{0}\n".to_owned(),
            // Without a line feed.
            "x".repeat(2000),
        ];
        for line in lines {
            let mut stranger = Stranger::connect(&host).await;
            stranger.write(line.as_bytes()).await;
            stranger.assert_closed(&line).await;
        }
        assert_serves(&host).await;
    });
}

#[test]
fn a_second_client_is_turned_away() {
    scene(async || {
        let host = Host::start(&[]);
        let mut first = Stranger::trusted(&host).await;
        let second = Stranger::connect(&host).await;
        second.assert_closed("the second client").await;
        first.send(json!({"id": 1, "call": "echo", "args": [5]})).await;
        assert_eq!(first.receive().await, json!({"id": 1, "ok": 5}));
    });
}

#[test]
fn a_client_that_does_not_finish_the_handshake_loses_its_place() {
    scene(async || {
        let host = Host::start(&["impatient"]);
        Stranger::connect(&host)
            .await
            .assert_closed("a silent client")
            .await;
        let mut slow = Stranger::connect(&host).await;
        slow.write(b"{\"hello\": 1, ").await;
        slow.assert_closed("a client that stops").await;
    });
}

#[test]
fn a_client_that_stops_in_the_middle_of_a_request_loses_its_place() {
    scene(async || {
        let host = Host::start(&["busy"]);
        let mut client = Stranger::trusted(&host).await;
        client.write(b"{\"id\": 1, ").await;
        client.assert_closed("a client that stops").await;
        // A client that has nothing to ask may wait for any time.
        let mut client = Stranger::trusted(&host).await;
        client.send(json!({"id": 1, "ping": true})).await;
        assert_eq!(client.receive().await, json!({"id": 1, "ok": null}));
    });
}

#[test]
fn a_request_above_the_limit_closes_the_connection() {
    scene(async || {
        let host = Host::start(&["small"]);
        let mut client = Stranger::trusted(&host).await;
        client.write(&[b'x'; 10_000]).await;
        client.assert_closed("a line that is too long").await;
        assert_serves(&host).await;
    });
}
