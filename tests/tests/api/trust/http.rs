//! Malformed HTTP: each response ends in bounded time with an error that names the cause, and a response that a retry
//! cannot repair is not retried.

mod bodies;
mod cancel;
mod heads;
mod other;

use std::time::Duration;

use serde_json::json;

use super::observe::{Called, outcome};
use super::table::Table;
use crate::support::answer::envelope;
use crate::support::{Act, Server};

/// The largest response that the client accepts.
const LARGEST: u64 = 1 << 20;
/// The time in which every row must end.
const PATIENCE: Duration = Duration::from_secs(60);

/// The timeout of a response that never ends. It is enough to connect, also on a busy machine.
const ENOUGH: Duration = Duration::from_secs(1);

/// What a response means.
#[derive(Clone, Copy)]
enum Class {
    Accepted,
    /// The response is not HTTP.
    Invalid,
    /// The connection broke, so a read-only call is sent again.
    Lost,
    /// The response does not end within the timeout.
    Slow,
    /// The response is HTTP, but not of the API.
    Foreign,
    TooLarge,
    Http(u16),
}

impl Class {
    fn expected(self, called: Called) -> String {
        let is_change = called == Called::Change;
        let unknown = if is_change { "unknown" } else { "known" };
        let permanent = |kind: &str| format!("{kind}, permanent, outcome {unknown}, reached 1");
        match self {
            Self::Accepted => "ok, reached 1".to_owned(),
            Self::Invalid => permanent("InvalidHttp"),
            Self::Foreign => permanent("Envelope"),
            Self::TooLarge => permanent("TooLarge"),
            Self::Lost | Self::Slow if is_change => permanent("OutcomeUnknown"),
            Self::Lost => "Lost, transient, outcome known, reached 2".to_owned(),
            Self::Slow => "Lost, transient, outcome known, reached 1".to_owned(),
            Self::Http(status @ 500..) if !is_change => {
                format!("Http {status}, transient, outcome known, reached 2")
            }
            Self::Http(status @ 500..) => permanent(&format!("Http {status}")),
            Self::Http(status) => format!("Http {status}, permanent, outcome known, reached 1"),
        }
    }
}

/// Calls the function, and describes what the caller sees and how many requests reached the server.
async fn seen(called: Called, act: &Act, class: Class) -> String {
    let server = Server::start([act.clone(), act.clone()]).await;
    let timeout = match class {
        Class::Slow => ENOUGH,
        _ => PATIENCE,
    };
    let client = server
        .builder()
        .retries(1)
        .request_timeout(timeout)
        .max_response_size(LARGEST)
        .build()
        .unwrap();
    let Ok(error) = tokio::time::timeout(PATIENCE, called.call(&client)).await else {
        return format!("no end within {PATIENCE:?}");
    };
    format!("{}, reached {}", outcome(error.as_ref()), server.requests().len())
}

async fn fill(table: &mut Table, rows: impl Fn(&str) -> Vec<(&'static str, Act, Class)>) {
    for called in Called::BOTH {
        let result = match called {
            Called::Read => json!({"version": "25.3.0", "machineName": "HOST"}),
            Called::Change => json!(null),
        };
        for (attack, act, class) in rows(&envelope(result)) {
            let seen = seen(called, &act, class).await;
            table.equal(
                format!("{attack}, {}", called.name()),
                class.expected(called),
                seen,
            );
        }
    }
}

/// A response with this head, whose lines end with CRLF, and this body. The connection then stays open.
fn head(lines: &[&str], body: &str) -> Act {
    Act::Send(format!("{}\r\n\r\n{body}", lines.join("\r\n")).into_bytes())
}

/// A response with these headers in addition to the right `Content-Length`.
fn with(headers: &[&str], body: &str) -> Act {
    let length = format!("Content-Length: {}", body.len());
    head(&[&["HTTP/1.1 200 OK", &length], headers].concat(), body)
}

/// A response with these bytes in place of the chunks.
fn chunks(bytes: &str) -> Act {
    head(&["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"], bytes)
}
