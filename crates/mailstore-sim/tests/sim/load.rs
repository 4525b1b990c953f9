//! A test of many concurrent long calls, each with a waiting poll.

use std::sync::Arc;
use std::time::Duration;

use mailstore_sim::{Edition, Simulator};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::client::{ADMIN, FORM, trusting};

/// The number of concurrent calls. The simulator supports 5,000; the test uses fewer because other tests run at
/// the same time.
const TASKS: usize = 400;

const STEPS: usize = 20;

async fn post(stream: &mut TlsStream<TcpStream>, path: &str, body: &str) -> Value {
    let length = body.len();
    let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\n{ADMIN}{FORM}Content-Length: {length}");
    stream
        .write_all(format!("{head}\r\n\r\n{body}").as_bytes())
        .await
        .unwrap();
    let mut answer = Vec::new();
    loop {
        let read = stream.read_buf(&mut answer).await.unwrap();
        assert!(read > 0, "the connection ended");
        let text = String::from_utf8_lossy(&answer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("Content-Length: "))
            .unwrap();
        if body.len() == length.parse::<usize>().unwrap() {
            return serde_json::from_str(body.trim_start_matches('\u{feff}')).unwrap();
        }
    }
}

/// Starts a call and follows it on one connection. Returns its token and the log that was reported.
async fn follow(server: Arc<Simulator>, tls: TlsConnector) -> (String, String) {
    let stream = TcpStream::connect(server.address()).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = tls.connect(name, stream).await.unwrap();
    let mut status = post(&mut stream, "/api/invoke/VerifyStore", "id=3&includeIndexes=true").await;
    let token = status["token"].as_str().unwrap().to_owned();
    let mut log = String::new();
    loop {
        log += status["logOutput"].as_str().unwrap_or_default();
        if status["statusCode"] != "running" {
            assert_eq!(status["statusCode"], "succeeded");
            return (token, log);
        }
        let known = &status["statusVersion"];
        let body = format!("token={token}&lastKnownStatusVersion={known}&millisecondsTimeout=60000");
        status = post(&mut stream, "/api/get-status", &body).await;
    }
}

#[test]
fn many_concurrent_calls_are_followed() {
    let builder = Simulator::builder(Edition::Server)
        .step(Duration::from_millis(50))
        .steps(STEPS);
    let server = Arc::new(builder.start().unwrap());
    let tls = TlsConnector::from(trusting(server.certificate_pem()));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let logs = runtime.block_on(async {
        let followers: Vec<_> = (0..TASKS)
            .map(|_| tokio::spawn(follow(Arc::clone(&server), tls.clone())))
            .collect();
        let mut logs = std::collections::HashMap::new();
        for follower in followers {
            logs.extend([follower.await.unwrap()]);
        }
        logs
    });
    let tasks = server.tasks();
    assert_eq!(tasks.len(), TASKS);
    for task in tasks {
        assert_eq!(logs[&task.token], task.log);
        assert_eq!(task.status, "succeeded");
    }
    assert_eq!(server.connections(), TASKS);
    assert_eq!(server.starts("VerifyStore"), TASKS);
    assert!(
        server.polls("VerifyStore") <= TASKS * STEPS,
        "a waiting poll is not repeated"
    );
}
