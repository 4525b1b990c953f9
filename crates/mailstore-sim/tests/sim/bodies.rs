//! The memory of the request bodies of all connections together is limited.

use std::net::Shutdown;
use std::sync::mpsc;
use std::thread;

use mailstore_sim::Simulator;

use crate::client::{ADMIN, Client, FORM, PATIENCE};

/// The number of connections. Each announces a body of 8 MB.
const CONNECTIONS: usize = 100;

/// The bytes that each connection sends of its body.
const PART: usize = 1024 * 1024;

/// The number of parts within the limit of the simulator.
const MOST: usize = 64;

/// Sends the start of a body on many connections at the same time. Returns what the connections received that the
/// server ended, and the status of a small request of another connection meanwhile.
fn unfinished(server: &Simulator, authorization: &str, ended: usize) -> (Vec<Vec<u8>>, u16) {
    let head = format!("POST /api/invoke/GetServerInfo HTTP/1.1\r\nHost: localhost\r\n{authorization}{FORM}");
    let request = format!("{head}Content-Length: 8000000\r\n\r\n{}", "a".repeat(PART));
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        let mut sockets = Vec::new();
        for _ in 0..CONNECTIONS {
            let mut client = Client::new(server);
            sockets.push(client.socket());
            let (sender, request) = (sender.clone(), &request);
            scope.spawn(move || {
                // The server may respond and close the connection before it has read everything.
                let _ = client.try_send(request);
                let _ = sender.send(client.rest());
            });
        }
        let received = (0..ended).map_while(|_| receiver.recv_timeout(PATIENCE).ok());
        let received = received.collect();
        let status = Client::new(server).post("/api/invoke/GetServerInfo", "").status;
        for socket in sockets {
            let _ = socket.shutdown(Shutdown::Both);
        }
        (received, status)
    })
}

/// Fails unless the server ends this number of connections, some of them with this status, and serves the other one.
fn assert_rejected(authorization: &str, ended: usize, status_line: &[u8]) {
    let server = Simulator::start().unwrap();
    let (received, status) = unfinished(&server, authorization, ended);
    assert_eq!(received.len(), ended, "too few connections were ended");
    assert!(
        received.iter().any(|bytes| bytes.starts_with(status_line)),
        "{received:?}"
    );
    assert_eq!(status, 200);
}

#[test]
fn unfinished_bodies_of_all_connections_together_are_limited() {
    assert_rejected(ADMIN, CONNECTIONS - MOST, b"HTTP/1.1 503 ");
}

#[test]
fn unfinished_bodies_with_wrong_credentials_are_rejected_before_they_are_read() {
    let eve = "Authorization: Basic ZXZlOmV2ZQ==\r\n";
    assert_rejected(eve, CONNECTIONS, b"HTTP/1.1 401 ");
}
