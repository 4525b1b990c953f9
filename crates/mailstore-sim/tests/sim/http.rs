//! Tests of HTTP and authentication.

use mailstore_sim::{Edition, Simulator};
use serde_json::Value;

use crate::client::{ADMIN, Client, FORM};

const BOM: &[u8] = b"\xEF\xBB\xBF";

#[test]
fn json_responses_start_with_a_byte_order_mark() {
    let server = Simulator::start().unwrap();
    let mut client = Client::new(&server);
    for path in [
        "/api/get-metadata",
        "/api/invoke/GetServerInfo",
        "/api/get-status",
        "/api/cancel-async",
    ] {
        assert!(client.post(path, "").body.starts_with(BOM), "{path}");
    }
}

#[test]
fn the_byte_order_mark_can_be_disabled() {
    let server = Simulator::builder(Edition::Server).bom(false).start().unwrap();
    let mut client = Client::new(&server);
    for path in [
        "/api/get-metadata",
        "/api/invoke/GetServerInfo",
        "/api/get-status",
    ] {
        let answer = client.post(path, "");
        assert!(matches!(answer.body[0], b'{' | b'['), "{path}");
    }
}

#[test]
fn responses_have_the_documented_headers() {
    let server = Simulator::start().unwrap();
    let answer = Client::new(&server).post("/api/invoke/GetServerInfo", "");
    assert!(answer.head.starts_with("HTTP/1.1 200 OK\r\n"), "{}", answer.head);
    assert_eq!(answer.header("Content-Type"), Some("application/json"));
    assert_eq!(answer.header("Server"), Some("Microsoft-HTTPAPI/2.0"));
    assert_eq!(answer.header("Pragma"), Some("no-cache"));
    let cache = answer.header("Cache-Control").unwrap();
    assert!(
        cache.starts_with("no-cache,private,no-store,must-revalidate"),
        "{cache}"
    );
    for date in ["Date", "Expires"] {
        let value = answer.header(date).unwrap();
        assert!(value.ends_with(" GMT") && value.len() == 29, "{date}: {value}");
    }
    assert!(
        answer.head.contains("\r\nContent-Length: "),
        "header names are in title case: {}",
        answer.head
    );
}

#[test]
fn the_envelope_has_its_keys_in_the_documented_order() {
    let server = Simulator::start().unwrap();
    let answer = Client::new(&server).post("/api/invoke/GetServerInfo", "");
    let keys = [
        "error",
        "token",
        "statusVersion",
        "statusCode",
        "percentProgress",
        "statusText",
        "result",
        "logOutput",
    ];
    let places: Vec<usize> = keys
        .iter()
        .map(|key| answer.text().find(&format!("\"{key}\":")).expect(key))
        .collect();
    assert!(places.is_sorted(), "{}", answer.text());
    let envelope = answer.json();
    assert_eq!(envelope.as_object().unwrap().len(), keys.len());
    assert_eq!(envelope["statusVersion"], 2);
    for key in ["error", "token", "percentProgress", "statusText", "logOutput"] {
        assert_eq!(envelope[key], Value::Null, "{key}");
    }
}

#[test]
fn missing_or_wrong_credentials_result_in_a_challenge() {
    let server = Simulator::start().unwrap();
    let mut client = Client::new(&server);
    let headers = [
        "",
        "Authorization: Basic YWRtaW46d3Jvbmc=\r\n",
        "Authorization: Basic YWRtaW4=\r\n",
        "Authorization: Basic ???\r\n",
        "Authorization: Basic\r\n",
        "Authorization: Bearer YWRtaW46YWRtaW4=\r\n",
    ];
    for path in [
        "/api/invoke/GetServerInfo",
        "/api/invoke/NoSuchFunction",
        "/api/get-status",
    ] {
        for header in headers {
            let answer = client.raw(&format!(
                "POST {path} HTTP/1.1\r\nHost: localhost\r\n{header}Content-Length: 0\r\n\r\n"
            ));
            assert_eq!(answer.status, 401, "{path} {header}");
            let challenge = answer.header("WWW-Authenticate").unwrap();
            assert!(challenge.starts_with("Basic realm="), "{challenge}");
        }
    }
    assert!(
        server.received().is_empty(),
        "calls without credentials are not received"
    );
}

#[test]
fn passwords_may_contain_colons_and_any_characters() {
    let builder = Simulator::builder(Edition::Server).credentials("jörg", "a:b:ü");
    let server = builder.start().unwrap();
    let answer = Client::new(&server).raw(
        "POST /api/invoke/GetServerInfo HTTP/1.1\r\nHost: localhost\r\n\
         Authorization: basic asO2cmc6YTpiOsO8\r\nContent-Length: 0\r\n\r\n",
    );
    assert_eq!(answer.status, 200);
}

#[test]
fn only_mailstore_server_returns_its_functions_without_credentials() {
    for (edition, status) in [(Edition::Server, 200), (Edition::Spe, 401)] {
        let server = Simulator::builder(edition).start().unwrap();
        let mut client = Client::new(&server);
        for method in ["GET", "POST"] {
            let head = format!("{method} /api/get-metadata HTTP/1.1\r\nHost: localhost\r\n");
            let answer = client.raw(&format!("{head}Content-Length: 0\r\n\r\n"));
            assert_eq!(answer.status, status, "{edition} {method} without credentials");
            let answer = client.raw(&format!("{head}{ADMIN}Content-Length: 0\r\n\r\n"));
            assert_eq!(answer.status, 200, "{edition} {method}");
            let functions = answer.json();
            assert!(
                functions.as_array().unwrap().len() > 80,
                "an array without an envelope"
            );
            assert!(functions[0]["args"][0]["nullable"].is_boolean());
        }
    }
}

#[test]
fn a_post_without_a_length_is_rejected() {
    let server = Simulator::start().unwrap();
    let answer = Client::new(&server).raw(&format!(
        "POST /api/invoke/GetServerInfo HTTP/1.1\r\nHost: localhost\r\n{ADMIN}\r\n"
    ));
    assert_eq!(answer.status, 411);
    assert_eq!(answer.header("Server"), Some("Microsoft-HTTPAPI/2.0"));
    assert!(server.received().is_empty());
}

#[test]
fn a_chunked_body_is_accepted() {
    let server = Simulator::start().unwrap();
    let answer = Client::new(&server).raw(&format!(
        "POST /api/invoke/GetUserInfo HTTP/1.1\r\nHost: localhost\r\n{ADMIN}{FORM}\
         Transfer-Encoding: chunked\r\n\r\n9\r\nuserName=\r\n8\r\njohn.doe\r\n0\r\n\r\n"
    ));
    assert_eq!(answer.json()["result"]["fullName"], "John Doe");
}

#[test]
fn a_body_over_the_limit_is_rejected() {
    let server = Simulator::start().unwrap();
    let length = 16 * 1024 * 1024 + 1;
    let answer = Client::new(&server).raw(&format!(
        "POST /api/invoke/GetServerInfo HTTP/1.1\r\nHost: localhost\r\n{ADMIN}{FORM}\
         Content-Length: {length}\r\n\r\n"
    ));
    assert_eq!(answer.status, 413);
}

#[test]
fn unknown_functions_and_paths_are_not_found() {
    let server = Simulator::start().unwrap();
    let mut client = Client::new(&server);
    for path in [
        "/api/invoke/NoSuchFunction",
        "/api/invoke/",
        "/api/nothing",
        "/",
        "/api/invoke/getserverinfo",
    ] {
        assert_eq!(client.post(path, "").status, 404, "{path}");
    }
    let received = server.received();
    assert_eq!(received[0].function, "NoSuchFunction");
    assert_eq!(received[0].problems, ["there is no function NoSuchFunction"]);
    assert!(!received[0].accepted);
    assert_eq!(server.starts("NoSuchFunction"), 0);
}

#[test]
fn only_post_calls_functions() {
    let server = Simulator::start().unwrap();
    let mut client = Client::new(&server);
    for method in ["GET", "PUT", "DELETE"] {
        for path in [
            "/api/invoke/GetServerInfo",
            "/api/get-status",
            "/api/cancel-async",
        ] {
            let answer = client.raw(&format!(
                "{method} {path} HTTP/1.1\r\nHost: localhost\r\n{ADMIN}Content-Length: 0\r\n\r\n"
            ));
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(answer.header("Allow"), Some("POST"));
        }
    }
    assert_eq!(server.starts("GetServerInfo"), 0);
}

#[test]
fn a_trailing_slash_and_an_accept_header_are_ignored() {
    let server = Simulator::start().unwrap();
    let answer = Client::new(&server).raw(&format!(
        "POST /api/invoke/GetServerInfo/ HTTP/1.1\r\nHost: localhost\r\n{ADMIN}\
         Accept: application/json\r\nContent-Length: 0\r\n\r\n"
    ));
    assert_eq!(answer.status, 200);
    assert_eq!(server.received()[0].function, "GetServerInfo");
    assert!(server.received()[0].problems.is_empty());
}

#[test]
fn a_connection_serves_many_calls() {
    let server = Simulator::start().unwrap();
    let mut client = Client::new(&server);
    for _ in 0..20 {
        assert!(client.result("GetServerInfo", &[])["version"].is_string());
    }
    assert_eq!(server.starts("GetServerInfo"), 20);
}

#[test]
fn invalid_data_on_one_connection_does_not_affect_other_connections() {
    use std::io::Write as _;
    let server = Simulator::start().unwrap();
    let mut plain = std::net::TcpStream::connect(server.address()).unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let answer = Client::new(&server).raw("nonsense\r\n\r\n");
    assert_eq!(answer.status, 400);
    assert!(Client::new(&server).result("GetServerInfo", &[]).is_object());
}

#[test]
fn credentials_are_checked_before_the_body_is_read() {
    let server = Simulator::start().unwrap();
    let head = |authorization: &str, length: usize| {
        format!(
            "POST /api/invoke/GetUsers HTTP/1.1\r\nHost: localhost\r\n{authorization}{FORM}Content-Length: {length}\r\n\r\n"
        )
    };
    // The body does not arrive.
    let mut client = Client::new(&server);
    let answer = client.raw(&head("Authorization: Basic YWRtaW46d3Jvbmc=\r\n", 16_000_000));
    assert_eq!((answer.status, answer.header("Connection")), (401, Some("close")));
    assert!(client.rest().is_empty());
    // A small body is ignored, and the connection stays open.
    let mut client = Client::new(&server);
    for _ in 0..2 {
        assert_eq!(client.raw(&(head("", 3) + "a=b")).status, 401);
    }
    assert_eq!(client.raw(&(head(ADMIN, 3) + "a=b")).status, 200);
}
