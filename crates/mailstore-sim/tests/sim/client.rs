//! A small client that sends exactly the bytes of a test.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mailstore_sim::{Edition, Simulator};
use serde_json::Value;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

type Stream = StreamOwned<ClientConnection, TcpStream>;

/// The header for user `admin` with password `admin`.
pub(crate) const ADMIN: &str = "Authorization: Basic YWRtaW46YWRtaW4=\r\n";

pub(crate) const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

/// One connection that stays open.
pub(crate) struct Client(BufReader<Stream>);

/// A response as it was received.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Client {
    /// Connects and trusts only the certificate of the simulator.
    pub(crate) fn new(server: &Simulator) -> Client {
        Client::connect(server.address(), server.certificate_pem())
    }

    pub(crate) fn connect(address: SocketAddr, pem: &str) -> Client {
        Client::try_connect(address, pem).unwrap()
    }

    fn try_connect(address: SocketAddr, pem: &str) -> io::Result<Client> {
        let name = ServerName::try_from("localhost").unwrap();
        let stream = TcpStream::connect(address)?;
        // The timeout turns a hang into a failure.
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        let connection = ClientConnection::new(trusting(pem), name).unwrap();
        Ok(Client(BufReader::new(StreamOwned::new(connection, stream))))
    }

    /// Connects and performs the TLS handshake, or returns the error of the system or of TLS.
    pub(crate) fn try_new(server: &Simulator) -> io::Result<Client> {
        let mut client = Client::try_connect(server.address(), server.certificate_pem())?;
        let Stream { conn, sock, .. } = client.0.get_mut();
        while conn.is_handshaking() {
            conn.complete_io(sock)?;
        }
        Ok(client)
    }

    /// Posts a body and reads everything until the connection ends. Returns how it ended.
    pub(crate) fn last_words(&mut self, path: &str, body: &str) -> (Vec<u8>, io::Result<()>) {
        self.send(path, body);
        self.read_out()
    }

    /// Returns everything that is received until the connection ends.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        self.read_out().0
    }

    fn read_out(&mut self) -> (Vec<u8>, io::Result<()>) {
        let mut bytes = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            match self.0.read(&mut buffer) {
                Ok(0) => return (bytes, Ok(())),
                Ok(read) => bytes.extend_from_slice(&buffer[..read]),
                Err(error) => return (bytes, Err(error)),
            }
        }
    }

    /// Posts a body without reading the response.
    pub(crate) fn send(&mut self, path: &str, body: &str) {
        let length = body.len();
        let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\n{ADMIN}{FORM}");
        let request = format!("{head}Content-Length: {length}\r\n\r\n{body}");
        self.0.get_mut().write_all(request.as_bytes()).unwrap();
        self.0.get_mut().flush().unwrap();
    }

    /// Sends these bytes, or returns the error of the system or of TLS.
    pub(crate) fn try_send(&mut self, request: &str) -> io::Result<()> {
        self.0.get_mut().write_all(request.as_bytes())?;
        self.0.get_mut().flush()
    }

    /// The socket, for example to close it while another thread reads from it.
    pub(crate) fn socket(&self) -> TcpStream {
        self.0.get_ref().sock.try_clone().unwrap()
    }

    /// Returns whether nothing arrives within this time, not even the end of the connection.
    pub(crate) fn is_silent_for(&mut self, time: Duration) -> bool {
        self.0.get_ref().sock.set_read_timeout(Some(time)).unwrap();
        let silent = self
            .0
            .read(&mut [0])
            .is_err_and(|error| matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut));
        self.0.get_ref().sock.set_read_timeout(Some(PATIENCE)).unwrap();
        silent
    }

    /// Sends these bytes and reads one response.
    pub(crate) fn raw(&mut self, request: &str) -> Answer {
        self.0.get_mut().write_all(request.as_bytes()).unwrap();
        self.0.get_mut().flush().unwrap();
        self.read()
    }

    /// Sends the head, waits until the server requests the body, sends it and reads the response.
    pub(crate) fn expect_continue(&mut self, head: &str, body: &str) -> Answer {
        self.0.get_mut().write_all(head.as_bytes()).unwrap();
        self.0.get_mut().flush().unwrap();
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        assert_eq!(line, "HTTP/1.1 100 Continue\r\n");
        self.0.read_line(&mut line).unwrap();
        self.raw(body)
    }

    fn read(&mut self) -> Answer {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(
                self.0.read_line(&mut head).unwrap(),
                0,
                "the connection ended after {head:?}"
            );
        }
        let mut answer = Answer {
            status: head[9..12].parse().unwrap(),
            head,
            body: Vec::new(),
        };
        let length = answer
            .header("Content-Length")
            .expect("the response has a length")
            .parse()
            .unwrap();
        answer.body.resize(length, 0);
        self.0.read_exact(&mut answer.body).unwrap();
        answer
    }

    /// Posts a body with the correct headers.
    pub(crate) fn post(&mut self, path: &str, body: &str) -> Answer {
        self.send(path, body);
        self.read()
    }

    /// Calls a function and returns the envelope.
    pub(crate) fn call(&mut self, function: &str, arguments: &[(&str, &str)]) -> Value {
        let answer = self.post(&format!("/api/invoke/{function}"), &form(arguments));
        assert_eq!(answer.status, 200, "{function}: {}", answer.head);
        answer.json()
    }

    /// Calls a function that succeeds immediately, and returns the result.
    pub(crate) fn result(&mut self, function: &str, arguments: &[(&str, &str)]) -> Value {
        let mut envelope = self.call(function, arguments);
        assert_eq!(
            envelope["statusCode"], "succeeded",
            "{function} {arguments:?}: {envelope}"
        );
        envelope["result"].take()
    }

    /// Calls a function that fails immediately, and returns the message.
    pub(crate) fn failure(&mut self, function: &str, arguments: &[(&str, &str)]) -> String {
        let envelope = self.call(function, arguments);
        assert_eq!(
            envelope["statusCode"], "failed",
            "{function} {arguments:?}: {envelope}"
        );
        assert_eq!(envelope["result"], Value::Null);
        envelope["error"]["message"].as_str().unwrap().to_owned()
    }

    /// Calls a function and polls until it ends. Returns the joined log and the last envelope.
    pub(crate) fn finish(&mut self, function: &str, arguments: &[(&str, &str)]) -> (String, Value) {
        let mut envelope = self.call(function, arguments);
        let mut log = String::new();
        loop {
            log += envelope["logOutput"].as_str().unwrap_or_default();
            if envelope["statusCode"] != "running" {
                return (log, envelope);
            }
            let (token, version) = (envelope["token"].clone(), envelope["statusVersion"].clone());
            envelope = self
                .status(token.as_str().unwrap(), version.as_i64().unwrap(), 5000)
                .json();
        }
    }

    pub(crate) fn status(&mut self, token: &str, known: i64, timeout: i64) -> Answer {
        let body = format!("token={token}&lastKnownStatusVersion={known}&millisecondsTimeout={timeout}");
        self.post("/api/get-status", &body)
    }

    pub(crate) fn cancel(&mut self, token: &str) -> Answer {
        self.post("/api/cancel-async", &format!("token={token}"))
    }
}

/// Returns a TLS configuration that trusts only one certificate.
pub(crate) fn trusting(pem: &str) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap())
        .unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

/// Timeout of a step of a test. A step that takes longer hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until another thread makes a condition true.
pub(crate) fn wait_until(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(
            Instant::now() < deadline,
            "the condition did not become true in time"
        );
        std::thread::yield_now();
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let prefix = format!("{}: ", name.to_ascii_lowercase());
        let line = self
            .head
            .lines()
            .find(|line| line.to_ascii_lowercase().starts_with(&prefix))?;
        Some(&line[prefix.len()..])
    }

    /// Returns the body without a byte order mark.
    pub(crate) fn text(&self) -> &str {
        let text = std::str::from_utf8(&self.body).unwrap();
        text.strip_prefix('\u{feff}').unwrap_or(text)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(self.text()).unwrap()
    }
}

/// Encodes arguments as a form.
pub(crate) fn form(arguments: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(arguments)
        .finish()
}

/// Returns the value of a key in every row of an array.
pub(crate) fn column(rows: &Value, key: &str) -> Vec<Value> {
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| row[key].clone())
        .collect()
}

/// Returns the row of an array whose key has the value.
pub(crate) fn row<'a>(rows: &'a Value, key: &str, value: impl Into<Value>) -> &'a Value {
    let value = value.into();
    let found = rows.as_array().unwrap().iter().find(|row| row[key] == value);
    found.unwrap_or_else(|| panic!("no row with {key} {value} in {rows}"))
}

/// Starts MailStore Server. Its long calls take one step with every poll.
pub(crate) fn start_server() -> Simulator {
    Simulator::builder(Edition::Server)
        .step(Duration::ZERO)
        .start()
        .unwrap()
}
