//! Client certificates, versions of TLS, and the places to which credentials must never be sent.

use tokio_rustls::rustls::version::{TLS12, TLS13};
use tracing::Level;

use super::certificates::{OK, builder, expired, ok, rejected, seen, serve, with_ca_flag};
use super::observe::{Called, outcome};
use super::raw::Raw;
use super::table::Table;
use crate::support::answer::http;
use crate::support::certificates::{Authority, named, self_signed};
use crate::support::{Act, Server};
use crate::traces::capture;

#[tokio::test]
async fn client_certificates_are_presented_and_their_rejection_is_permanent() {
    let mut table = Table::new("client certificates");
    let authority = Authority::new("clients");
    let own = self_signed(named("127.0.0.1"));
    let good = authority.issue(named("program"));
    let below = authority.below("clients of a department").issue(named("program"));
    let foreign = Authority::new("others").issue(named("program"));
    let late = authority.issue(expired("program"));
    let refused = rejected("ClientCertificate");
    for (version, name) in [(&TLS12, "TLS 1.2"), (&TLS13, "TLS 1.3")] {
        for (attack, client, expected) in [
            ("a good certificate", Some(&good), OK),
            ("a good certificate below another authority", Some(&below), OK),
            (
                "a certificate of another authority",
                Some(&foreign),
                refused.as_str(),
            ),
            ("an expired certificate", Some(&late), &refused),
            ("no certificate", None, &refused),
        ] {
            let server = Server::with_chain(&own, &[version], Some(&authority.pem()), [ok()]).await;
            let mut builder = builder(&server.address()).certificate_authority(server.pem.clone());
            if let Some(client) = client {
                builder = builder.client_certificate(client.chain.clone(), client.key.clone());
            }
            table.equal(
                format!("{name}: {attack}"),
                expected,
                seen(&server, builder).await,
            );
        }
    }
    let server = serve(&own).await;
    let encrypted = good.key.replace("PRIVATE", "ENCRYPTED PRIVATE");
    for (attack, certificates, key) in [
        ("the key of another certificate", &good.chain, &foreign.key),
        ("an encrypted key", &good.chain, &encrypted),
        ("no key", &good.chain, &good.chain),
        ("a key in place of the certificate", &good.key, &good.key),
    ] {
        let builder = builder(&server.address()).client_certificate(certificates.clone(), key.clone());
        table.equal(attack, rejected("Configuration"), seen(&server, builder).await);
    }
    let text = good.key.lines().nth(1).unwrap().to_owned();
    let builder = builder("host").client_certificate(good.chain, good.key);
    let shown = format!("{builder:?} {builder:#?}");
    table.equal(
        "the private key in `Debug`",
        "not shown",
        if shown.contains(&text) {
            "shown"
        } else {
            "not shown"
        },
    );
    table.assert_all_held();
}

/// A ServerHello of TLS 1.1 with the cipher suite 0x002F.
const TLS11: &[u8] = b"\x16\x03\x02\x00\x2a\x02\x00\x00\x26\x03\x02\
    0123456789abcdef0123456789abcdef\x00\x00\x2f\x00";
const PROTOCOL_VERSION: &[u8] = b"\x15\x03\x01\x00\x02\x02\x46";
const HANDSHAKE_FAILURE: &[u8] = b"\x15\x03\x03\x00\x02\x02\x28";

#[tokio::test]
async fn credentials_are_only_sent_over_tls_to_a_verified_server() {
    let mut table = Table::new("where credentials are sent");
    let own = self_signed(named("127.0.0.1"));
    for (version, name) in [(&TLS12, "1.2"), (&TLS13, "1.3")] {
        let server = Server::with_chain(&own, &[version], None, [ok()]).await;
        let builder = builder(&server.address()).certificate_authority(server.pem.clone());
        table.equal(format!("only TLS {name}"), OK, seen(&server, builder).await);
    }
    for (attack, answer, cause) in [
        ("only TLS 1.1", TLS11, "Tls"),
        (
            "the alert that the version is not supported",
            PROTOCOL_VERSION,
            "Tls",
        ),
        (
            "the alert that there is no common cipher",
            HANDSHAKE_FAILURE,
            "Tls",
        ),
        (
            "HTTP on the port",
            b"HTTP/1.1 400 Bad Request\r\n\r\n".as_slice(),
            "NotTls",
        ),
        ("SSH on the port", b"SSH-2.0-OpenSSH_9.9\r\n".as_slice(), "NotTls"),
    ] {
        for (trust, is_danger) in [("", false), (", every certificate is accepted", true)] {
            let raw = Raw::start(answer).await;
            let client = builder(&raw.address)
                .danger_accept_invalid_certs(is_danger)
                .build()
                .unwrap();
            let mut errors = Vec::new();
            for called in Called::BOTH {
                let error = called.call(&client).await;
                errors.push(format!("{}: {}", called.name(), outcome(error.as_ref())));
            }
            let failed = format!("{cause}, permanent, outcome known");
            let leaks = raw.received(b"POST") || raw.received(b"Basic") || raw.received(b"jane");
            table.equal(
                format!("{attack}{trust}"),
                format!("read: {failed}; change: {failed}; 2 connections, leaks false"),
                format!(
                    "{}; {} connections, leaks {leaks}",
                    errors.join("; "),
                    raw.connections()
                ),
            );
        }
    }
    for address in [
        "http://127.0.0.1:1",
        "http://localhost",
        "HTTP://mailstore.example.com",
        "ws://127.0.0.1",
    ] {
        let error = builder(address).build().err();
        table.equal(
            format!("the address {address}"),
            "Configuration, permanent, outcome known",
            outcome(error.as_ref()),
        );
    }
    for status in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary",
        "308 Permanent",
    ] {
        let target = Server::start([ok()]).await;
        for location in [
            format!("https://{}/", target.address()),
            format!("http://{}/", target.address()),
        ] {
            let answer = String::from_utf8(http(status, "text/html", b"")).unwrap();
            let answer = answer.replacen("\r\n", &format!("\r\nLocation: {location}\r\n"), 1);
            let server = Server::start([Act::Send(answer.into_bytes())]).await;
            let error = Called::Change.call(&server.client()).await;
            let scheme = location.split(':').next().unwrap();
            table.equal(
                format!("HTTP {status} to another server, {scheme}"),
                format!(
                    "Http {}, permanent, outcome known, 1 requests, target 0",
                    &status[..3]
                ),
                format!(
                    "{}, {} requests, target {}",
                    outcome(error.as_ref()),
                    server.requests().len(),
                    target.connections()
                ),
            );
        }
    }
    table.assert_all_held();
}

/// Every connection warns once, not every request.
#[tokio::test]
async fn accepting_every_certificate_is_logged_once_for_each_connection() {
    let mut table = Table::new("accepting every certificate");
    let (capture, _guard) = capture();
    let mut expected = 0;
    for (attack, parameters) in [
        ("for another name", named("a.example")),
        ("expired", expired("127.0.0.1")),
        ("with the CA flag", with_ca_flag("127.0.0.1")),
    ] {
        let server = serve(&self_signed(parameters)).await;
        let client = builder(&server.address())
            .danger_accept_invalid_certs(true)
            .build()
            .unwrap();
        for _ in 0..2 {
            Called::Change.call(&client).await;
        }
        expected += 1;
        let seen = capture.messages(Level::WARN, "danger_accept_invalid_certs");
        table.equal(
            attack,
            format!("2 requests, 1 connection, {expected} warnings so far"),
            format!(
                "{} requests, {} connection, {seen} warnings so far",
                server.requests().len(),
                server.connections()
            ),
        );
    }
    table.assert_all_held();
}
