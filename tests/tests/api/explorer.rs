//! Every request of the explorer is the request of the client, byte by byte.

use mailstore_api::{Connection, server, spe};
use mailstore_codegen::openapi::{Version, document};
use mailstore_codegen::{Generator, known_overlays};
use mailstore_explorer::{Explorer, Settings};
use mailstore_sim::Edition;
use mailstore_tests::every_call;
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::answer::succeeded;
use crate::support::{Act, Request, Server};

/// A browser with the page of an explorer.
struct Browser {
    host: String,
    token: String,
}

impl Browser {
    /// Opens an explorer. It stops with the runtime of the test.
    async fn open(connection: Connection, edition: Edition) -> Self {
        let dump = mailstore_sim::function_list(edition).unwrap();
        let generated = Generator::new("").single(dump, "dump.json", &known_overlays(edition));
        let generated = generated.unwrap();
        let document = document(&generated, &generated.apis[0], Version::V3_1);
        let explorer = Explorer::bind(connection, &document, Settings::default());
        let explorer = explorer.await.unwrap();
        let url = explorer.secret_url();
        let (address, token) = url.split_once("/#token=").unwrap();
        let host = address.strip_prefix("http://").unwrap().to_owned();
        tokio::spawn(explorer.run(std::future::pending()));
        Self {
            host,
            token: token.to_owned(),
        }
    }

    /// Posts a form with the headers of Chromium. Confirms the call if necessary. Returns the HTTP status.
    async fn post(&self, path: &str, body: &str) -> u16 {
        let (status, answer) = self.post_once(path, body, None).await;
        if status != 428 {
            return status;
        }
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let typed = answer["confirm"].as_str().unwrap();
        self.post_once(path, body, Some(typed)).await.0
    }

    async fn post_once(&self, path: &str, body: &str, typed: Option<&str>) -> (u16, String) {
        let Self { host, token } = self;
        let confirm = typed.map_or_else(String::new, |typed| {
            let typed = percent_encode(typed.as_bytes(), NON_ALPHANUMERIC);
            format!("X-Explorer-Confirm: {typed}\r\n")
        });
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n\
             Origin: http://{host}\r\nReferer: http://{host}/\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nX-Explorer-Token: {token}\r\n\
             User-Agent: Mozilla/5.0\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n\
             Accept-Language: de\r\nCookie: a=b\r\nAuthorization: Basic Zm9v\r\n{confirm}\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(host).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head[9..12].parse().unwrap(), body.to_owned())
    }
}

/// Returns the form of a request as Swagger UI writes it: spaces as `%20`, commas as they are, and blank fields. The
/// fields have another order than in the function list.
fn as_in_the_page(function: &mailstore_api::Function, body: &str) -> String {
    let sent: Vec<_> = form_urlencoded::parse(body.as_bytes()).collect();
    let fields = function.arguments.iter().rev().map(|argument| {
        let value = sent.iter().find(|(name, _)| name == argument.name);
        let value = value.map_or("", |(_, value)| value);
        let value = percent_encode(value.as_bytes(), NON_ALPHANUMERIC).to_string();
        format!("{}={}", argument.name, value.replace("%2C", ","))
    });
    fields.collect::<Vec<_>>().join("&")
}

/// Posts the form of each request in the page, and asserts that the server receives the same bytes again.
async fn assert_same_requests(server: &Server, connection: Connection, edition: Edition) {
    let sent: Vec<Request> = server.requests();
    let browser = Browser::open(connection.clone(), edition).await;
    assert_eq!(sent.len(), connection.surface().functions.len());
    for (request, function) in sent.iter().zip(connection.surface().functions) {
        let path = format!("/{}{}", function.path, function.name);
        assert_eq!(request.line(), format!("POST {path} HTTP/1.1"));
        let status = browser
            .post(&path, &as_in_the_page(function, &request.body))
            .await;
        assert_eq!(status, 200, "{}", function.name);
    }
    let all = server.requests();
    assert_eq!(all.len(), 2 * sent.len());
    for (client, explorer) in all.iter().zip(&all[sent.len()..]) {
        assert_eq!(client.head, explorer.head);
        assert_eq!(client.body, explorer.body, "{}", client.line());
    }
}

/// A server that returns null for two calls of each function.
async fn obliging(functions: usize) -> Server {
    Server::start((0..2 * functions).map(|_| Act::Send(succeeded(Value::Null)))).await
}

#[tokio::test]
async fn each_request_of_the_explorer_equals_that_of_the_server_client() {
    let server = obliging(server::catalog::SURFACE.functions.len()).await;
    let client = server.builder().assume_edition().build().unwrap();
    for (name, first, _) in every_call::server::calls(&client) {
        first.await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    assert_same_requests(&server, client.connection().clone(), Edition::Server).await;
}

#[tokio::test]
async fn each_request_of_the_explorer_equals_that_of_the_client_of_the_service_provider_edition() {
    let server = obliging(spe::catalog::SURFACE.functions.len()).await;
    let client = spe::Client::builder(&server.address())
        .credentials("admin", "secret")
        .certificate_authority(server.pem.as_bytes().to_vec())
        .assume_edition()
        .build()
        .unwrap();
    for (name, first, _) in every_call::spe::calls(&client) {
        first.await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    assert_same_requests(&server, client.connection().clone(), Edition::Spe).await;
}
