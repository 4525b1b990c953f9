//! An HTTPS server that returns the same response to every request.

use std::convert::Infallible;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rcgen::{CertificateParams, KeyPair};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::target::Target;

/// The response to `GetServerInfo` as the server writes it.
const BODY: &str = "\u{feff}{\"error\":null,\"token\":null,\"statusVersion\":2,\"statusCode\":\"succeeded\",\
    \"percentProgress\":null,\"statusText\":null,\
    \"result\":{\"version\":\"24.4.0.22704\",\"machineName\":\"ARCHIVE-01\"},\"logOutput\":null}";

pub(crate) struct Fixed {
    listener: TcpListener,
    tls: TlsAcceptor,
    target: Target,
}

impl Fixed {
    /// Listens on any free port of this machine, with a new certificate.
    pub(crate) fn bind() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let certificate = CertificateParams::new(["127.0.0.1".to_owned()])
            .and_then(|parameters| parameters.self_signed(&key))
            .map_err(io::Error::other)?;
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private)
            .map_err(io::Error::other)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            target: Target {
                url: format!("https://{}", listener.local_addr()?),
                certificate: certificate.pem(),
            },
            listener,
            tls: TlsAcceptor::from(Arc::new(config)),
        })
    }

    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// Serves connections for as long as the process runs.
    pub(crate) fn run(self) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            loop {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                tokio::spawn(serve(stream, self.tls.clone()));
            }
        })
    }
}

/// Serves one connection until it ends. The client reports its errors.
async fn serve(stream: TcpStream, tls: TlsAcceptor) {
    if let Ok(stream) = tls.accept(stream).await {
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(respond));
        let _ = connection.await;
    }
}

async fn respond(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    // If the body is incomplete, the connection has ended, and the response is dropped.
    let _ = request.into_body().collect().await;
    let mut response = Response::new(Full::new(Bytes::from_static(BODY.as_bytes())));
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, json);
    Ok(response)
}
