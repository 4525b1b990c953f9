//! Malformed status lines and headers.

use super::super::table::Table;
use super::{Class, fill, head, with};
use crate::support::Act;
use crate::support::answer::ok;

#[tokio::test]
async fn malformed_heads_end_with_the_real_cause() {
    let mut table = Table::new("malformed heads");
    fill(&mut table, |body| {
        let length = format!("Content-Length: {}", body.len());
        let huge = format!("x: {}", "y".repeat(1 << 20));
        let many = "x: y\r\n".repeat(1000);
        let send = |bytes: &str| Act::Send(bytes.as_bytes().to_vec());
        vec![
            ("a good response", with(&[], body), Class::Accepted),
            (
                "a word in place of the status",
                head(&["HTTP/1.1 two OK", &length], body),
                Class::Invalid,
            ),
            (
                "a status with two digits",
                head(&["HTTP/1.1 20 OK", &length], body),
                Class::Invalid,
            ),
            (
                "a status below 100",
                head(&["HTTP/1.1 099 OK", &length], body),
                Class::Invalid,
            ),
            (
                "no reason phrase",
                head(&["HTTP/1.1 200", &length], body),
                Class::Accepted,
            ),
            (
                "HTTP/3.7",
                head(&["HTTP/3.7 200 OK", &length], body),
                Class::Invalid,
            ),
            (
                "HTTP/1.9",
                head(&["HTTP/1.9 200 OK", &length], body),
                Class::Invalid,
            ),
            (
                "HTTP/2 preface",
                send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                Class::Invalid,
            ),
            (
                "a request",
                send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
                Class::Invalid,
            ),
            ("SSH", send("SSH-2.0-OpenSSH_9.9\r\n"), Class::Invalid),
            ("SMTP", send("220 mail.example.com ESMTP\r\n"), Class::Invalid),
            ("only JSON", send(body), Class::Invalid),
            (
                "a space before the first header",
                head(&["HTTP/1.1 200 OK", " x: y", &length], body),
                Class::Invalid,
            ),
            (
                "a header without a colon",
                with(&["nothing"], body),
                Class::Invalid,
            ),
            (
                "a space in the name of a header",
                with(&["a b: c"], body),
                Class::Invalid,
            ),
            ("a NUL in a header", with(&["x: a\0b"], body), Class::Invalid),
            (
                "a NUL in the name of a header",
                with(&["a\0b: c"], body),
                Class::Invalid,
            ),
            (
                "an escape sequence in a header",
                with(&["x: \u{1b}[2J"], body),
                Class::Invalid,
            ),
            ("a header of 1 MB", with(&[&huge], body), Class::Invalid),
            ("1000 headers", with(&[many.trim_end()], body), Class::Invalid),
            (
                "lines that end with LF",
                Act::Send(format!("HTTP/1.1 200 OK\n{length}\n\n{body}").into_bytes()),
                Class::Accepted,
            ),
            (
                "lines that end with CR",
                send("HTTP/1.1 200 OK\rx: y\r\r"),
                Class::Invalid,
            ),
            (
                "an endless header",
                Act::SendForever(b"HTTP/1.1 200 OK\r\nx: ".to_vec(), vec![b'y'; 4096]),
                Class::Invalid,
            ),
            (
                "endless headers",
                Act::SendForever(b"HTTP/1.1 200 OK\r\n".to_vec(), b"x: y\r\n".repeat(100)),
                Class::Invalid,
            ),
            (
                "endless responses 100",
                Act::SendForever(Vec::new(), b"HTTP/1.1 100 Continue\r\n\r\n".to_vec()),
                Class::Slow,
            ),
            (
                "endless responses 103",
                Act::SendForever(Vec::new(), b"HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n".to_vec()),
                Class::Slow,
            ),
            (
                "a response 100 before the good one",
                Act::Send([b"HTTP/1.1 100 Continue\r\n\r\n".to_vec(), ok(body)].concat()),
                Class::Accepted,
            ),
            (
                "endless empty lines",
                Act::SendForever(Vec::new(), b"\r\n".repeat(1000)),
                Class::Invalid,
            ),
            (
                "nothing, then the end",
                Act::SendAndClose(Vec::new()),
                Class::Lost,
            ),
            (
                "nothing, then a reset",
                Act::SendAndReset(Vec::new()),
                Class::Lost,
            ),
            (
                "the end within the head",
                Act::SendAndClose(b"HTTP/1.1 200 OK\r\nContent-Le".to_vec()),
                Class::Lost,
            ),
            (
                "a reset within the head",
                Act::SendAndReset(b"HTTP/1.1 200 OK\r\nContent-Le".to_vec()),
                Class::Lost,
            ),
            (
                "silence within the head",
                send("HTTP/1.1 200 OK\r\nContent-Le"),
                Class::Slow,
            ),
            ("silence", Act::Stall, Class::Slow),
        ]
    })
    .await;
    table.assert_all_held();
}
