//! Answers, byte by byte.

use serde_json::{Value, json};

/// A token in the server's form.
pub const TOKEN: &str = "b3af0ebae4dd755d1a54b9756817baee";

/// An answer of this status line and body, with its length.
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

/// HTTP 200 with these bytes.
pub fn ok(body: impl AsRef<[u8]>) -> Vec<u8> {
    http("200 OK", "application/json", body.as_ref())
}

/// HTTP 200 with these bytes in chunks of this many.
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

/// The envelope of a call that ended in its first answer, with the byte order mark that most answers have.
pub fn envelope(result: Value) -> String {
    let envelope = json!({"error": null, "token": null, "statusVersion": 2, "statusCode": "succeeded",
        "percentProgress": null, "statusText": null, "result": result, "logOutput": null});
    format!("\u{feff}{envelope}")
}

/// An immediate success.
pub fn succeeded(result: Value) -> Vec<u8> {
    ok(envelope(result))
}

/// A status of a call that runs or ran.
pub fn status(code: &str, version: u64, log: &str) -> Vec<u8> {
    let percent = if code == "running" { 40 } else { 100 };
    let envelope = json!({"error": null, "token": TOKEN, "statusVersion": version, "statusCode": code,
        "percentProgress": percent, "statusText": null, "result": null, "logOutput": log});
    ok(format!("\u{feff}{envelope}"))
}

/// A call that failed for this reason.
pub fn failed(version: u64, message: &str, details: &str) -> Vec<u8> {
    ok(
        json!({"error": {"message": message, "details": details}, "token": null, "statusVersion": version,
        "statusCode": "failed", "result": null, "logOutput": null})
        .to_string(),
    )
}

/// An answer of this status line and no body.
pub fn empty(status: &str) -> Vec<u8> {
    http(status, "text/plain", b"")
}
