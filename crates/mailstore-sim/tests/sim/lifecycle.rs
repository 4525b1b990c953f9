//! Tests of starting, stopping, and the information about a simulator.

use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use mailstore_sim::{Edition, Error, Received, Simulator};
use sha2::{Digest as _, Sha256};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use crate::client::Client;

#[test]
fn dropping_releases_the_port_and_closes_connections() {
    let server = Simulator::start().unwrap();
    let address = server.address();
    let mut client = Client::new(&server);
    client.result("GetServerInfo", &[]);
    drop(server);
    assert!(TcpStream::connect(address).is_err());
    TcpListener::bind(address).expect("the port is free");
}

#[test]
fn a_waiting_poll_blocks_neither_other_calls_nor_stopping() {
    let server = Simulator::builder(Edition::Server)
        .step(Duration::from_secs(3600))
        .start()
        .unwrap();
    let mut client = Client::new(&server);
    let task = client.call("VerifyStore", &[("id", "3"), ("includeIndexes", "true")]);
    let token = task["token"].as_str().unwrap().to_owned();
    let poll = std::thread::spawn(move || {
        // The connection ends without a response, so the test client panics.
        client.status(&token, 3, 300_000);
    });
    Client::new(&server).result("GetServerInfo", &[]);
    server.stop();
    assert!(poll.join().is_err());
}

#[test]
fn every_simulator_has_its_own_certificate_and_fingerprint() {
    let (one, two) = (Simulator::start().unwrap(), Simulator::start().unwrap());
    assert_ne!(one.fingerprint(), two.fingerprint());
    assert_ne!(one.address(), two.address());
    let der = CertificateDer::from_pem_slice(one.certificate_pem().as_bytes()).unwrap();
    let digest: String = Sha256::digest(&der)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(one.fingerprint(), digest);
    assert_eq!(one.url(), format!("https://127.0.0.1:{}", one.address().port()));
}

#[test]
fn simulators_do_not_share_state() {
    let (one, two) = (Simulator::start().unwrap(), Simulator::start().unwrap());
    Client::new(&one).result("DeleteUser", &[("userName", "john.doe")]);
    Client::new(&two).result("GetUserInfo", &[("userName", "john.doe")]);
    assert_eq!(two.starts("DeleteUser"), 0);
}

#[test]
fn a_simulator_starts_and_stops_inside_a_runtime_with_a_paused_clock() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let server = Simulator::start().unwrap();
        Client::new(&server).result("GetServerInfo", &[]);
        drop(server);
    });
    let threads = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap();
    threads.block_on(async {
        tokio::spawn(async { Simulator::start().unwrap().stop() })
            .await
            .unwrap()
    });
}

#[test]
fn other_machines_are_excluded_by_default() {
    let builder = || Simulator::builder(Edition::Server).listen("0.0.0.0:0");
    let error = builder().start().unwrap_err();
    assert!(matches!(error, Error::NotLoopback { .. }));
    assert!(error.to_string().contains("127.0.0.1"), "{error}");
}

#[test]
fn invalid_settings_are_rejected() {
    let builder = || Simulator::builder(Edition::Server);
    for address in ["localhost", "127.0.0.1", "nonsense", ""] {
        assert!(
            matches!(builder().listen(address).start(), Err(Error::Address { .. })),
            "{address}"
        );
    }
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let error = builder().listen(&address).start().unwrap_err();
    assert!(
        matches!(error, Error::Listen { .. }) && error.to_string().contains(&address),
        "{error}"
    );
    assert!(matches!(
        builder().credentials("a:b", "c").start(),
        Err(Error::UserName)
    ));
    let error = builder().long_running("GetUser").start().unwrap_err();
    assert!(matches!(error, Error::NoSuchFunction { .. }) && error.to_string().contains("GetUser"));
}

#[test]
fn editions_are_parsed_and_displayed() {
    for edition in [Edition::Server, Edition::Spe] {
        assert_eq!(edition.to_string().parse(), Ok(edition));
    }
    assert_eq!("SPE".parse(), Ok(Edition::Spe));
    assert!(
        "proxy"
            .parse::<Edition>()
            .unwrap_err()
            .to_string()
            .contains("proxy")
    );
}

#[test]
fn calls_are_recorded_in_order_without_secrets_in_debug() {
    let server = Simulator::builder(Edition::Server)
        .credentials("admin", "admin")
        .start()
        .unwrap();
    let mut client = Client::new(&server);
    client.result(
        "SetUserPassword",
        &[("userName", "john.doe"), ("password", "open sesame")],
    );
    client.result(
        "SetSmtpSettings",
        &[("settings", r#"{"password":"open sesame"}"#)],
    );
    client.result("GetUsers", &[]);
    let received = server.received();
    let functions: Vec<&str> = received.iter().map(|call| call.function.as_str()).collect();
    assert_eq!(functions, ["SetUserPassword", "SetSmtpSettings", "GetUsers"]);
    assert_eq!(
        received[0].argument("password"),
        Some("open sesame"),
        "tests can see what was sent"
    );
    assert_eq!(received[0].argument("colour"), None);
    let shown = format!("{received:?} {server:?}");
    assert!(!shown.contains("sesame") && shown.contains("john.doe"), "{shown}");
}

#[test]
fn debug_output_hides_passwords() {
    let builder = Simulator::builder(Edition::Server).credentials("admin", "open sesame");
    assert!(!format!("{builder:?}").contains("sesame"));
    assert!(!format!("{:?}", builder.start().unwrap()).contains("sesame"));
}

#[test]
fn simulators_and_calls_can_be_sent_to_other_threads() {
    fn sendable<T: Send + Sync + 'static>() {}
    sendable::<Simulator>();
    sendable::<Received>();
    sendable::<Error>();
}
