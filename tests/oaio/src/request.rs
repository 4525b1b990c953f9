//! A request that the Django server has received.

use serde_json::Value;

/// A request and the status of its answer.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Request {
    /// The method, such as `POST`.
    pub method: String,
    /// The path and the query, as they were sent.
    pub path: String,
    /// The names and values of the headers in their order, as they were sent.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// The status of the answer.
    pub status: u16,
    /// The body of the answer.
    pub answer: String,
    /// The names and values of the cookies that the answer sets.
    pub cookies: std::collections::BTreeMap<String, String>,
}

impl Request {
    /// The value of a header, or none if the request has no such header. Upper and lower case are the same.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The body as JSON, or null if it is empty.
    ///
    /// # Panics
    ///
    /// Panics if the body is not JSON.
    pub fn json(&self) -> Value {
        if self.body.is_empty() {
            return Value::Null;
        }
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The method and the path in one text, such as `GET /api/login/`.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}
