//! Tests of pinned certificates, over TLS on real sockets.

use mailstore_api::server::Client;
use mailstore_api::{ConnectCause, Error, ErrorKind, Fingerprint};
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use serde_json::json;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use crate::support::{Act, Server, answer::succeeded};

fn info() -> Act {
    Act::Send(succeeded(json!({"version": "25.3.0", "machineName": "HOST"})))
}

fn der(server: &Server) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(server.pem.as_bytes()).unwrap()
}

fn certificate(server: &Server) -> Fingerprint {
    Fingerprint::of_certificate(&der(server))
}

fn public_key(server: &Server) -> Fingerprint {
    Fingerprint::of_public_key(&der(server)).unwrap()
}

fn connect(server: &Server, pins: &[Fingerprint]) -> Client {
    let builder = Client::builder(&server.address()).credentials("admin", "secret");
    let builder = pins.iter().fold(builder, |builder, pin| builder.pin(*pin));
    builder.build().unwrap()
}

async fn assert_accepted(server: &Server, pins: &[Fingerprint]) {
    let info = connect(server, pins).get_server_info().await.unwrap();
    assert_eq!(info.machine_name, "HOST");
}

/// Returns the error. The server must receive no request, because requests contain the credentials.
async fn assert_rejected(server: &Server, pins: &[Fingerprint], expected: ConnectCause) -> Error {
    let error = connect(server, pins).get_server_info().await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Connect { cause, .. } if *cause == expected),
        "{error:#?}"
    );
    assert!(!error.is_transient() && !error.is_outcome_unknown());
    assert!(server.requests().is_empty(), "the credentials were sent");
    error
}

/// Returns the parameters of certificates that are rejected without a pin: for another name, expired, not valid yet,
/// and of an authority.
fn unusual() -> Vec<CertificateParams> {
    let named = || CertificateParams::new(vec!["archive.example.com".to_owned()]).unwrap();
    let (mut expired, mut early, mut authority) = (named(), named(), named());
    expired.not_after = rcgen::date_time_ymd(2020, 1, 1);
    early.not_before = rcgen::date_time_ymd(2090, 1, 1);
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    vec![named(), expired, early, authority]
}

#[tokio::test]
async fn a_pinned_certificate_is_accepted_whatever_its_name_and_validity() {
    for parameters in unusual() {
        let server = Server::with_certificate(parameters.clone(), [info()]).await;
        assert_accepted(&server, &[certificate(&server)]).await;
        let server = Server::with_certificate(parameters, [info()]).await;
        assert_accepted(&server, &[public_key(&server)]).await;
    }
}

#[tokio::test]
async fn another_certificate_is_rejected_and_the_error_shows_both_fingerprints() {
    let (server, other) = (Server::start([info()]).await, Server::start([info()]).await);
    for pin in [certificate(&other), public_key(&other)] {
        let error = assert_rejected(&server, &[pin], ConnectCause::WrongPin).await;
        let text = error.to_string();
        for shown in [pin, certificate(&server), public_key(&server)] {
            assert!(text.contains(&shown.to_string()), "{text}");
        }
    }
    // Follows the advice of the error.
    assert_accepted(&server, &[certificate(&server)]).await;
}

#[tokio::test]
async fn the_error_of_another_certificate_shows_its_validity_period() {
    let pin = certificate(&Server::start([]).await);
    let named = || CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let (mut valid, mut expired, mut early) = (named(), named(), named());
    valid.not_after = rcgen::date_time_ymd(2090, 1, 1);
    expired.not_after = rcgen::date_time_ymd(2020, 1, 1);
    early.not_before = rcgen::date_time_ymd(2090, 1, 1);
    for (parameters, words) in [
        (valid, "to 2090-01-01T00:00:00Z. The pinned"),
        (expired, "to 2020-01-01T00:00:00Z, and has expired"),
        (early, "is not valid yet"),
    ] {
        let server = Server::with_certificate(parameters, [info()]).await;
        let error = assert_rejected(&server, &[pin], ConnectCause::WrongPin).await;
        let text = error.to_string();
        assert!(text.contains(words), "{text}");
        assert!(text.contains("pin the new fingerprint"), "{text}");
    }
}

#[tokio::test]
async fn a_pinned_public_key_accepts_a_renewed_certificate_and_a_pinned_certificate_does_not() {
    let key = KeyPair::generate().unwrap();
    let [old, new] = ["old.example.com", "new.example.com"]
        .map(|name| CertificateParams::new(vec![name.to_owned()]).unwrap());
    let old = Server::with_key(&key, old, [info()]).await;
    let new = Server::with_key(&key, new, [info()]).await;
    assert_accepted(&old, &[public_key(&old)]).await;
    assert_accepted(&new, &[public_key(&old)]).await;
    assert_rejected(
        &Server::start([info()]).await,
        &[public_key(&old)],
        ConnectCause::WrongPin,
    )
    .await;
    let renewed = CertificateParams::new(vec!["new.example.com".to_owned()]).unwrap();
    let renewed = Server::with_key(&key, renewed, [info()]).await;
    assert_rejected(&renewed, &[certificate(&old)], ConnectCause::WrongPin).await;
}

#[tokio::test]
async fn several_pins_accept_both_certificates_during_a_renewal() {
    let (old, new) = (Server::start([info()]).await, Server::start([info()]).await);
    let pins = [certificate(&old), public_key(&new)];
    assert_accepted(&old, &pins).await;
    assert_accepted(&new, &pins).await;
}

/// A certificate is public, so it proves nothing without a signature of its key.
#[tokio::test]
async fn a_server_without_the_private_key_of_the_pinned_certificate_is_rejected() {
    let server = Server::start([info()]).await;
    let thief = Server::with_stolen_certificate(&server.pem).await;
    for pin in [certificate(&server), public_key(&server)] {
        assert_rejected(&thief, &[pin], ConnectCause::BadCertificate).await;
    }
}

#[tokio::test]
async fn pins_and_other_kinds_of_trust_exclude_each_other() {
    let server = Server::start([]).await;
    let pinned = || {
        Client::builder(&server.address())
            .credentials("admin", "secret")
            .pin(certificate(&server))
    };
    for builder in [
        pinned().certificate_authority(server.pem.clone()),
        pinned().danger_accept_invalid_certs(true),
        Client::builder(&server.address())
            .credentials("admin", "secret")
            .certificate_authority(server.pem.clone())
            .danger_accept_invalid_certs(true),
    ] {
        let error = builder.build().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Configuration(_)), "{error}");
        assert!(error.to_string().contains("exclude each other"), "{error}");
    }
}
