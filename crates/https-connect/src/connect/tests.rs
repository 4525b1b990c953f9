//! Tests of connections through proxies and without TLS, and of timeouts while connecting.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty};
use hyper_util::client::proxy::matcher::Matcher;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use super::*;
use crate::network::Network;
use crate::pools::Pools;
use crate::proxy::Proxies;
use crate::trust::Trust;

const LONG: Duration = Duration::from_secs(20);

fn url(address: &str) -> Url {
    Url::parse(&format!("https://{address}/")).unwrap()
}

fn proxied(proxy: &str, address: &str, trust: &Trust) -> Connector {
    let proxies = Matcher::builder().all(proxy).build();
    let proxy = Proxy::of(&proxies, &url(address)).unwrap();
    Connector::new(proxy, Some(trust.config(None).unwrap()), true, LONG)
}

async fn connect(connector: &Connector, address: &str) -> Result<(), ConnectError> {
    open(connector, url(address).as_str()).await
}

async fn open(connector: &Connector, url: &str) -> Result<(), ConnectError> {
    connector.0.connect(url.parse().unwrap()).await.map(drop)
}

/// A proxy that sends this response to each request. After a success response, it acts as the server, if there is one.
async fn proxy(
    answer: &'static str,
    server: Option<TlsAcceptor>,
) -> (String, tokio::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (seen, requests) = tokio::sync::mpsc::channel(8);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") && stream.read_buf(&mut head).await.unwrap_or(0) > 0 {}
            let _ = seen.send(String::from_utf8_lossy(&head).into_owned()).await;
            let _ = stream.write_all(answer.as_bytes()).await;
            if let Some(server) = &server {
                let _ = server.accept(stream).await;
            }
        }
    });
    (address, requests)
}

/// A TLS server with a certificate for this name.
fn server(name: &str) -> (TlsAcceptor, CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key.into())
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), certificate)
}

#[tokio::test]
async fn names_and_both_kinds_of_addresses_are_reached_through_a_proxy() {
    for (address, target) in [
        ("archive.example.com:443", "archive.example.com:443"),
        ("192.0.2.7:8443", "192.0.2.7:8443"),
        ("[2001:db8::7]:8443", "[2001:db8::7]:8443"),
    ] {
        let host = url(address)
            .host_str()
            .unwrap()
            .trim_matches(['[', ']'])
            .to_owned();
        let (server, certificate) = server(&host);
        let (proxy, mut requests) = proxy("HTTP/1.1 200 OK\r\n\r\n", Some(server)).await;
        let connector = proxied(
            &format!("http://us%65r:p@{proxy}"),
            address,
            &Trust::Given(vec![certificate]),
        );
        connect(&connector, address).await.unwrap();
        let request = requests.recv().await.unwrap();
        assert!(
            request.starts_with(&format!("CONNECT {target} HTTP/1.1\r\n")),
            "{request}"
        );
        assert!(
            request.contains("proxy-authorization: Basic dXNlcjpw"),
            "{request}"
        );
    }
}

#[tokio::test]
async fn the_error_of_a_rejecting_proxy_names_it_and_says_what_to_do() {
    for (answer, cause, advice) in [
        (
            "HTTP/1.1 407 Auth\r\n\r\n",
            ConnectCause::ProxyAuthentication,
            "HTTPS_PROXY",
        ),
        ("HTTP/1.1 403 No\r\n\r\n", ConnectCause::ProxyRefused, "NO_PROXY"),
        ("HTTP/1.1 502 Bad\r\n\r\n", ConnectCause::Proxy, "NO_PROXY"),
        ("garbage\r\n\r\n", ConnectCause::ProxyRefused, "NO_PROXY"),
        ("", ConnectCause::Proxy, "NO_PROXY"),
    ] {
        let (proxy, _requests) = proxy(answer, None).await;
        let connector = proxied(
            &format!("http://user:hunter2@{proxy}"),
            "archive.example.com",
            &Trust::Anything,
        );
        let error = connect(&connector, "archive.example.com").await.unwrap_err();
        assert_eq!(error.cause(), cause, "{answer}: {error:?}");
        assert!(
            error.to_string().contains(&format!("the proxy http://{proxy}")),
            "{error}"
        );
        assert!(cause.advice().contains(advice));
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn the_error_names_an_unreachable_proxy() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let connector = proxied(
        &format!("http://{address}"),
        "archive.example.com",
        &Trust::Anything,
    );
    let error = connect(&connector, "archive.example.com").await.unwrap_err();
    assert_eq!(error.cause(), ConnectCause::Proxy);
    assert!(
        error
            .to_string()
            .contains(&format!("no connection to the proxy http://{address}")),
        "{error}"
    );
}

#[test]
fn a_proxy_of_an_unsupported_kind_is_rejected_only_if_it_is_used() {
    let socks = Matcher::builder()
        .all("socks5://127.0.0.1:1")
        .no("10.0.0.0/8")
        .build();
    let error = Proxy::of(&socks, &url("archive.example.com")).err().unwrap();
    assert!(error.to_string().contains("NO_PROXY"), "{error}");
    for direct in ["localhost.", "api.localhost", "[::ffff:127.0.0.1]", "10.1.2.3"] {
        assert!(Proxy::of(&socks, &url(direct)).unwrap().is_none());
    }
}

#[tokio::test]
async fn the_error_of_a_timeout_names_the_step() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let tls = Trust::Anything.config(None).unwrap();
    let connector = Connector::new(None, Some(tls), false, Duration::from_millis(100));
    let error = connect(&connector, &address).await.unwrap_err();
    assert_eq!(error.cause(), ConnectCause::Timeout);
    assert!(error.to_string().contains("the TLS handshake"), "{error}");
}

#[tokio::test]
async fn a_server_without_tls_receives_plain_requests() {
    let (address, mut requests) = proxy("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", None).await;
    let base = Url::parse(&format!("http://{address}/")).unwrap();
    let connector = Network::default().connector(&base).unwrap();
    let pools = Pools::<Empty<Bytes>>::new(connector.clone(), LONG);
    let pool = pools.here().unwrap();
    let answer = pool.client().get(base.as_str().parse().unwrap());
    let answer = pool.inside(answer).await.unwrap().unwrap();
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "ok");
    let request = requests.recv().await.unwrap();
    assert!(request.starts_with("GET / HTTP/1.1\r\n"), "{request}");

    let error = connector.certificate(&base).await.unwrap_err();
    assert_eq!(error.cause(), ConnectCause::NotTls, "{error}");
}

#[tokio::test]
async fn a_server_without_tls_is_reached_through_a_proxy_at_the_port_of_http() {
    let (proxy, mut requests) = proxy("HTTP/1.1 200 OK\r\n\r\n", None).await;
    let base = Url::parse("http://archive.example.com/").unwrap();
    let network = Network {
        proxies: Proxies::Given(proxy.into()),
        ..Network::default()
    };
    open(&network.connector(&base).unwrap(), base.as_str())
        .await
        .unwrap();
    let request = requests.recv().await.unwrap();
    assert!(
        request.starts_with("CONNECT archive.example.com:80 HTTP/1.1\r\n"),
        "{request}"
    );
}

/// Otherwise, an address from a response could disable TLS.
#[tokio::test]
async fn the_address_of_a_request_does_not_change_whether_tls_is_used() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let [plain, encrypted] = ["http", "https"].map(|scheme| format!("{scheme}://{address}/"));
    let (server, certificate) = server("127.0.0.1");
    let network = Network {
        certificate_authority: Some(certificate.to_vec()),
        ..Network::default()
    };
    let connector = |base: &str| network.connector(&Url::parse(base).unwrap()).unwrap();

    let error = open(&connector(&plain), &encrypted).await.unwrap_err();
    assert!(error.to_string().contains("requires TLS"), "{error}");

    let accepting = async { server.accept(listener.accept().await.unwrap().0).await };
    let connector = connector(&encrypted);
    let (opened, accepted) = tokio::join!(open(&connector, &plain), accepting);
    assert!(opened.is_ok() && accepted.is_ok(), "{opened:?}");
}
