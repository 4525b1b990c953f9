//! A client of MailStore Server that a foreign generator made from the 3.0 document.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    unreachable_pub,
    unused_lifetimes,
    elided_lifetimes_in_paths,
    reason = "not our code"
)]

use reqwest::header::{CONTENT_LENGTH, HeaderValue};

include!(concat!(env!("OUT_DIR"), "/server.rs"));

/// What the generator wrote for each edition: name and text.
pub const GENERATED: [(&str, &str); 3] = [
    ("server", include_str!(concat!(env!("OUT_DIR"), "/server.rs"))),
    ("spe", include_str!(concat!(env!("OUT_DIR"), "/spe.rs"))),
    ("server-9", include_str!(concat!(env!("OUT_DIR"), "/server-9.rs"))),
];

/// All that a user has to add, as the description in the document says.
impl ClientHooks for Client {
    async fn exec(
        &self,
        mut request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        // A call without arguments has no body, and `reqwest` then leaves the length out.
        if request.body().is_none() {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(0));
        }
        let response = self.client().execute(request).await?;
        let mut answer = http::Response::builder().status(response.status());
        if let Some(headers) = answer.headers_mut() {
            headers.clone_from(response.headers());
            headers.remove(CONTENT_LENGTH);
        }
        // A byte order mark may precede the body, and `serde_json` refuses it.
        let body = response.bytes().await?;
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&body).to_vec();
        let answer = answer
            .body(body)
            .expect("status and headers are those of an answer");
        Ok(answer.into())
    }
}
