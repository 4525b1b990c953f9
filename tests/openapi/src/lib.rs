//! A client of MailStore Server that a third-party generator creates from the 3.0 document.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    unreachable_pub,
    unused_lifetimes,
    elided_lifetimes_in_paths,
    reason = "code of another generator"
)]

use reqwest::header::{CONTENT_LENGTH, HeaderValue};

include!(concat!(env!("OUT_DIR"), "/server.rs"));

/// The name of each edition and the text of its generated client.
pub const GENERATED: [(&str, &str); 3] = [
    ("server", include_str!(concat!(env!("OUT_DIR"), "/server.rs"))),
    ("spe", include_str!(concat!(env!("OUT_DIR"), "/spe.rs"))),
    ("server-9", include_str!(concat!(env!("OUT_DIR"), "/server-9.rs"))),
];

/// The additions that users must make, as the description in the document says.
impl ClientHooks for Client {
    async fn exec(
        &self,
        mut request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        // A call without arguments has no body, so `reqwest` does not send the length.
        if request.body().is_none() {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(0));
        }
        let response = self.client().execute(request).await?;
        let mut rebuilt = http::Response::builder().status(response.status());
        if let Some(headers) = rebuilt.headers_mut() {
            headers.clone_from(response.headers());
            headers.remove(CONTENT_LENGTH);
        }
        // The body may begin with a byte order mark, which `serde_json` rejects.
        let body = response.bytes().await?;
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&body).to_vec();
        let rebuilt = rebuilt
            .body(body)
            .expect("status and headers come from a valid response");
        Ok(rebuilt.into())
    }
}
