//! Malformed lengths, chunks and trailers.

use serde_json::json;

use super::super::table::Table;
use super::{Class, LARGEST, chunks, fill, head, with};
use crate::support::Act;
use crate::support::answer::{chunked, http, succeeded};

#[tokio::test]
async fn malformed_lengths_and_chunks_end_with_the_real_cause() {
    let mut table = Table::new("malformed lengths and chunks");
    fill(&mut table, |body| {
        let length = |value: &str| head(&["HTTP/1.1 200 OK", &format!("Content-Length: {value}")], body);
        let right = body.len().to_string();
        let longer = (body.len() + 1).to_string();
        let chunk = format!("{:x}\r\n{body}\r\n", body.len());
        let cut = http("200 OK", "application/json", body.as_bytes());
        vec![
            ("a negative length", length("-1"), Class::Invalid),
            (
                "a length with a sign",
                length(&format!("+{right}")),
                Class::Invalid,
            ),
            ("a length with a fraction", length("1.5"), Class::Invalid),
            ("an empty length", length(""), Class::Invalid),
            ("a hexadecimal length", length("0x10"), Class::Invalid),
            (
                "a length beyond 64 bits",
                length("18446744073709551616"),
                Class::Invalid,
            ),
            (
                "the largest length of 64 bits",
                length("18446744073709551615"),
                Class::Invalid,
            ),
            ("a length of 4 GB", length("4294967296"), Class::TooLarge),
            (
                "a length above the limit",
                length(&(LARGEST + 1).to_string()),
                Class::TooLarge,
            ),
            (
                "two equal lengths",
                with(&[&format!("Content-Length: {right}")], body),
                Class::Accepted,
            ),
            (
                "two different lengths",
                with(&[&format!("Content-Length: {longer}")], body),
                Class::Invalid,
            ),
            (
                "two lengths in one header",
                length(&format!("{right}, {longer}")),
                Class::Invalid,
            ),
            ("a length that is too short", length("5"), Class::Foreign),
            ("a length of 0", length("0"), Class::Foreign),
            (
                "the end before the length",
                Act::SendAndClose(cut[..cut.len() - 5].to_vec()),
                Class::Lost,
            ),
            (
                "a reset before the length",
                Act::SendAndReset(cut[..cut.len() - 5].to_vec()),
                Class::Lost,
            ),
            ("silence before the length", length(&longer), Class::Slow),
            (
                "no length, then the end",
                Act::SendAndClose(format!("HTTP/1.1 200 OK\r\n\r\n{body}").into_bytes()),
                Class::Accepted,
            ),
            (
                "no length, and the end is missing",
                head(&["HTTP/1.1 200 OK"], body),
                Class::Slow,
            ),
            (
                "an unknown transfer encoding",
                with(&["Transfer-Encoding: gzip"], body),
                Class::Slow,
            ),
            (
                "a length and chunks",
                with(&["Transfer-Encoding: chunked"], &format!("{chunk}0\r\n\r\n")),
                Class::Accepted,
            ),
            (
                "good chunks",
                Act::Send(chunked(body.as_bytes(), 7)),
                Class::Accepted,
            ),
            (
                "a chunk size that is no number",
                chunks("xyz\r\n"),
                Class::Invalid,
            ),
            ("a negative chunk size", chunks("-1\r\n"), Class::Invalid),
            ("an empty chunk size", chunks("\r\n"), Class::Invalid),
            (
                "a chunk size beyond 64 bits",
                chunks("fffffffffffffffff\r\n"),
                Class::Invalid,
            ),
            (
                "a chunk of 16 EB, then the end",
                Act::SendAndClose(
                    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}".to_vec(),
                ),
                Class::Lost,
            ),
            (
                "a chunk without a line end after it",
                chunks(&format!("{:x}\r\n{body}xx", body.len())),
                Class::Invalid,
            ),
            (
                "chunk extensions",
                chunks(&format!("{:x};a=b\r\n{body}\r\n0\r\n\r\n", body.len())),
                Class::Accepted,
            ),
            (
                "an endless chunk extension",
                Act::SendForever(
                    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;".to_vec(),
                    vec![b'a'; 4096],
                ),
                Class::Invalid,
            ),
            (
                "endless small chunks",
                Act::SendForever(
                    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(),
                    format!("100\r\n{}\r\n", " ".repeat(256)).repeat(50).into_bytes(),
                ),
                Class::TooLarge,
            ),
            (
                "an endless body",
                Act::SendForever(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b' '; 4096]),
                Class::TooLarge,
            ),
            (
                "the end before the last chunk",
                Act::SendAndClose(
                    format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}").into_bytes(),
                ),
                Class::Lost,
            ),
            (
                "trailers",
                chunks(&format!("{chunk}0\r\nx: y\r\n\r\n")),
                Class::Accepted,
            ),
            (
                "an invalid trailer",
                chunks(&format!("{chunk}0\r\na b\0: c\r\n\r\n")),
                Class::Invalid,
            ),
            (
                "endless trailers",
                Act::SendForever(
                    format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}0\r\n").into_bytes(),
                    b"x: y\r\n".repeat(100),
                ),
                Class::Invalid,
            ),
            (
                "a good response byte by byte",
                Act::SendBytes(succeeded(json!({"version": "1", "machineName": "HOST"}))),
                Class::Accepted,
            ),
        ]
    })
    .await;
    table.assert_all_held();
}
