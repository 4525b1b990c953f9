//! A TLS server that sends scripted bytes and records the received bytes.
//!
//! It does not use an HTTP library. Tests see exactly what the client sends, and the server can send invalid responses.

#![allow(unreachable_pub, reason = "all files of the binary use this module")]
#![allow(clippy::unwrap_used, reason = "a broken test server must stop the test")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use mailstore_api::{Error, server, spe};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio_rustls::rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};

pub mod answer;
pub mod certificates;

/// What the server does after it has read a request.
#[derive(Clone)]
pub enum Act {
    /// Sends these bytes and keeps the connection open.
    Send(Vec<u8>),
    /// Sends these bytes and closes the connection cleanly.
    SendAndClose(Vec<u8>),
    /// Sends these bytes and resets the connection.
    SendAndReset(Vec<u8>),
    /// Waits for the signal, then sends these bytes.
    SendWhen(Arc<Notify>, Vec<u8>),
    /// Sends the first bytes, then the others again and again until the client closes the connection.
    SendForever(Vec<u8>, Vec<u8>),
    /// Sends these bytes one by one, each in a TLS record of its own.
    SendBytes(Vec<u8>),
    /// Sends nothing and keeps the connection open.
    Stall,
}

/// A received request.
#[derive(Clone, Debug)]
pub struct Request {
    /// The request line and the headers, without the empty line after them.
    pub head: String,
    pub body: String,
}

impl Request {
    pub fn line(&self) -> &str {
        self.head.lines().next().unwrap()
    }

    /// Returns the values of all headers with this name.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        let fields = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        fields
            .filter(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .collect()
    }
}

/// A scripted server on a port of 127.0.0.1. It stops with the runtime of the test.
pub struct Server {
    pub port: u16,
    /// The self-signed certificate of the server.
    pub pem: String,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    script: Mutex<VecDeque<Act>>,
    /// Sent before the first request of every connection is read.
    banner: Mutex<Vec<u8>>,
    requests: Mutex<Vec<Request>>,
    connections: Mutex<usize>,
    /// Notified after each request is recorded.
    arrived: Notify,
    /// Notified after each connection has ended.
    closed: Notify,
}

impl Server {
    /// Starts a server for `127.0.0.1`. The script has one act for each request, on any connection. A request beyond
    /// the script is recorded, and its connection is closed.
    pub async fn start(script: impl IntoIterator<Item = Act>) -> Self {
        Self::named("127.0.0.1", script).await
    }

    /// Starts a server with a certificate for this name.
    pub async fn named(name: &str, script: impl IntoIterator<Item = Act>) -> Self {
        let parameters = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
        Self::with_certificate(parameters, script).await
    }

    /// Starts a server with a self-signed certificate with these parameters.
    pub async fn with_certificate(
        parameters: rcgen::CertificateParams,
        script: impl IntoIterator<Item = Act>,
    ) -> Self {
        Self::with_key(&rcgen::KeyPair::generate().unwrap(), parameters, script).await
    }

    /// Starts a server with a self-signed certificate with this key and these parameters.
    pub async fn with_key(
        key: &rcgen::KeyPair,
        mut parameters: rcgen::CertificateParams,
        script: impl IntoIterator<Item = Act>,
    ) -> Self {
        parameters
            .distinguished_name
            .push(rcgen::DnType::CommonName, "scripted server");
        let certificate = parameters.self_signed(key).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        Self::listen(
            Some(TlsAcceptor::from(Arc::new(config))),
            certificate.pem(),
            script,
        )
        .await
    }

    /// Starts a server that presents the certificate of another server and signs with a key of its own.
    pub async fn with_stolen_certificate(pem: &str) -> Self {
        let stolen = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
        let key = rcgen::KeyPair::generate().unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signer = ring::sign::any_supported_type(&key).unwrap();
        let presented = Arc::new(CertifiedKey::new(vec![stolen], signer));
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(presented)));
        Self::listen(Some(TlsAcceptor::from(Arc::new(config))), pem.to_owned(), []).await
    }

    /// Starts a server with a certificate that an authority may have signed. `versions` are the versions of TLS that it
    /// offers. If there are `clients`, it requires client certificates that these authorities (PEM) signed.
    pub async fn with_chain(
        issued: &certificates::Issued,
        versions: &[&'static SupportedProtocolVersion],
        clients: Option<&str>,
        script: impl IntoIterator<Item = Act>,
    ) -> Self {
        let config = ServerConfig::builder_with_protocol_versions(versions);
        let config = match clients {
            None => config.with_no_client_auth(),
            Some(clients) => {
                let mut roots = RootCertStore::empty();
                for certificate in CertificateDer::pem_slice_iter(clients.as_bytes()) {
                    roots.add(certificate.unwrap()).unwrap();
                }
                let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build();
                config.with_client_cert_verifier(verifier.unwrap())
            }
        };
        let chain = CertificateDer::pem_slice_iter(issued.chain.as_bytes());
        let chain = chain.collect::<Result<_, _>>().unwrap();
        let key = PrivateKeyDer::from_pem_slice(issued.key.as_bytes()).unwrap();
        let config = config.with_single_cert(chain, key).unwrap();
        let tls = TlsAcceptor::from(Arc::new(config));
        Self::listen(Some(tls), issued.chain.clone(), script).await
    }

    /// Starts a server that requires a client certificate, with this version of TLS.
    pub async fn with_client_certificates(version: &'static SupportedProtocolVersion) -> Self {
        let issued = certificates::self_signed(certificates::named("127.0.0.1"));
        Self::with_chain(&issued, &[version], Some(&issued.chain), []).await
    }

    /// Starts a server without TLS. It responds to every input, even if it is not a request.
    pub async fn plain(bytes: &'static [u8]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 1024]).await;
                let _ = stream.write_all(bytes).await;
            }
        });
        Self {
            port,
            pem: String::new(),
            shared: Arc::default(),
        }
    }

    async fn listen(tls: Option<TlsAcceptor>, pem: String, script: impl IntoIterator<Item = Act>) -> Self {
        let shared = Arc::new(Shared {
            script: Mutex::new(script.into_iter().collect()),
            ..Shared::default()
        });
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let accepting = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *accepting.connections.lock().unwrap() += 1;
                let (shared, tls) = (Arc::clone(&accepting), tls.clone());
                tokio::spawn(async move {
                    let Some(tls) = tls else { return };
                    match tls.accept(stream).into_fallible().await {
                        // A server that closes a socket with unread data resets it, and the client loses the alert.
                        Err((_, mut stream)) => while let Ok(1..) = stream.read(&mut [0; 1024]).await {},
                        Ok(mut stream) => {
                            if shared.serve(&mut stream).await == Some(Ending::Reset) {
                                // Dropping the stream now sends RST instead of FIN.
                                let _ = stream.get_ref().0.set_zero_linger();
                            } else {
                                let _ = stream.shutdown().await;
                            }
                        }
                    }
                    shared.closed.notify_one();
                });
            }
        });
        Self { port, pem, shared }
    }

    /// Starts a server with TLS that sends these bytes before it reads a request.
    pub async fn with_banner(bytes: &'static [u8]) -> Self {
        let issued = certificates::self_signed(certificates::named("127.0.0.1"));
        let server = Self::with_chain(&issued, tokio_rustls::rustls::ALL_VERSIONS, None, []).await;
        *server.shared.banner.lock().unwrap() = bytes.to_vec();
        server
    }

    /// Replaces the rest of the script, and forgets the requests so far.
    pub fn play(&self, script: impl IntoIterator<Item = Act>) {
        *self.shared.script.lock().unwrap() = script.into_iter().collect();
        self.shared.requests.lock().unwrap().clear();
    }

    /// Returns all requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// Returns the only request so far.
    pub fn request(&self) -> Request {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:#?}");
        requests[0].clone()
    }

    /// Returns the bodies of all requests so far.
    pub fn bodies(&self) -> Vec<String> {
        self.requests().into_iter().map(|request| request.body).collect()
    }

    /// Returns the number of accepted connections, with or without a TLS handshake.
    pub fn connections(&self) -> usize {
        *self.shared.connections.lock().unwrap()
    }

    /// Waits for the next request.
    pub async fn arrived(&self) {
        self.shared.arrived.notified().await;
    }

    /// Waits until the server has closed a connection.
    pub async fn closed(&self) {
        self.shared.closed.notified().await;
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Creates a client of MailStore Server that trusts this server.
    pub fn client(&self) -> server::Client {
        self.builder().build().unwrap()
    }

    /// Creates a builder. Its clients do not verify the edition, because the scripts have no response to get-metadata.
    pub fn builder(&self) -> mailstore_api::Builder<server::Client> {
        server::Client::builder(&self.address())
            .assume_edition()
            .credentials("admin", "secret")
            .certificate_authority(self.pem.clone())
    }

    /// Creates a client of the Service Provider Edition that trusts this server.
    pub fn spe_client(&self) -> spe::Client {
        let builder = spe::Client::builder(&self.address());
        builder
            .assume_edition()
            .credentials("admin", "secret")
            .certificate_authority(self.pem.clone())
            .build()
            .unwrap()
    }
}

#[derive(PartialEq)]
enum Ending {
    Close,
    Reset,
}

impl Shared {
    /// Serves requests until the connection ends. Returns `None` if the client ended it.
    async fn serve(&self, stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> Option<Ending> {
        let mut unread = Vec::new();
        let banner = self.banner.lock().unwrap().clone();
        stream.write_all(&banner).await.ok()?;
        stream.flush().await.ok()?;
        loop {
            let request = read_request(stream, &mut unread).await?;
            let act = {
                self.requests.lock().unwrap().push(request);
                self.script.lock().unwrap().pop_front()
            };
            self.arrived.notify_one();
            let (bytes, ending) = match act {
                Some(Act::Send(bytes)) => (bytes, None),
                Some(Act::SendAndClose(bytes)) => (bytes, Some(Ending::Close)),
                Some(Act::SendAndReset(bytes)) => (bytes, Some(Ending::Reset)),
                Some(Act::SendWhen(signal, bytes)) => {
                    signal.notified().await;
                    (bytes, None)
                }
                Some(Act::SendForever(first, again)) => {
                    stream.write_all(&first).await.ok()?;
                    while stream.write_all(&again).await.is_ok() {}
                    return None;
                }
                Some(Act::SendBytes(bytes)) => {
                    for byte in bytes {
                        stream.write_all(&[byte]).await.ok()?;
                        stream.flush().await.ok()?;
                    }
                    (Vec::new(), None)
                }
                Some(Act::Stall) => {
                    // Waits until the client closes the connection.
                    let _ = stream.read(&mut [0; 1]).await;
                    return None;
                }
                None => (Vec::new(), Some(Ending::Close)),
            };
            stream.write_all(&bytes).await.ok()?;
            stream.flush().await.ok()?;
            if ending.is_some() {
                return ending;
            }
        }
    }
}

async fn read_request(stream: &mut (impl AsyncRead + Unpin), unread: &mut Vec<u8>) -> Option<Request> {
    let end_of_head = loop {
        if let Some(end) = unread.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        read_more(stream, unread).await?;
    };
    let head = String::from_utf8(unread[..end_of_head].to_vec()).unwrap();
    unread.drain(..end_of_head + 4);
    let mut request = Request {
        head,
        body: String::new(),
    };
    let length = request
        .headers("content-length")
        .first()
        .map_or(0, |length| length.parse().unwrap());
    while unread.len() < length {
        read_more(stream, unread).await?;
    }
    request.body = String::from_utf8(unread.drain(..length).collect()).unwrap();
    Some(request)
}

/// Reads more bytes. Returns `None` at the end of the connection.
async fn read_more(stream: &mut (impl AsyncRead + Unpin), into: &mut Vec<u8>) -> Option<()> {
    match stream.read_buf(into).await {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(()),
    }
}

/// Returns the error of a read-only call for which the server always performs this act.
pub async fn read_error(act: Act) -> Error {
    let server = Server::start([act.clone(), act.clone(), act.clone(), act]).await;
    let error = server.client().get_server_info().await.unwrap_err();
    let sent = if error.is_transient() { 4 } else { 1 };
    assert_eq!(
        server.requests().len(),
        sent,
        "only transient errors are retried: {error}"
    );
    assert_eq!(error.function(), Some("GetServerInfo"));
    error
}

/// Returns the error of a call that may change the server, for which the server performs this act.
pub async fn change_error(act: Act) -> Error {
    let server = Server::start([act]).await;
    let error = server.client().delete_user("jane").await.unwrap_err();
    assert_eq!(server.requests().len(), 1, "a failed call is not repeated");
    assert_eq!(error.function(), Some("DeleteUser"));
    error
}
