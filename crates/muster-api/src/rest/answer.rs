//! A complete response, and the envelope of its body.

use https_connect::excerpt;
use serde::Deserialize;
use serde_json::Value;

/// A complete response.
pub(super) struct Answer {
    status: u16,
    body: Vec<u8>,
    envelope: Result<Envelope, serde_json::Error>,
}

/// The body of a response.
#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "ResponseStatus", default)]
    status: Option<Status>,
    #[serde(rename = "ResponseData", default)]
    data: Value,
}

#[derive(Deserialize)]
struct Status {
    #[serde(rename = "Code")]
    code: i64,
    #[serde(rename = "Description", default)]
    description: Option<String>,
}

const SUCCESS: u16 = 200;

impl Answer {
    pub(super) fn new(status: u16, body: Vec<u8>) -> Self {
        let envelope = serde_json::from_slice(&body);
        Self {
            status,
            body,
            envelope,
        }
    }

    /// Returns the status of HTTP.
    pub(super) fn status(&self) -> u16 {
        self.status
    }

    /// Returns the code in the body, if it is not the code of success. The code mirrors the status of HTTP.
    pub(super) fn failure_code(&self) -> Option<i64> {
        let status = self.envelope.as_ref().ok()?.status.as_ref()?;
        Some(status.code).filter(|code| *code != i64::from(SUCCESS))
    }

    pub(super) fn is_success(&self) -> bool {
        self.status == SUCCESS && self.failure_code().is_none()
    }

    /// Returns whether the token is unknown or has expired.
    pub(super) fn is_expired(&self) -> bool {
        self.status == 401 || (self.status == SUCCESS && self.failure_code() == Some(401))
    }

    /// Returns whether the server rejected the request, so that it has not executed it. A redirect and an error of the
    /// server may come after the execution, and so may a timeout.
    pub(super) fn is_rejection(&self) -> bool {
        let rejects = |status: i64| matches!(status, 400..=499) && status != 408;
        match self.failure_code() {
            None => rejects(self.status.into()),
            Some(code) => rejects(code) && (self.status == SUCCESS || rejects(self.status.into())),
        }
    }

    /// Returns what the server says about an error: its description, or else the beginning of the body, without these
    /// secrets and without a new token.
    pub(super) fn description<'a>(&'a self, secrets: impl IntoIterator<Item = &'a str>) -> String {
        let envelope = self.envelope.as_ref().ok();
        let described = envelope.and_then(|envelope| envelope.status.as_ref()?.description.as_deref());
        let text = described.filter(|description| !description.is_empty());
        let token = envelope.and_then(|envelope| token(&envelope.data));
        let text = text.map_or(&*self.body, str::as_bytes);
        let shown = excerpt(text, secrets.into_iter().chain(token));
        match (shown.is_empty(), self.status) {
            (true, 300..=399) => "redirects are not followed".to_owned(),
            (true, _) => "no description".to_owned(),
            _ => shown,
        }
    }

    /// Returns the data of a successful response.
    ///
    /// # Errors
    /// Says where the body is not the expected JSON.
    pub(super) fn data(self) -> Result<Value, String> {
        let envelope = self.envelope.map_err(|error| {
            let (line, column) = (error.line(), error.column());
            format!("it is not the expected JSON (line {line}, column {column})")
        });
        Ok(envelope?.data)
    }
}

/// Returns the token in the data of a login.
pub(super) fn token(data: &Value) -> Option<&str> {
    let token = data.get("authToken").and_then(Value::as_str);
    token.filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer::new(status, body.into())
    }

    #[test]
    fn a_code_other_than_200_is_a_failure() {
        let body = r#"{"ResponseStatus": {"Code": 403, "Time": 1, "Description": "no"}}"#;
        let refused = answer(200, body);
        assert_eq!((refused.failure_code(), refused.is_success()), (Some(403), false));
        assert_eq!(refused.description([]), "no");
        let body = r#"{"ResponseStatus": {"Code": 200, "Time": 1}, "ResponseData": 1}"#;
        assert!(answer(200, body).is_success());
        assert!(answer(200, "{}").is_success());
        assert!(!answer(201, "{}").is_success());
    }

    #[test]
    fn the_description_of_a_redirect_says_that_it_is_not_followed() {
        assert_eq!(answer(302, "").description([]), "redirects are not followed");
        assert_eq!(answer(302, "moved").description([]), "moved");
        assert_eq!(answer(500, "").description([]), "no description");
    }
}
