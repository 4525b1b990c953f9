//! Creates responses as bytes.

use serde_json::{Value, json};

/// A token in the form of the server.
pub const TOKEN: &str = "b3af0ebae4dd755d1a54b9756817baee";

/// Returns a response with this status line and body.
pub fn http(status: &str, content_type: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut bytes = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nServer: Microsoft-HTTPAPI/2.0\r\n\
         Content-Length: {length}\r\n\r\n"
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// Returns a response with status 200 and this body.
pub fn ok(body: impl AsRef<[u8]>) -> Vec<u8> {
    http("200 OK", "application/json", body.as_ref())
}

/// Returns a response with status 200 and this body in chunks of this size.
pub fn chunked(body: &[u8], size: usize) -> Vec<u8> {
    let mut bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for chunk in body.chunks(size) {
        bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        bytes.extend_from_slice(chunk);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    bytes
}

/// Returns the envelope of a call that succeeded immediately, after the byte order mark of most responses.
pub fn envelope(result: Value) -> String {
    let envelope = json!({"error": null, "token": null, "statusVersion": 2, "statusCode": "succeeded",
        "percentProgress": null, "statusText": null, "result": result, "logOutput": null});
    format!("\u{feff}{envelope}")
}

/// Returns the response of a call that succeeded immediately.
pub fn succeeded(result: Value) -> Vec<u8> {
    ok(envelope(result))
}

/// Returns the status of a call with a token.
pub fn status(code: &str, version: u64, log: &str) -> Vec<u8> {
    let percent = if code == "running" { 40 } else { 100 };
    let envelope = json!({"error": null, "token": TOKEN, "statusVersion": version, "statusCode": code,
        "percentProgress": percent, "statusText": null, "result": null, "logOutput": log});
    ok(format!("\u{feff}{envelope}"))
}

/// Returns the response of a call that failed with this message.
pub fn failed(version: u64, message: &str, details: &str) -> Vec<u8> {
    ok(
        json!({"error": {"message": message, "details": details}, "token": null, "statusVersion": version,
        "statusCode": "failed", "result": null, "logOutput": null})
        .to_string(),
    )
}

/// Returns a response with this status line and an empty body.
pub fn empty(status: &str) -> Vec<u8> {
    http(status, "text/plain", b"")
}
