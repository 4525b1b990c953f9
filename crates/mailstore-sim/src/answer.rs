//! What a handler decides to answer, before anything is written to a socket.

use bytes::Bytes;
use hyper::StatusCode;
use serde::Serialize;

/// An answer: status, headers beyond the usual ones, and the complete body.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
}

/// U+FEFF in UTF-8, which most answers of the real server start with.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Cache rules as in the vendor's published trace.
const CACHE_CONTROL: &str = "no-cache,private,no-store,must-revalidate,max-stale=0,post-check=0,pre-check=0";

impl Answer {
    /// Status 200 with a JSON body, after a byte order mark if `bom`.
    pub(crate) fn json(value: &impl Serialize, bom: bool) -> Answer {
        match serde_json::to_vec(value) {
            Ok(json) => Answer::json_bytes(&json, bom),
            // Only maps with keys that are no strings cannot be written, and there are none.
            Err(_) => Answer::empty(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// Status 200 with a body that is JSON already.
    pub(crate) fn json_bytes(json: &[u8], bom: bool) -> Answer {
        let mark = if bom { BYTE_ORDER_MARK } else { b"" };
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
            body: [mark, json].concat().into(),
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

    /// The same answer with one more header.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Answer {
        self.headers.push((name, value.to_owned()));
        self
    }
}
