//! Valid HTTP that is not of the API, and services that do not use HTTP.

use super::super::observe::Called;
use super::super::table::Table;
use super::{Class, fill, head, with};
use crate::support::answer::{empty, http, ok};
use crate::support::{Act, Server};

#[tokio::test]
async fn other_responses_end_with_the_real_cause() {
    let mut table = Table::new("HTTP that is not of the API");
    fill(&mut table, |body| {
        let gzip = |name: &str| with(&[&format!("Content-Encoding: {name}")], body);
        let to = |status: &str| {
            head(
                &[
                    &format!("HTTP/1.1 {status}"),
                    "Location: https://other.invalid/",
                    "Content-Length: 0",
                ],
                "",
            )
        };
        let plain = |status: &str| Act::Send(empty(status));
        vec![
            (
                "HTML",
                Act::Send(http("200 OK", "text/html", b"<html>Please log in</html>")),
                Class::Foreign,
            ),
            (
                "plain text",
                Act::Send(http("200 OK", "text/plain", b"OK")),
                Class::Foreign,
            ),
            (
                "XML",
                Act::Send(http("200 OK", "text/xml", b"<?xml version='1.0'?><a/>")),
                Class::Foreign,
            ),
            (
                "binary data",
                Act::Send(ok([0_u8, 159, 146, 150])),
                Class::Foreign,
            ),
            ("an empty body", Act::Send(ok("")), Class::Foreign),
            ("compressed with gzip", gzip("gzip"), Class::Invalid),
            ("compressed with br", gzip("BR"), Class::Invalid),
            (
                "compressed in an unknown way",
                gzip("\u{1}x").clone(),
                Class::Invalid,
            ),
            ("compressed twice", gzip("gzip, gzip"), Class::Invalid),
            ("not compressed", gzip("identity"), Class::Accepted),
            (
                "HTTP 101",
                head(
                    &[
                        "HTTP/1.1 101 Switching Protocols",
                        "Upgrade: websocket",
                        "Connection: upgrade",
                    ],
                    "",
                ),
                Class::Http(101),
            ),
            ("HTTP 204", head(&["HTTP/1.1 204 No Content"], ""), Class::Foreign),
            (
                "HTTP 206",
                Act::Send(http(
                    "206 Partial Content",
                    "application/json",
                    &body.as_bytes()[..9],
                )),
                Class::Foreign,
            ),
            ("HTTP 301", to("301 Moved"), Class::Http(301)),
            ("HTTP 302", to("302 Found"), Class::Http(302)),
            (
                "HTTP 304",
                head(&["HTTP/1.1 304 Not Modified"], ""),
                Class::Http(304),
            ),
            ("HTTP 307", to("307 Temporary Redirect"), Class::Http(307)),
            ("HTTP 308", to("308 Permanent Redirect"), Class::Http(308)),
            ("HTTP 411", plain("411 Length Required"), Class::Http(411)),
            ("HTTP 418", plain("418 I'm a teapot"), Class::Http(418)),
            ("HTTP 500", plain("500 Oops"), Class::Http(500)),
            ("HTTP 503", plain("503 Busy"), Class::Http(503)),
        ]
    })
    .await;
    // The banner may arrive before or after the request is sent.
    for banner in [
        b"SSH-2.0-OpenSSH_9.9\r\n".as_slice(),
        b"220 mail.example.com ESMTP\r\n",
        b"\0\0\0\0",
    ] {
        for called in Called::BOTH {
            let server = Server::with_banner(banner).await;
            let client = server.builder().retries(1).build().unwrap();
            let error = called.call(&client).await.unwrap();
            table.equal(
                format!(
                    "{:?} before the request, {}",
                    banner.escape_ascii().to_string(),
                    called.name()
                ),
                "transient false, at most 1 request true",
                format!(
                    "transient {}, at most 1 request {}",
                    error.is_transient(),
                    server.requests().len() <= 1
                ),
            );
        }
    }
    table.assert_all_held();
}
