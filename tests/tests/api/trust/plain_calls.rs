//! Calls that end with their first response, with every fault on the way to the server and back.
//!
//! For each fault, a read-only call and a changing call: the kind of the error, whether it is transient, whether the
//! outcome is unknown, and how often the request reached the server. A changing call never reaches it twice.

use std::time::Duration;

use mailstore_api::server::Client;
use mailstore_api::{Builder, Fingerprint};
use serde_json::json;
use tokio::net::TcpListener;
use tokio_rustls::rustls::version::{TLS12, TLS13};

use super::certificates::{early, expired, with_ca_flag};
use super::observe::{Called, outcome};
use super::proxy::{OPEN, Proxy};
use super::raw::Raw;
use super::table::Table;
use crate::support::answer::{empty, http, succeeded};
use crate::support::certificates::{Authority, named, self_signed};
use crate::support::{Act, Server};

/// The timeout of a connection that is never opened.
const SOON: Duration = Duration::from_millis(300);
/// The timeout of a response that never ends. It is enough to connect, also on a busy machine.
const ENOUGH: Duration = Duration::from_secs(1);
const RETRIES: usize = 2;

/// What a fault means for a call.
#[derive(Clone, Copy)]
enum Fault {
    /// There is no connection, and a retry cannot help.
    Permanent(&'static str),
    /// There is no connection, and both calls are tried again.
    Transient(&'static str),
    /// There is no connection within the timeout, so there is no time for a retry.
    Late(&'static str),
    /// The response was lost.
    Lost,
    /// The response was not received within the timeout.
    LostLate,
    /// The server or a proxy responded with this status.
    Http(u16),
}

impl Fault {
    /// Returns the description of the error, and how often the request reaches the server.
    fn expected(self, called: Called) -> (String, usize) {
        let is_change = called == Called::Change;
        let all = RETRIES + 1;
        match self {
            Self::Permanent(cause) => (format!("{cause}, permanent, outcome known"), 0),
            Self::Transient(cause) | Self::Late(cause) => (format!("{cause}, transient, outcome known"), 0),
            Self::Lost | Self::LostLate if is_change => {
                ("OutcomeUnknown, permanent, outcome unknown".to_owned(), 1)
            }
            Self::Lost => ("Lost, transient, outcome known".to_owned(), all),
            Self::LostLate => ("Lost, transient, outcome known".to_owned(), 1),
            // The server may have executed a call that it answers with 500 or more.
            Self::Http(status @ 500..) if is_change => {
                (format!("Http {status}, permanent, outcome unknown"), 1)
            }
            Self::Http(status @ (408 | 429 | 500..)) if !is_change => {
                (format!("Http {status}, transient, outcome known"), all)
            }
            Self::Http(status) => (format!("Http {status}, permanent, outcome known"), 1),
        }
    }
}

/// The number of attempts to connect that a fault before the request allows.
fn attempts(fault: Fault) -> Option<usize> {
    match fault {
        Fault::Permanent(_) | Fault::Late(_) => Some(1),
        Fault::Transient(_) => Some(RETRIES + 1),
        _ => None,
    }
}

fn builder(address: &str) -> Builder<Client> {
    Client::builder(address)
        .credentials("admin", "secret")
        .assume_edition()
        .no_proxy()
        .retries(RETRIES)
}

/// Adds a row for a fault, for which this builder connects, and these functions count.
async fn row(
    table: &mut Table,
    (attack, fault): (&str, Fault),
    called: Called,
    builder: Builder<Client>,
    counts: (impl Fn() -> usize, impl Fn() -> Option<usize>),
) {
    let client = builder.build().unwrap();
    let error = called.call(&client).await;
    let (expected, reached) = fault.expected(called);
    let tried = |count: Option<usize>| count.map_or(String::new(), |count| format!(", {count} connections"));
    let connections = counts.1();
    let allowed = attempts(fault).filter(|_| connections.is_some());
    table.equal(
        format!("{attack}, {}", called.name()),
        format!("{expected}, reached {reached}{}", tried(allowed)),
        format!(
            "{}, reached {}{}",
            outcome(error.as_ref()),
            counts.0(),
            tried(connections.filter(|_| allowed.is_some()))
        ),
    );
}

#[tokio::test]
async fn faults_before_there_is_a_connection() {
    let mut table = Table::new("plain calls without a connection");
    for called in Called::BOTH {
        let unknown = || (|| 0, || None);
        let dns = builder("archive.invalid");
        row(
            &mut table,
            ("unknown host name", Fault::Transient("Dns")),
            called,
            dns,
            unknown(),
        )
        .await;
        let refused = builder("127.0.0.1:1");
        row(
            &mut table,
            ("refused", Fault::Transient("Refused")),
            called,
            refused,
            unknown(),
        )
        .await;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let silent = listener.local_addr().unwrap().to_string();
        let stalled = builder(&silent).request_timeout(SOON);
        row(
            &mut table,
            ("stalled handshake, request timeout", Fault::Late("Timeout")),
            called,
            stalled,
            unknown(),
        )
        .await;
        let stalled = builder(&silent).connect_timeout(SOON).retries(0);
        row(
            &mut table,
            ("stalled handshake, connect timeout", Fault::Late("Timeout")),
            called,
            stalled,
            unknown(),
        )
        .await;
        for (attack, answer, fault) in [
            (
                "closed within the handshake",
                b"".as_slice(),
                Fault::Transient("Closed"),
            ),
            (
                "HTTP in place of TLS",
                b"HTTP/1.1 400 Bad\r\n\r\n",
                Fault::Permanent("NotTls"),
            ),
            (
                "the alert protocol_version",
                b"\x15\x03\x01\x00\x02\x02\x46",
                Fault::Permanent("Tls"),
            ),
            (
                "the alert handshake_failure",
                b"\x15\x03\x03\x00\x02\x02\x28",
                Fault::Permanent("Tls"),
            ),
            (
                "the alert internal_error",
                b"\x15\x03\x03\x00\x02\x02\x50",
                Fault::Permanent("Tls"),
            ),
        ] {
            let raw = match attack {
                "closed within the handshake" => Raw::closing().await,
                _ => Raw::start(answer).await,
            };
            let counts = (|| 0, || Some(raw.connections()));
            row(&mut table, (attack, fault), called, builder(&raw.address), counts).await;
        }
    }
    table.assert_all_held();
}

#[tokio::test]
async fn certificates_that_are_rejected() {
    let mut table = Table::new("plain calls with rejected certificates");
    let authority = Authority::new("authority");
    let other = Fingerprint::of_certificate(b"another certificate");
    let issue = |parameters| authority.issue(parameters);
    for called in Called::BOTH {
        for (attack, issued, cause) in [
            ("expired", issue(expired("127.0.0.1")), "Expired"),
            ("not valid yet", issue(early("127.0.0.1")), "NotYetValid"),
            ("wrong host", issue(named("archive.example.com")), "WrongName"),
            (
                "unknown issuer",
                Authority::new("other").issue(named("127.0.0.1")),
                "Untrusted",
            ),
            ("self-signed", self_signed(named("127.0.0.1")), "Untrusted"),
            ("CA flag", issue(with_ca_flag("127.0.0.1")), "Untrusted"),
            ("wrong pin", issue(named("127.0.0.1")), "WrongPin"),
        ] {
            let answers = (0..=RETRIES).map(|_| Act::Send(succeeded(json!(null))));
            let server = Server::with_chain(&issued, &[&TLS13, &TLS12], None, answers).await;
            let builder = builder(&server.address());
            let builder = match cause {
                "WrongPin" => builder.pin(other),
                _ => builder.certificate_authority(authority.pem()),
            };
            let counts = (|| server.requests().len(), || Some(server.connections()));
            row(
                &mut table,
                (attack, Fault::Permanent(cause)),
                called,
                builder,
                counts,
            )
            .await;
        }
        let thief = Server::with_stolen_certificate(&self_signed(named("127.0.0.1")).chain).await;
        let trusting = builder(&thief.address()).certificate_authority(thief.pem.clone());
        let counts = (|| thief.requests().len(), || Some(thief.connections()));
        row(
            &mut table,
            ("a stolen certificate", Fault::Permanent("BadCertificate")),
            called,
            trusting,
            counts,
        )
        .await;
        for (attack, version) in [("TLS 1.2", &TLS12), ("TLS 1.3", &TLS13)] {
            let wanting = Server::with_client_certificates(version).await;
            let trusting = builder(&wanting.address()).certificate_authority(wanting.pem.clone());
            let counts = (|| wanting.requests().len(), || Some(wanting.connections()));
            let attack = format!("client certificate wanted, {attack}");
            row(
                &mut table,
                (&attack, Fault::Permanent("ClientCertificate")),
                called,
                trusting,
                counts,
            )
            .await;
        }
    }
    table.assert_all_held();
}

#[tokio::test]
async fn faults_after_the_request_was_sent() {
    let mut table = Table::new("plain calls with lost responses");
    let whole = succeeded(json!({"version": "25.3.0", "machineName": "HOST"}));
    let cut = whole[..whole.len() - 10].to_vec();
    let head = whole[..40].to_vec();
    for called in Called::BOTH {
        for (attack, act, fault) in [
            (
                "closed without a response",
                Act::SendAndClose(Vec::new()),
                Fault::Lost,
            ),
            (
                "reset without a response",
                Act::SendAndReset(Vec::new()),
                Fault::Lost,
            ),
            ("truncated head", Act::SendAndClose(head.clone()), Fault::Lost),
            (
                "reset within the head",
                Act::SendAndReset(head.clone()),
                Fault::Lost,
            ),
            ("truncated body", Act::SendAndClose(cut.clone()), Fault::Lost),
            (
                "reset within the body",
                Act::SendAndReset(cut.clone()),
                Fault::Lost,
            ),
            ("no response", Act::Stall, Fault::LostLate),
            ("stalled head", Act::Send(head.clone()), Fault::LostLate),
            ("stalled body", Act::Send(cut.clone()), Fault::LostLate),
            ("HTTP 408", Act::Send(empty("408 Timeout")), Fault::Http(408)),
            ("HTTP 429", Act::Send(empty("429 Slow down")), Fault::Http(429)),
            ("HTTP 500", Act::Send(empty("500 Oops")), Fault::Http(500)),
            (
                "HTTP 502 of a reverse proxy",
                Act::Send(http("502 Bad Gateway", "text/html", b"<html>")),
                Fault::Http(502),
            ),
            ("HTTP 503", Act::Send(empty("503 Busy")), Fault::Http(503)),
            ("HTTP 504", Act::Send(empty("504 Timeout")), Fault::Http(504)),
            ("HTTP 302", Act::Send(empty("302 Found")), Fault::Http(302)),
            ("HTTP 400", Act::Send(empty("400 Bad")), Fault::Http(400)),
        ] {
            let server = Server::start((0..=RETRIES).map(|_| act.clone())).await;
            let mut builder = builder(&server.address()).certificate_authority(server.pem.clone());
            if matches!(fault, Fault::LostLate) {
                builder = builder.request_timeout(ENOUGH);
            }
            let counts = (|| server.requests().len(), || None);
            row(&mut table, (attack, fault), called, builder, counts).await;
        }
    }
    table.assert_all_held();
}

#[tokio::test]
async fn faults_of_a_proxy() {
    let mut table = Table::new("plain calls through a proxy");
    let issued = self_signed(named("archive.invalid"));
    for called in Called::BOTH {
        for (attack, answer, closes, fault) in [
            (
                "HTTP 407",
                b"HTTP/1.1 407 Auth\r\n\r\n".as_slice(),
                false,
                Fault::Permanent("ProxyAuthentication"),
            ),
            (
                "HTTP 403",
                b"HTTP/1.1 403 No\r\n\r\n",
                false,
                Fault::Permanent("ProxyRefused"),
            ),
            (
                "HTTP 502",
                b"HTTP/1.1 502 Bad\r\n\r\n",
                false,
                Fault::Transient("Proxy"),
            ),
            (
                "garbage",
                b"garbage\r\n\r\n",
                true,
                Fault::Permanent("ProxyRefused"),
            ),
            ("closed", b"", true, Fault::Transient("Proxy")),
            (
                "closed after the tunnel is open",
                OPEN,
                true,
                Fault::Transient("Closed"),
            ),
            ("silent", b"", false, Fault::Late("Timeout")),
            (
                "silent after the tunnel is open",
                OPEN,
                false,
                Fault::Late("Timeout"),
            ),
        ] {
            let proxy = Proxy::start(answer, None, closes).await;
            let mut builder = builder("archive.invalid").proxy(proxy.address.clone());
            if matches!(fault, Fault::Late(_)) {
                builder = builder.request_timeout(SOON);
            }
            let counts = (|| 0, || Some(proxy.heads().len()));
            row(&mut table, (attack, fault), called, builder, counts).await;
        }
        let refused = builder("archive.invalid").proxy("http://127.0.0.1:1");
        row(
            &mut table,
            ("refused", Fault::Transient("Proxy")),
            called,
            refused,
            (|| 0, || None),
        )
        .await;
        let act = Act::SendAndReset(Vec::new());
        let server = Server::with_chain(&issued, &[&TLS13], None, (0..=RETRIES).map(|_| act.clone())).await;
        let proxy = Proxy::before(server.address()).await;
        let trusting = builder("archive.invalid")
            .proxy(proxy.address.clone())
            .certificate_authority(server.pem.clone());
        let counts = (|| server.requests().len(), || None);
        row(
            &mut table,
            ("the server resets the tunnel after the request", Fault::Lost),
            called,
            trusting,
            counts,
        )
        .await;
        let server = Server::with_chain(&issued, &[&TLS13], None, []).await;
        let proxy = Proxy::before(server.address()).await;
        let wary = builder("archive.invalid").proxy(proxy.address.clone());
        let counts = (|| server.requests().len(), || Some(proxy.heads().len()));
        row(
            &mut table,
            ("the server is not trusted", Fault::Permanent("Untrusted")),
            called,
            wary,
            counts,
        )
        .await;
    }
    table.assert_all_held();
}
