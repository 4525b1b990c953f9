//! A server that records the bytes of each request, and answers that the call has succeeded.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// A server that records requests. It stops with its runtime.
pub(crate) struct Recorder {
    pub(crate) address: String,
    /// Its certificate.
    pub(crate) pem: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Recorder {
    pub(crate) fn start(runtime: &Runtime) -> Self {
        let key = rcgen::KeyPair::generate().unwrap();
        let parameters = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let certificate = parameters.self_signed(&key).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let tls = TlsAcceptor::from(Arc::new(config));
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let received = Arc::clone(&requests);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, tls.clone(), Arc::clone(&received)));
            }
        });
        Self {
            address,
            pem: certificate.pem(),
            requests,
        }
    }

    /// Returns the requests since the last call of this function: the whole head and body of each.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.requests.lock().unwrap())
    }
}

async fn serve(stream: TcpStream, tls: TlsAcceptor, received: Arc<Mutex<Vec<String>>>) -> Option<()> {
    const REPLY: &str = r#"{"error":null,"token":null,"statusVersion":0,"statusCode":"succeeded","percentProgress":null,"statusText":null,"result":null,"logOutput":null}"#;
    let mut stream = tls.accept(stream).await.ok()?;
    let mut unread = Vec::new();
    loop {
        let Some(end) = unread.windows(4).position(|window| window == b"\r\n\r\n") else {
            if stream.read_buf(&mut unread).await.ok()? == 0 {
                return None;
            }
            continue;
        };
        let length = content_length(&unread[..end]);
        while unread.len() < end + 4 + length {
            if stream.read_buf(&mut unread).await.ok()? == 0 {
                return None;
            }
        }
        let request: Vec<u8> = unread.drain(..end + 4 + length).collect();
        received.lock().unwrap().push(String::from_utf8(request).unwrap());
        let length = REPLY.len();
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
        stream.write_all((head + REPLY).as_bytes()).await.ok()?;
        stream.flush().await.ok()?;
    }
}

fn content_length(head: &[u8]) -> usize {
    let head = str::from_utf8(head).unwrap().to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    length.unwrap_or(0)
}
