//! What a handler decides to answer, before anything is written to a socket.

use bytes::Bytes;
use hyper::StatusCode;
use serde::Serialize;

use crate::envelope::Envelope;

/// An answer: status, headers beyond the usual ones, and the complete body.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
}

/// U+FEFF in UTF-8, which most answers of the real server start with.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The real server's name in the header `Server`.
pub(crate) const SERVER_NAME: &str = "Microsoft-HTTPAPI/2.0";

/// Cache rules as in the vendor's published trace.
const CACHE_CONTROL: &str = "no-cache,private,no-store,must-revalidate,max-stale=0,post-check=0,pre-check=0";

impl Answer {
    /// Status 200 with a JSON body, after so many byte order marks.
    pub(crate) fn json(value: &impl Serialize, marks: usize) -> Answer {
        match serde_json::to_vec(value) {
            Ok(json) => Answer::json_bytes(&json, marks),
            // Only maps with keys that are no strings cannot be written, and there are none.
            Err(_) => Answer::empty(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// Status 200 with a body that is JSON already.
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

    /// A status without a body. What the real server sends with an error status is not published.
    pub(crate) fn empty(status: StatusCode) -> Answer {
        Answer {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// A small page of HTML, as proxies send them.
    pub(crate) fn page(status: StatusCode) -> Answer {
        let reason = status.canonical_reason().unwrap_or("Unknown");
        let code = status.as_u16();
        let page = format!(
            "<!DOCTYPE html>\r\n<html><head><title>{reason}</title></head>\r\n\
             <body><h2>{reason}</h2><hr><p>HTTP {code}. This answer is a fault made on purpose.</p></body></html>\r\n"
        );
        Answer {
            status,
            headers: vec![("content-type", "text/html; charset=us-ascii".to_owned())],
            body: page.into(),
        }
    }

    /// The same answer with one more header.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Answer {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// What is answered, before it is written.
#[derive(Debug)]
pub(crate) enum Content {
    /// The answer of a call.
    Envelope(Envelope),
    /// The function list.
    Functions,
    /// Anything that is not JSON.
    Other(Answer),
    /// The request is not carried out, so there is no answer.
    Nothing,
}

impl Content {
    /// 404: a dead token, or no such function.
    pub(crate) fn not_found() -> Content {
        Content::Other(Answer::empty(StatusCode::NOT_FOUND))
    }
}

impl From<Option<Envelope>> for Content {
    fn from(envelope: Option<Envelope>) -> Content {
        envelope.map_or_else(Content::not_found, Content::Envelope)
    }
}
