//! An explorer for a simulated server, and requests with any bytes.

use std::sync::LazyLock;

use mailstore_api::{Builder, Connection, Surface, server, spe};
use mailstore_codegen::openapi::{Version, document};
use mailstore_codegen::{Generator, known_overlays};
use mailstore_explorer::{Explorer, Settings};
use mailstore_sim::{Edition, Simulator};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// An explorer that runs until the end of the test.
pub(crate) struct Page {
    /// `127.0.0.1:PORT`.
    pub(crate) host: String,
    pub(crate) token: String,
    running: JoinHandle<()>,
}

/// A response of the explorer.
#[derive(Debug)]
pub(crate) struct Response {
    /// The HTTP status of the MailStore server, or that of a refusal.
    pub(crate) status: u16,
    /// The status line and the headers in lower case.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// The body as JSON, without its byte order mark.
    pub(crate) fn json(&self) -> Value {
        let text = std::str::from_utf8(&self.body).unwrap();
        serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let fields = self.head.lines().filter_map(|line| line.split_once(": "));
        fields
            .into_iter()
            .find(|(field, _)| *field == name)
            .map(|(_, value)| value)
    }
}

/// The document of an edition.
pub(crate) fn document_of(edition: Edition) -> &'static str {
    static SERVER: LazyLock<String> = LazyLock::new(|| generate(Edition::Server));
    static SPE: LazyLock<String> = LazyLock::new(|| generate(Edition::Spe));
    match edition {
        Edition::Server => &SERVER,
        Edition::Spe => &SPE,
    }
}

fn generate(edition: Edition) -> String {
    let dump = mailstore_sim::function_list(edition).unwrap();
    let generated = Generator::new("").single(dump, "dump.json", &known_overlays(edition));
    let generated = generated.unwrap();
    document(&generated, &generated.apis[0], Version::V3_1)
}

pub(crate) fn surface(edition: Edition) -> &'static Surface {
    match edition {
        Edition::Server => &server::catalog::SURFACE,
        Edition::Spe => &spe::catalog::SURFACE,
    }
}

/// Starts to connect to a simulator.
pub(crate) fn builder(simulator: &Simulator) -> Builder<Connection> {
    Connection::builder(surface(simulator.edition()), simulator.url())
        .credentials(simulator.user(), simulator.password())
        .certificate_authority(simulator.certificate_pem().as_bytes().to_vec())
}

impl Page {
    /// Opens an explorer that allows writes.
    pub(crate) async fn with_writes(simulator: &Simulator) -> Self {
        Self::of(builder(simulator).build().unwrap()).await
    }

    /// Opens a read-only explorer.
    pub(crate) async fn read_only(simulator: &Simulator) -> Self {
        Self::of(builder(simulator).read_only().build().unwrap()).await
    }

    pub(crate) async fn of(connection: Connection) -> Self {
        let edition = connection.surface().edition().unwrap();
        let explorer = Explorer::bind(connection, document_of(edition), Settings::default());
        Self::running(explorer.await.unwrap())
    }

    /// Runs an explorer.
    pub(crate) fn running(explorer: Explorer) -> Self {
        let url = explorer.secret_url();
        let (address, token) = url.split_once("/#token=").unwrap();
        Self {
            host: address.strip_prefix("http://").unwrap().to_owned(),
            token: token.to_owned(),
            running: tokio::spawn(async move {
                explorer.run(std::future::pending()).await.unwrap();
            }),
        }
    }

    /// The headers of a request of the page in Chromium.
    pub(crate) fn headers(&self) -> Vec<(String, String)> {
        [
            ("Host", self.host.clone()),
            ("Origin", format!("http://{}", self.host)),
            ("Sec-Fetch-Site", "same-origin".to_owned()),
            ("X-Explorer-Token", self.token.clone()),
            ("Content-Type", "application/x-www-form-urlencoded".to_owned()),
            // None of these may reach the server.
            ("User-Agent", "Mozilla/5.0".to_owned()),
            ("Accept-Language", "de".to_owned()),
            ("Authorization", "Basic Zm9yZWlnbjpmb3JlaWdu".to_owned()),
            ("Cookie", "session=1".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// Sends a request and reads the response.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Response {
        let mut request = format!("{method} {path} HTTP/1.1\r\n");
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += &format!("Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        let mut stream = TcpStream::connect(&self.host).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        // The explorer may refuse a large body before it was sent.
        let _ = stream.write_all(body).await;
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes).await;
        let end = bytes.windows(4).position(|part| part == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let mut response = Response {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_ascii_lowercase(),
            body: bytes[end + 4..].to_vec(),
        };
        if let Some(status) = response.header("x-explorer-status") {
            let status = status.parse().unwrap();
            assert_eq!(response.status, 200, "the browser sees only 200");
            response.status = status;
        }
        response
    }

    /// Posts a form as the page does.
    pub(crate) async fn post(&self, path: &str, body: &str) -> Response {
        self.send("POST", path, &self.headers(), body.as_bytes()).await
    }

    /// Posts a form and closes the connection before the response arrives.
    pub(crate) async fn post_and_leave(&self, path: &str, body: &str) {
        let mut request = format!("POST {path} HTTP/1.1\r\n");
        for (name, value) in self.headers() {
            request += &format!("{name}: {value}\r\n");
        }
        request += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
        let mut stream = TcpStream::connect(&self.host).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
    }

    /// Posts a form after the user typed a text.
    pub(crate) async fn post_confirmed(&self, path: &str, body: &str, typed: &str) -> Response {
        let mut headers = self.headers();
        headers.push(("X-Explorer-Confirm".to_owned(), typed.to_owned()));
        self.send("POST", path, &headers, body.as_bytes()).await
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.running.abort();
    }
}
