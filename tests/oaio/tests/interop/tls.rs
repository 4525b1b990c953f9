//! The Rust client behind TLS. A small proxy ends TLS, because the server of the tests has none.

use oaio_client::{Builder, Client, ConnectCause, ErrorKind, Fingerprint, blocking};
use oaio_interop::{Environment, Peer, password};
use serde_json::json;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use crate::rust_client::values;

/// A TLS proxy before a server. It ends with its runtime.
struct Proxy {
    address: String,
    certificate: String,
    fingerprint: Fingerprint,
    _runtime: Runtime,
}

impl Proxy {
    fn start(peer: &Peer) -> Self {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let (der, key) = (made.cert.der().clone(), made.signing_key.serialize_der());
        let provider = std::sync::Arc::new(ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![der.clone()], PrivatePkcs8KeyDer::from(key).into())
            .unwrap();
        let acceptor = TlsAcceptor::from(std::sync::Arc::new(config));
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = peer.host();
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, server) = (acceptor.clone(), server.clone());
                tokio::spawn(async move {
                    let Ok(mut outer) = acceptor.accept(stream).await else {
                        return;
                    };
                    let mut inner = TcpStream::connect(server).await.unwrap();
                    // The client may close the connection without a message of TLS.
                    let _ = copy_bidirectional(&mut outer, &mut inner).await;
                });
            }
        });
        Self {
            address,
            certificate: made.cert.pem(),
            fingerprint: Fingerprint::of_certificate(&der),
            _runtime: runtime,
        }
    }
}

#[test]
fn the_password_is_sent_only_to_a_trusted_server() {
    let peer = Peer::start(Environment::oldest());
    let proxy = Proxy::start(&peer);
    let folder = tempfile::tempdir().unwrap();
    let client = |settings: &dyn Fn(Builder) -> Builder| {
        let builder = Client::builder(&format!("https://{}", proxy.address))
            .credentials("alice", password("alice"))
            .app_id("demo")
            .device_id("rust")
            .root(folder.path());
        blocking::Client::from(settings(builder).build().unwrap())
    };
    let other: Fingerprint = "AA".repeat(32).parse().unwrap();
    for (settings, expected) in [
        (
            &(|builder: Builder| builder) as &dyn Fn(Builder) -> Builder,
            ConnectCause::Untrusted,
        ),
        (&|builder: Builder| builder.pin(other), ConnectCause::WrongPin),
    ] {
        let error = client(settings).connect().unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Connect { cause, .. } if *cause == expected),
            "{error:?}"
        );
        assert!(error.is_offline());
    }
    assert!(peer.take_requests().is_empty());
    let pinned = client(&|builder| builder.pin(proxy.fingerprint));
    let object = pinned
        .register_object(values(json!({"a": 1})))
        .unwrap()
        .synced()
        .unwrap();
    drop(pinned);
    let trusting = client(&|builder| builder.certificate_authority(proxy.certificate.as_bytes()));
    trusting.unregister_object(&object.id, false).unwrap();
    let requests = peer.take_requests();
    let login = requests.iter().find(|request| request.method == "POST").unwrap();
    let referer = format!("https://{}/api/login/", proxy.address);
    assert_eq!(login.header("Referer"), Some(&*referer));
}
