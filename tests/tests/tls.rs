//! Whom the client trusts.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::error::Error as _;

use mailstore_api::server::Client;
use mailstore_api::{Error, ErrorKind};
use serde_json::json;
use support::answer::succeeded;
use support::{Act, Server};

fn info() -> Act {
    Act::Send(succeeded(json!({"version": "25.3.0", "machineName": "HOST"})))
}

/// The error, which is to name its cause, and of which the server is to see no request.
async fn refused(server: &Server, client: Result<Client, Error>) -> Error {
    let error = client.unwrap().get_server_info().await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Connect { .. }) && !error.is_outcome_unknown(),
        "{error}"
    );
    assert!(
        server.requests().is_empty(),
        "credentials were sent to a server that is not trusted"
    );
    error
}

fn causes(error: &Error) -> String {
    let mut text = String::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!("{error}\n"));
        cause = error.source();
    }
    text
}

fn builder(server: &Server) -> mailstore_api::Builder<Client> {
    Client::builder(&server.address()).credentials("admin", "secret")
}

#[tokio::test]
async fn a_certificate_that_signed_itself_is_refused_unless_told() {
    let server = Server::start([info()]).await;
    let error = refused(&server, builder(&server).build()).await;
    assert!(causes(&error).contains("UnknownIssuer"), "{}", causes(&error));
    assert!(
        error
            .to_string()
            .contains("give it, or its authority's, to `certificate_authority`"),
        "{error}"
    );
}

#[tokio::test]
async fn a_given_certificate_is_trusted() {
    let server = Server::start([info()]).await;
    // As it stands in files: text around it, and line ends of another system.
    let pem = format!("MailStore on HOST\r\n{}\r\n", server.pem.replace('\n', "\r\n"));
    let client = builder(&server).certificate_authority(pem).build().unwrap();
    assert_eq!(client.get_server_info().await.unwrap().machine_name, "HOST");
}

#[tokio::test]
async fn another_authority_is_refused() {
    let (server, other) = (Server::start([info()]).await, Server::start([]).await);
    let error = refused(&server, builder(&server).certificate_authority(other.pem).build()).await;
    assert!(
        causes(&error).contains("invalid peer certificate"),
        "{}",
        causes(&error)
    );
}

#[tokio::test]
async fn another_host_name_is_refused() {
    let server = Server::named("archive.example.com", [info()]).await;
    let error = refused(
        &server,
        builder(&server).certificate_authority(server.pem.clone()).build(),
    )
    .await;
    assert!(error.to_string().contains("archive.example.com"), "{error}");
    assert!(
        error
            .to_string()
            .contains("a name in the address that the certificate is made for"),
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
    refused(
        &server,
        builder(&server)
            .danger_accept_invalid_certs(true)
            .danger_accept_invalid_certs(false)
            .build(),
    )
    .await;
}

#[tokio::test]
async fn a_server_without_tls_is_told_from_one_that_is_not_trusted() {
    for bytes in ["HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.9\r\n"] {
        let server = Server::plain(bytes.as_bytes()).await;
        let error = refused(
            &server,
            builder(&server).danger_accept_invalid_certs(true).build(),
        )
        .await;
        assert!(
            error.to_string().contains("does not speak TLS: check the port"),
            "{error}"
        );
    }
}

#[test]
fn what_is_no_certificate_is_refused_when_building() {
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
fn an_address_without_tls_is_refused_when_building() {
    let error = Client::builder("http://mailstore.example.com")
        .credentials("a", "b")
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("https only"), "{error}");
}
