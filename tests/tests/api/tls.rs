//! Tests of the certificates that the client trusts.

use mailstore_api::server::Client;
use mailstore_api::{ConnectCause, Error, ErrorKind};
use rcgen::{BasicConstraints, CertificateParams, IsCa};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::support::{self, answer::succeeded};
use support::{Act, Server};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::version;

fn info() -> Act {
    Act::Send(succeeded(json!({"version": "25.3.0", "machineName": "HOST"})))
}

/// Returns the error of a connection that must fail for this cause. The server must receive no request.
async fn connect_error(server: &Server, client: Result<Client, Error>, expected: ConnectCause) -> Error {
    let error = client.unwrap().get_server_info().await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Connect { cause, .. } if *cause == expected),
        "{error:#?}"
    );
    assert!(!error.is_outcome_unknown());
    assert_eq!(error.is_transient(), expected.is_transient());
    assert!(
        server.requests().is_empty(),
        "credentials were sent to a server that is not trusted"
    );
    error
}

/// Returns the SHA-256 fingerprint of a certificate as errors show it.
fn fingerprint(pem: &str) -> String {
    let der = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
    let bytes: Vec<String> = Sha256::digest(&der)
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    bytes.join(":")
}

fn builder(server: &Server) -> mailstore_api::Builder<Client> {
    Client::builder(&server.address()).credentials("admin", "secret")
}

#[tokio::test]
async fn a_self_signed_certificate_is_rejected_by_default() {
    let server = Server::start([info()]).await;
    let error = connect_error(&server, builder(&server).build(), ConnectCause::Untrusted).await;
    let text = error.to_string();
    assert!(
        text.contains(
            "pass this certificate, or the certificate of its authority, to `certificate_authority`"
        ),
        "{text}"
    );
    assert!(text.contains(&fingerprint(&server.pem)), "{text}");
}

#[tokio::test]
async fn a_given_certificate_is_trusted() {
    let server = Server::start([info()]).await;
    // The file has text before the certificate, and CRLF line ends.
    let pem = format!("MailStore on HOST\r\n{}\r\n", server.pem.replace('\n', "\r\n"));
    let client = builder(&server).certificate_authority(pem).build().unwrap();
    assert_eq!(client.get_server_info().await.unwrap().machine_name, "HOST");
}

/// Returns the parameters of a certificate with the CA flag, which `openssl req -x509` sets.
fn authority(name: &str) -> CertificateParams {
    let mut parameters = CertificateParams::new(vec![name.to_owned()]).unwrap();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters
}

#[tokio::test]
async fn a_server_certificate_with_the_ca_flag_can_be_trusted() {
    let server = Server::with_certificate(authority("127.0.0.1"), [info()]).await;
    let error = connect_error(&server, builder(&server).build(), ConnectCause::Untrusted).await;
    assert!(error.to_string().contains("`certificate_authority`"), "{error}");
    // Follows the advice of the error.
    let client = builder(&server)
        .certificate_authority(server.pem.clone())
        .build()
        .unwrap();
    assert_eq!(client.get_server_info().await.unwrap().machine_name, "HOST");
}

#[tokio::test]
async fn the_name_and_validity_of_a_trusted_certificate_are_verified() {
    let mut expired = authority("127.0.0.1");
    expired.not_after = rcgen::date_time_ymd(2020, 1, 1);
    let mut early = authority("127.0.0.1");
    early.not_before = rcgen::date_time_ymd(2090, 1, 1);
    let name = authority("archive.example.com");
    let cases = [
        (expired, ConnectCause::Expired, "2020-01-01"),
        (early, ConnectCause::NotYetValid, "2090-01-01"),
        (name, ConnectCause::WrongName, "archive.example.com"),
    ];
    for (mut parameters, cause, words) in cases {
        for is_ca in [IsCa::Ca(BasicConstraints::Unconstrained), IsCa::NoCa] {
            parameters.is_ca = is_ca;
            let server = Server::with_certificate(parameters.clone(), [info()]).await;
            let client = builder(&server).certificate_authority(server.pem.clone()).build();
            let error = connect_error(&server, client, cause).await;
            assert!(error.to_string().contains(words), "{error}");
            assert!(!error.is_transient(), "a retry cannot help");
        }
    }
}

/// The certificates have the same names and different keys. The old one appears to be the issuer of the new one, but
/// the signature is invalid.
#[tokio::test]
async fn a_renewed_certificate_is_detected_and_the_advice_works() {
    for is_ca in [IsCa::Ca(BasicConstraints::Unconstrained), IsCa::NoCa] {
        let mut parameters = authority("127.0.0.1");
        parameters.is_ca = is_ca;
        let old = Server::with_certificate(parameters.clone(), []).await;
        let server = Server::with_certificate(parameters, [info()]).await;
        let client = builder(&server).certificate_authority(old.pem.clone()).build();
        let error = connect_error(&server, client, ConnectCause::Untrusted)
            .await
            .to_string();
        for pem in [&old.pem, &server.pem] {
            assert!(error.contains(&fingerprint(pem)), "{error}");
        }
        let client = builder(&server)
            .certificate_authority(server.pem.clone())
            .build()
            .unwrap();
        client.get_server_info().await.unwrap();
    }
}

#[tokio::test]
async fn another_authority_is_rejected() {
    let (server, other) = (Server::start([info()]).await, Server::start([]).await);
    let client = builder(&server).certificate_authority(other.pem.clone()).build();
    let error = connect_error(&server, client, ConnectCause::Untrusted)
        .await
        .to_string();
    assert!(error.contains(&fingerprint(&server.pem)), "{error}");
    assert!(error.contains(&fingerprint(&other.pem)), "{error}");
    assert!(error.contains("may have been renewed"), "{error}");
}

#[tokio::test]
async fn another_host_name_is_rejected() {
    let server = Server::named("archive.example.com", [info()]).await;
    let client = builder(&server).certificate_authority(server.pem.clone()).build();
    let error = connect_error(&server, client, ConnectCause::WrongName)
        .await
        .to_string();
    assert!(error.contains("archive.example.com"), "{error}");
    assert!(
        error.contains("an address with a name that the certificate is for"),
        "{error}"
    );
}

#[tokio::test]
async fn any_certificate_is_accepted_on_demand() {
    let server = Server::named("archive.example.com", [info()]).await;
    let client = builder(&server)
        .danger_accept_invalid_certs(true)
        .build()
        .unwrap();
    client.get_server_info().await.unwrap();

    let server = Server::start([info()]).await;
    connect_error(
        &server,
        builder(&server)
            .danger_accept_invalid_certs(true)
            .danger_accept_invalid_certs(false)
            .build(),
        ConnectCause::Untrusted,
    )
    .await;
}

#[tokio::test]
async fn a_server_without_tls_is_a_separate_cause() {
    for bytes in ["HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.9\r\n"] {
        let server = Server::plain(bytes.as_bytes()).await;
        let error = connect_error(
            &server,
            builder(&server).danger_accept_invalid_certs(true).build(),
            ConnectCause::NotTls,
        )
        .await;
        assert!(
            error.to_string().contains("does not use TLS: check the port"),
            "{error}"
        );
    }
}

#[test]
fn an_invalid_certificate_is_rejected_by_build() {
    for pem in [
        "",
        "MIIB",
        "-----BEGIN CERTIFICATE-----\nnot base64!\n-----END CERTIFICATE-----\n",
    ] {
        let builder = Client::builder("mailstore.example.com").credentials("admin", "secret");
        let error = builder.certificate_authority(pem).build().unwrap_err();
        assert!(error.to_string().contains("certificate authority"), "{error}");
    }
}

#[test]
fn an_address_without_tls_is_rejected_by_build() {
    let error = Client::builder("http://mailstore.example.com")
        .credentials("a", "b")
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("requires https"), "{error}");
}

/// With TLS 1.3, the client receives the alert only after it has sent its request. The server has not read the request.
#[tokio::test]
async fn a_required_client_certificate_is_a_separate_cause() {
    for (server, version) in [
        (Server::with_client_certificates(&version::TLS12).await, "1.2"),
        (Server::with_client_certificates(&version::TLS13).await, "1.3"),
    ] {
        for _ in 0..10 {
            let client = builder(&server)
                .certificate_authority(server.pem.clone())
                .build()
                .unwrap();
            let error = client.delete_user("jane").await.unwrap_err();
            if version == "1.3" {
                assert!(
                    matches!(
                        error.kind(),
                        ErrorKind::Connect {
                            cause: ConnectCause::ClientCertificate,
                            ..
                        }
                    ),
                    "{version}: {error:#?}"
                );
            }
            assert!(!error.is_outcome_unknown(), "{version}: {error:#?}");
            assert!(!error.is_transient(), "{version}: {error:#?}");
        }
    }
}
