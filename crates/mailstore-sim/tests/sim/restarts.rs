//! Tests of restarts.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::Duration;

use mailstore_sim::{Edition, Fault, Phase, Simulator};

use crate::client::{Client, PATIENCE, start_server, wait_until};

const VERIFY: [(&str, &str); 2] = [("id", "3"), ("includeIndexes", "true")];

fn poll(token: &str) -> String {
    format!("token={token}&lastKnownStatusVersion=3&millisecondsTimeout=60000")
}

#[test]
fn the_port_refuses_connections_until_the_server_is_back() {
    let server = start_server();
    let mut client = Client::new(&server);
    client.result("CreateUser", &[("userName", "erika"), ("privileges", "none")]);
    let token = client.call("VerifyStore", &VERIFY)["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let others: Vec<Client> = (0..5).map(|_| Client::try_new(&server).unwrap()).collect();
    server.restart(Duration::from_millis(200));
    assert_eq!(server.connections_open(), 0, "every connection is closed");
    let refused = TcpStream::connect(server.address()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    assert!(client.rest().is_empty());
    drop(others);
    wait_until(|| TcpStream::connect(server.address()).is_ok());
    let mut client = Client::new(&server);
    assert_eq!(client.status(&token, 3, 0).status, 404, "tokens are lost");
    let task = server.tasks().remove(0);
    assert!(task.forgotten && task.status == "lost", "{task:?}");
    // The state and the counts persist.
    client.result("GetUserInfo", &[("userName", "erika")]);
    assert_eq!(server.starts("CreateUser"), 1);
    client.finish("VerifyStore", &VERIFY);
}

#[test]
fn tasks_can_persist_across_a_restart() {
    let server = start_server();
    let mut client = Client::new(&server);
    let first = client.call("VerifyStore", &VERIFY);
    server.restart_keeping_tasks(Duration::ZERO);
    wait_until(|| TcpStream::connect(server.address()).is_ok());
    let mut client = Client::new(&server);
    let mut log = first["logOutput"].as_str().unwrap().to_owned();
    let mut status = first;
    while status["statusCode"] == "running" {
        let version = status["statusVersion"].as_i64().unwrap();
        status = client
            .status(status["token"].as_str().unwrap(), version, 0)
            .json();
        log += status["logOutput"].as_str().unwrap_or_default();
    }
    assert_eq!(server.tasks()[0].log, log);
}

#[test]
fn a_poll_can_cause_a_restart() {
    for (fault, status) in [
        (Fault::restart(Duration::from_millis(1)), 404),
        (Fault::restart_keeping_tasks(Duration::from_millis(1)), 200),
    ] {
        let server = start_server();
        let injection = server.inject(fault.on(Phase::Poll).nth(2)).unwrap();
        let mut client = Client::new(&server);
        let mut bystander = Client::try_new(&server).unwrap();
        let token = client.call("VerifyStore", &VERIFY)["token"]
            .as_str()
            .unwrap()
            .to_owned();
        assert_eq!(client.status(&token, 3, 0).status, 200);
        let (bytes, _) = client.last_words("/api/get-status", &poll(&token));
        assert!(bytes.is_empty());
        assert!(bystander.rest().is_empty(), "every connection is closed");
        wait_until(|| TcpStream::connect(server.address()).is_ok());
        assert_eq!(
            Client::new(&server).status(&token, 3, 0).status,
            status,
            "{injection:?}"
        );
        assert_eq!(injection.applied(), 1);
    }
}

#[test]
fn a_restart_interrupts_a_waiting_poll() {
    let server = Simulator::builder(Edition::Server)
        .step(PATIENCE * 2)
        .start()
        .unwrap();
    let mut client = Client::new(&server);
    let token = client.call("VerifyStore", &VERIFY)["token"]
        .as_str()
        .unwrap()
        .to_owned();
    client.send("/api/get-status", &poll(&token));
    wait_until(|| server.polls("VerifyStore") == 1);
    server.restart_keeping_tasks(Duration::ZERO);
    assert!(client.rest().is_empty());
}

#[test]
fn restarts_can_be_repeated_and_stopping_ends_them() {
    let server = start_server();
    for _ in 0..20 {
        server.restart(Duration::ZERO);
    }
    wait_until(|| Client::try_new(&server).is_ok());
    server.restart(Duration::from_secs(3600));
    let address = server.address();
    server.stop();
    std::net::TcpListener::bind(address).unwrap();
}
