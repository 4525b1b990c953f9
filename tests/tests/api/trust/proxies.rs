//! Proxies: which connections use them, how they fail, and what they can see.

use std::time::Duration;

use mailstore_api::server::Client;
use mailstore_api::{Builder, Fingerprint};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use super::certificates::{builder, ok, rejected, seen};
use super::observe::{Called, outcome};
use super::proxy::{OPEN, Proxy};
use super::raw::Raw;
use super::table::Table;
use crate::support::Server;
use crate::traces::capture;

/// The name of the server, which only the proxy can reach.
pub(crate) const NAME: &str = "archive.invalid:8463";

async fn server() -> Server {
    Server::named("archive.invalid", [ok(), ok()]).await
}

fn trusting(server: &Server) -> Builder<Client> {
    builder(NAME).certificate_authority(server.pem.clone())
}

#[tokio::test]
async fn a_given_proxy_is_used_and_sees_no_credentials() {
    let mut table = Table::new("what a proxy sees");
    for (attack, prefix, expected) in [
        ("http://proxy", "http://", None),
        ("an address without a scheme", "", None),
        ("credentials", "http://us%65r:p%40ss@", Some("Basic dXNlcjpwQHNz")),
        ("only a user name", "user@", Some("Basic dXNlcjo=")),
    ] {
        let server = server().await;
        let proxy = Proxy::before(server.address()).await;
        let seen = seen(
            &server,
            trusting(&server).proxy(format!("{prefix}{}", proxy.address)),
        )
        .await;
        let head = proxy.heads().join("");
        let header = head
            .lines()
            .find_map(|line| line.strip_prefix("proxy-authorization: "));
        let leaks = head.contains("YWRtaW46c2VjcmV0") || head.contains("jane");
        table.equal(
            attack,
            format!("ok, 1 requests, CONNECT {NAME} HTTP/1.1, {expected:?}, leaks false"),
            format!(
                "{seen}, {}, {header:?}, leaks {leaks}",
                head.lines().next().unwrap_or("nothing")
            ),
        );
    }
    for (attack, trust, expected) in [
        ("the platform decides", "platform", rejected("Untrusted")),
        ("a pin", "pin", "ok, 1 requests".to_owned()),
        ("a wrong pin", "wrong", rejected("WrongPin")),
        ("every certificate", "danger", rejected("Configuration")),
        (
            "every certificate, also through a proxy",
            "twice",
            "ok, 1 requests".to_owned(),
        ),
        ("only through a proxy", "once", rejected("Untrusted")),
    ] {
        let (server, other) = (server().await, Server::start([]).await);
        let proxy = Proxy::before(server.address()).await;
        let pin = |server: &Server| {
            Fingerprint::of_certificate(&CertificateDer::from_pem_slice(server.pem.as_bytes()).unwrap())
        };
        let builder = builder(NAME).proxy(proxy.address.clone());
        let builder = match trust {
            "pin" => builder.pin(pin(&server)),
            "wrong" => builder.pin(pin(&other)),
            "danger" => builder.danger_accept_invalid_certs(true),
            "once" => builder.danger_accept_invalid_certs_through_proxy(true),
            "twice" => builder
                .danger_accept_invalid_certs(true)
                .danger_accept_invalid_certs_through_proxy(true),
            _ => builder,
        };
        table.equal(
            format!("through a proxy: {attack}"),
            expected,
            seen(&server, builder).await,
        );
    }
    let server = server().await;
    let proxy = Proxy::before(server.address()).await;
    let builder = Client::builder(NAME).proxy(format!("http://user:hunter2@{}", proxy.address));
    let peeked = builder.peek_certificate().await;
    let names = peeked.map_or_else(|error| error.to_string(), |seen| seen.dns_names.join(", "));
    table.equal(
        "peek through a proxy",
        "archive.invalid, 0 requests",
        format!("{names}, {} requests", server.requests().len()),
    );
    let shown = format!("{builder:?} {builder:#?}").contains("hunter2");
    table.equal("the password of the proxy in `Debug`", "false", shown);
    let server = self::server().await;
    let proxy = Proxy::before(server.address()).await;
    let (capture, guard) = capture();
    let logged = trusting(&server).proxy(format!("http://user:hunter2@{}", proxy.address));
    let seen = seen(&server, logged).await;
    drop(guard);
    // In plain, and as it is sent.
    let shown = ["hunter2", "dXNlcjpodW50ZXIy"].map(|text| capture.contains(text));
    table.equal(
        "the password of the proxy in spans and events of all crates",
        "ok, 1 requests, events true, shown [false, false]",
        format!(
            "{seen}, events {}, shown {shown:?}",
            capture.contains("mailstore")
        ),
    );
    table.assert_all_held();
}

#[tokio::test]
async fn a_server_on_this_machine_is_reached_without_a_proxy() {
    let mut table = Table::new("servers on this machine");
    let proxy = Proxy::start(b"HTTP/1.1 403 No\r\n\r\n", None, true).await;
    let here = [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "archive.localhost",
        "a.b.localhost.",
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f01:203]",
        "[0:0:0:0:0:0:0:1]",
    ]
    .map(|host| (host, "0 requests to the proxy, named false"));
    let elsewhere = [
        "localhost.example.invalid",
        "notlocalhost",
        "10.0.0.1",
        "128.0.0.1",
        "[::2]",
        "[::ffff:10.0.0.1]",
    ]
    .map(|host| (host, "1 requests to the proxy, named true"));
    for (host, expected) in here.into_iter().chain(elsewhere) {
        let before = proxy.heads().len();
        // Nothing listens on the port. Only the way to it matters.
        let client = builder(&format!("{host}:1"))
            .proxy(proxy.address.clone())
            .build()
            .unwrap();
        let error = Called::Read.call(&client).await.unwrap();
        let named = error.to_string().contains("proxy http");
        table.equal(
            host,
            expected,
            format!(
                "{} requests to the proxy, named {named}",
                proxy.heads().len() - before
            ),
        );
    }
    let server = Server::start([ok()]).await;
    let danger = builder(&server.address())
        .proxy(proxy.address.clone())
        .danger_accept_invalid_certs(true);
    table.equal(
        "every certificate, on this machine, and a proxy is set",
        "ok, 1 requests",
        seen(&server, danger).await,
    );
    table.assert_all_held();
}

#[tokio::test]
async fn the_error_of_a_proxy_names_it_and_only_temporary_failures_are_transient() {
    let mut table = Table::new("proxies that fail");
    let mut endless = b"HTTP/1.1 200 OK\r\n".to_vec();
    endless.extend_from_slice("x: y\r\n".repeat(200_000).as_bytes());
    let endless: &'static [u8] = endless.leak();
    let permanent = |cause: &str| format!("{cause}, permanent, outcome known");
    let transient = |cause: &str| format!("{cause}, transient, outcome known");
    for (attack, answer, closes, expected) in [
        (
            "HTTP 407",
            b"HTTP/1.1 407 Auth\r\nProxy-Authenticate: Basic\r\n\r\n".as_slice(),
            false,
            permanent("ProxyAuthentication"),
        ),
        (
            "HTTP 403",
            b"HTTP/1.1 403 No\r\n\r\n",
            false,
            permanent("ProxyRefused"),
        ),
        (
            "HTTP 404",
            b"HTTP/1.1 404 No\r\n\r\n",
            false,
            permanent("ProxyRefused"),
        ),
        (
            "HTTP 302",
            b"HTTP/1.1 302 Login\r\nLocation: https://archive.invalid/\r\n\r\n",
            false,
            permanent("ProxyRefused"),
        ),
        (
            "HTTP 500",
            b"HTTP/1.1 500 Oops\r\n\r\n",
            false,
            transient("Proxy"),
        ),
        (
            "HTTP 502",
            b"HTTP/1.1 502 Bad gateway\r\n\r\n",
            false,
            transient("Proxy"),
        ),
        ("HTTP 503", b"HTTP/1.1 503 Busy\r\n\r\n", true, transient("Proxy")),
        (
            "HTTP 504",
            b"HTTP/1.1 504 Timeout\r\n\r\n",
            true,
            transient("Proxy"),
        ),
        ("garbage", b"garbage\r\n\r\n", true, permanent("ProxyRefused")),
        ("SSH", b"SSH-2.0-OpenSSH_9.9\r\n", true, permanent("ProxyRefused")),
        (
            "a TLS alert",
            b"\x15\x03\x03\x00\x02\x02\x28",
            true,
            permanent("ProxyRefused"),
        ),
        ("200,000 headers", endless, true, permanent("ProxyRefused")),
        ("closes without a response", b"", true, transient("Proxy")),
        (
            "closes within the response",
            b"HTTP/1.1 200 O",
            true,
            transient("Proxy"),
        ),
        (
            "sends data before the tunnel is used",
            b"HTTP/1.1 200 OK\r\n\r\nSSH-2.0-OpenSSH_9.9\r\n",
            false,
            permanent("ProxyRefused"),
        ),
        ("sends nothing", b"", false, transient("Timeout")),
    ] {
        for called in Called::BOTH {
            let proxy = Proxy::start(answer, None, closes).await;
            let client = builder(NAME)
                .proxy(format!("http://user:hunter2@{}", proxy.address))
                .connect_timeout(if attack == "sends nothing" {
                    Duration::from_millis(200)
                } else {
                    Duration::from_secs(20)
                })
                .build()
                .unwrap();
            let error = called.call(&client).await;
            let text = error
                .as_ref()
                .map(|error| format!("{error} {error:?}"))
                .unwrap_or_default();
            let named = text.contains(&format!("the proxy http://{}", proxy.address));
            let shown = text.contains("hunter2");
            table.equal(
                format!("{attack}, {}", called.name()),
                format!("{expected}, named true, password shown false, 1 requests"),
                format!(
                    "{}, named {named}, password shown {shown}, {} requests",
                    outcome(error.as_ref()),
                    proxy.heads().len()
                ),
            );
        }
    }
    // After the tunnel is open, failures are those of the server.
    for (attack, closes, expected) in [("closes the tunnel", true, transient("Closed"))] {
        let proxy = Proxy::start(OPEN, None, closes).await;
        let client = builder(NAME).proxy(proxy.address.clone()).build().unwrap();
        table.equal(
            attack,
            expected,
            outcome(Called::Change.call(&client).await.as_ref()),
        );
    }
    let client = builder(NAME).proxy("http://127.0.0.1:1").build().unwrap();
    table.equal(
        "nothing listens on the port of the proxy",
        transient("Proxy"),
        outcome(Called::Change.call(&client).await.as_ref()),
    );
    let client = builder(NAME).proxy("http://proxy.invalid:3128").build().unwrap();
    table.equal(
        "the name of the proxy is unknown",
        transient("Proxy"),
        outcome(Called::Change.call(&client).await.as_ref()),
    );
    let plain = Raw::start(b"HTTP/1.1 400 Bad\r\n\r\n").await;
    let client = builder(NAME)
        .proxy(format!("https://{}", plain.address))
        .build()
        .unwrap();
    table.equal(
        "https to a proxy without TLS",
        permanent("ProxyRefused"),
        outcome(Called::Change.call(&client).await.as_ref()),
    );
    let secure = Server::start([]).await;
    let client = builder(NAME)
        .proxy(format!("https://{}", secure.address()))
        .build()
        .unwrap();
    table.equal(
        "https to a proxy that is not trusted",
        permanent("ProxyRefused"),
        outcome(Called::Change.call(&client).await.as_ref()),
    );
    for url in [
        "",
        "http://",
        "socks5://user:hunter2@proxy:1080",
        "ftp://proxy",
        "http://user:hunter2@proxy/path",
        "http://user:hunter2@proxy:99999",
        "http://user:hunter2@pro xy",
        "user:hunter2@",
        "http://proxy?a=b",
    ] {
        let error = builder(NAME).proxy(url).build().err();
        let shown = error
            .as_ref()
            .is_some_and(|error| format!("{error} {error:?}").contains("hunter2"));
        table.equal(
            format!("the proxy {url:?}"),
            "Configuration, permanent, outcome known, password shown false",
            format!("{}, password shown {shown}", outcome(error.as_ref())),
        );
    }
    table.assert_all_held();
}
