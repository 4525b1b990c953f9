//! A complete response, and the envelope of its body.

use serde::Deserialize;
use serde_json::Value;

/// A complete response.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

/// The body of a response.
#[derive(Deserialize)]
pub(super) struct Envelope {
    #[serde(rename = "ResponseStatus", default)]
    status: Option<Status>,
    #[serde(rename = "ResponseData", default)]
    pub(super) data: Value,
}

#[derive(Deserialize)]
struct Status {
    #[serde(rename = "Code")]
    code: i64,
    #[serde(rename = "Description", default)]
    description: String,
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        self.status == 200
    }

    /// Returns the envelope.
    pub(super) fn envelope(&self) -> Result<Envelope, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

impl Envelope {
    /// Returns the code and the description of the server, if there are any.
    pub(super) fn status(&self) -> Option<(i64, &str)> {
        let status = self.status.as_ref()?;
        Some((status.code, &status.description))
    }

    /// Returns the code and the description of a failure. The code mirrors the status of HTTP: 200 means success.
    pub(super) fn failure(&self) -> Option<(i64, &str)> {
        self.status().filter(|(code, _)| *code != 200)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(body: &str) -> Envelope {
        let body = body.as_bytes().to_vec();
        Answer { status: 200, body }.envelope().unwrap()
    }

    #[test]
    fn a_code_other_than_200_is_a_failure() {
        let body = r#"{"ResponseStatus": {"Code": 403, "Time": 1, "Description": "no"}}"#;
        assert_eq!(envelope(body).failure(), Some((403, "no")));
        let body = r#"{"ResponseStatus": {"Code": 200, "Time": 1}, "ResponseData": 1}"#;
        assert_eq!(envelope(body).failure(), None);
        assert_eq!(envelope("{}").failure(), None);
    }
}
