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

#[test]
fn unfinished_bodies_of_all_connections_together_are_limited() {
    let server = Simulator::start().unwrap();
    let (ended, status) = unfinished(&server, ADMIN, CONNECTIONS - MOST);
    assert_eq!(
        ended.len(),
        CONNECTIONS - MOST,
        "the server holds more than {MOST} parts"
    );
    let rejected = ended
        .iter()
        .filter(|bytes| bytes.starts_with(b"HTTP/1.1 503 "))
        .count();
    assert!(rejected > 0, "{ended:?}");
    assert_eq!(status, 200);
}

#[test]
fn unfinished_bodies_with_wrong_credentials_are_rejected_before_they_are_read() {
    let server = Simulator::start().unwrap();
    let eve = "Authorization: Basic ZXZlOmV2ZQ==\r\n";
    let (ended, status) = unfinished(&server, eve, CONNECTIONS);
    assert_eq!(ended.len(), CONNECTIONS);
    let rejected = ended
        .iter()
        .filter(|bytes| bytes.starts_with(b"HTTP/1.1 401 "))
        .count();
    assert!(rejected > 0, "{ended:?}");
    assert_eq!(status, 200);
}
