//! Tests of `peek_certificate`, the base of trust on first use.

use mailstore_api::server::Client;
use mailstore_api::{ConnectCause, Error, ErrorKind, Fingerprint, Timestamp, peek_certificate};
use rcgen::{CertificateParams, DnType, SanType};
use serde_json::json;

use crate::support::{Act, Server, answer::succeeded};

fn info() -> Act {
    Act::Send(succeeded(json!({"version": "25.3.0", "machineName": "HOST"})))
}

fn cause(error: &Error) -> Option<ConnectCause> {
    match error.kind() {
        ErrorKind::Connect { cause, .. } => Some(*cause),
        _ => None,
    }
}

#[tokio::test]
async fn the_certificate_is_returned_and_no_request_is_sent() {
    let mut parameters = CertificateParams::new(vec!["archive.example.com".to_owned()]).unwrap();
    parameters.not_before = rcgen::date_time_ymd(2020, 1, 2);
    parameters.not_after = rcgen::date_time_ymd(2021, 3, 4);
    parameters
        .distinguished_name
        .push(DnType::OrganizationName, "Example");
    parameters
        .subject_alt_names
        .push(SanType::IpAddress("192.0.2.7".parse().unwrap()));
    let server = Server::with_certificate(parameters, [info()]).await;
    let seen = peek_certificate(&server.address()).await.unwrap();
    assert_eq!(seen.subject, "CN=scripted server, O=Example");
    assert_eq!(seen.issuer, seen.subject);
    assert_eq!(seen.not_before.to_string(), "2020-01-02T00:00:00Z");
    assert_eq!(seen.not_after.to_string(), "2021-03-04T00:00:00Z");
    assert!(!seen.is_valid_at(Timestamp::now()) && seen.is_valid_at(seen.not_before));
    assert_eq!(seen.dns_names, ["archive.example.com"]);
    assert_eq!(
        seen.ip_addresses,
        ["192.0.2.7".parse::<std::net::IpAddr>().unwrap()]
    );
    assert_eq!(seen.fingerprint, Fingerprint::of_certificate(&seen.der));
    assert_eq!(seen.public_key, Fingerprint::of_public_key(&seen.der).unwrap());
    let text = seen.to_string();
    for shown in [
        &seen.fingerprint.to_string(),
        &seen.public_key.to_string(),
        &seen.sha1_thumbprint,
    ] {
        assert!(text.contains(shown), "{text}");
    }
    server.closed().await;
    assert!(server.requests().is_empty(), "a request was sent");
}

/// The thumbprint is the one that MailStore shows, and it is not accepted as a pin.
#[tokio::test]
async fn the_sha1_thumbprint_is_for_people_only() {
    let server = Server::start([]).await;
    let seen = peek_certificate(&server.address()).await.unwrap();
    let thumbprint: mailstore_api::server::types::Thumbprint = seen.sha1_thumbprint.parse().unwrap();
    assert_eq!(thumbprint.as_str(), seen.sha1_thumbprint);
    let error = seen.sha1_thumbprint.parse::<Fingerprint>().unwrap_err();
    assert!(error.to_string().contains("SHA-1"), "{error}");
}

#[tokio::test]
async fn a_peeked_fingerprint_can_be_pinned() {
    let server = Server::start([info(), info()]).await;
    let builder = || Client::builder(&server.address()).credentials("admin", "secret");
    let seen = builder().peek_certificate().await.unwrap();
    for pin in [seen.fingerprint, seen.public_key] {
        // As a program saves it and reads it again.
        let pin: Fingerprint = pin.to_string().parse().unwrap();
        builder()
            .pin(pin)
            .build()
            .unwrap()
            .get_server_info()
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn what_the_builder_trusts_does_not_matter() {
    let (server, other) = (Server::start([]).await, Server::start([]).await);
    let seen = peek_certificate(&other.address()).await.unwrap();
    // Without credentials, and with the pin of another server.
    let builder = Client::builder(&server.address()).pin(seen.fingerprint);
    assert_ne!(
        builder.peek_certificate().await.unwrap().fingerprint,
        seen.fingerprint
    );
}

#[tokio::test]
async fn a_checked_certificate_is_returned_only_if_it_is_trusted() {
    let server = Server::start([]).await;
    let builder = || Client::builder(&server.address());
    let seen = builder().peek_certificate().await.unwrap();
    for trusting in [
        builder().pin(seen.fingerprint),
        builder().certificate_authority(seen.der.clone()),
    ] {
        assert_eq!(trusting.check_certificate().await.unwrap(), seen);
    }
    let wrong: Fingerprint = "00".repeat(32).parse().unwrap();
    for (builder, expected) in [
        (builder(), ConnectCause::Untrusted),
        (builder().pin(wrong), ConnectCause::WrongPin),
    ] {
        let error = builder.check_certificate().await.unwrap_err();
        let ErrorKind::Connect { cause, .. } = error.kind() else {
            panic!("{error:?}");
        };
        assert_eq!(*cause, expected, "{error}");
    }
}

/// A server that copied a certificate cannot show it as its own.
#[tokio::test]
async fn a_certificate_without_its_private_key_is_an_error() {
    let server = Server::start([]).await;
    let thief = Server::with_stolen_certificate(&server.pem).await;
    let error = peek_certificate(&thief.address()).await.unwrap_err();
    assert_eq!(cause(&error), Some(ConnectCause::BadCertificate), "{error}");
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_an_error() {
    let plain = Server::plain(b"SSH-2.0-OpenSSH_9.9\r\n").await;
    let error = peek_certificate(&plain.address()).await.unwrap_err();
    assert_eq!(cause(&error), Some(ConnectCause::NotTls), "{error}");
    let error = peek_certificate("127.0.0.1:1").await.unwrap_err();
    assert_eq!(cause(&error), Some(ConnectCause::Refused), "{error}");
    let error = peek_certificate("http://host").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Configuration(_)), "{error}");
}

#[test]
fn a_program_without_a_runtime_peeks_with_a_blocking_call() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let server = runtime.block_on(Server::start([]));
    let seen = mailstore_api::peek_certificate_blocking(&server.address()).unwrap();
    let again = Client::builder(&server.address())
        .peek_certificate_blocking()
        .unwrap();
    assert_eq!(seen, again);
}
