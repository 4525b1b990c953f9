//! The response of a handler, before it is written to a socket.

use bytes::Bytes;
use hyper::StatusCode;
use serde::Serialize;

use crate::envelope::Envelope;

/// A response: status, additional headers, and the complete body.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
}

/// U+FEFF in UTF-8. Most responses of the real server start with it.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The value of the real server's header `Server`.
pub(crate) const SERVER_NAME: &str = "Microsoft-HTTPAPI/2.0";

/// The cache headers of the vendor's published trace.
const CACHE_CONTROL: &str = "no-cache,private,no-store,must-revalidate,max-stale=0,post-check=0,pre-check=0";

impl Answer {
    /// Creates a response with status 200 and a JSON body after the given number of byte order marks.
    pub(crate) fn json(value: &impl Serialize, marks: usize) -> Answer {
        match serde_json::to_vec(value) {
            Ok(json) => Answer::json_bytes(&json, marks),
            // Serialising fails only for maps with keys other than strings. The simulator has no such maps.
            Err(_) => Answer::empty(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// Creates a response with status 200 and a body that already is JSON.
    pub(crate) fn json_bytes(json: &[u8], marks: usize) -> Answer {
        let expired = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24);
        Answer {
            status: StatusCode::OK,
            headers: vec![
                ("cache-control", CACHE_CONTROL.to_owned()),
                ("pragma", "no-cache".to_owned()),
                ("content-type", "application/json".to_owned()),
                (
                    "expires",
                    expired.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string(),
                ),
            ],
            body: [BYTE_ORDER_MARK.repeat(marks).as_slice(), json].concat().into(),
        }
    }

    /// Creates a response without a body. The body that the real server sends with an error status is not published.
    pub(crate) fn empty(status: StatusCode) -> Answer {
        Answer {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// Creates a small HTML page, as proxies send it.
    pub(crate) fn page(status: StatusCode) -> Answer {
        let reason = status.canonical_reason().unwrap_or("Unknown");
        let code = status.as_u16();
        let page = format!(
            "<!DOCTYPE html>\r\n<html><head><title>{reason}</title></head>\r\n\
             <body><h2>{reason}</h2><hr><p>HTTP {code}. This response is an injected fault.</p></body></html>\r\n"
        );
        Answer {
            status,
            headers: vec![("content-type", "text/html; charset=us-ascii".to_owned())],
            body: page.into(),
        }
    }

    /// Adds a header to the response.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Answer {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// The content of a response, before it is serialised.
#[derive(Debug)]
pub(crate) enum Content {
    /// The response to a call.
    Envelope(Envelope),
    /// The function list.
    Functions,
    /// A response that is not JSON.
    Other(Answer),
    /// The request is not processed, so there is no response.
    Nothing,
}

impl Content {
    /// Returns a 404: the token is invalid, or the function does not exist.
    pub(crate) fn not_found() -> Content {
        Content::Other(Answer::empty(StatusCode::NOT_FOUND))
    }
}

impl From<Option<Envelope>> for Content {
    fn from(envelope: Option<Envelope>) -> Content {
        envelope.map_or_else(Content::not_found, Content::Envelope)
    }
}
