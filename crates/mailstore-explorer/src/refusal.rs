//! The reasons why the proxy sends nothing to the server.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mailstore_transport::{Effect, Error};
use serde_json::{Value, json};

/// The header of the responses that the proxy wrote. Other responses are those of the server.
pub(crate) const OWN: &str = "x-explorer";

/// What the user does if the outcome of a call is unknown.
const CHECK: &str = "The server may have executed the call: check its effect before you call it again.";

/// The reason why the proxy does not return a response of the server.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The request is for another host name, as after DNS rebinding.
    Host,
    /// The request comes from another page.
    Origin,
    /// The request has no token.
    NoToken,
    /// The request has the token of another server.
    WrongToken,
    /// There is no such file or function.
    Path,
    /// The method is not the given one.
    Method(&'static str),
    /// The body is not a form.
    ContentType,
    /// The body is too large.
    TooLarge,
    /// The form cannot be sent.
    Form(String),
    /// The explorer is read-only.
    ReadOnly { function: &'static str, effect: Effect },
    /// The explorer is read-only, and the call may change the server or is not known.
    Cancel,
    /// The user must type a text first.
    Confirm {
        function: &'static str,
        danger: &'static str,
        target: String,
    },
    /// The browser sent the same click again.
    Repeated,
    /// The explorer has ended.
    Ended,
    /// The task that sent the call was cut off.
    CutOff,
    /// There is no response of the server.
    NoAnswer(Box<Error>),
}

impl Refusal {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Host => StatusCode::MISDIRECTED_REQUEST,
            Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::Origin | Self::WrongToken | Self::ReadOnly { .. } | Self::Cancel => StatusCode::FORBIDDEN,
            Self::Path => StatusCode::NOT_FOUND,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Form(_) => StatusCode::BAD_REQUEST,
            Self::Confirm { .. } => StatusCode::PRECONDITION_REQUIRED,
            Self::Repeated => StatusCode::CONFLICT,
            Self::Ended => StatusCode::SERVICE_UNAVAILABLE,
            Self::CutOff | Self::NoAnswer(_) => StatusCode::BAD_GATEWAY,
        }
    }

    /// The message for the user. It contains no value of the form.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Host => "This address is not the address of the explorer.".to_owned(),
            Self::Origin => "Another page sent this request.".to_owned(),
            Self::NoToken => "The token is missing. Open the address that the command printed.".to_owned(),
            Self::WrongToken => {
                "The token belongs to an explorer that has ended. Open the address that the command printed."
                    .to_owned()
            }
            Self::Path => "The explorer has no such file, and the API has no such function.".to_owned(),
            Self::Method(method) => format!("The method must be {method}."),
            Self::ContentType => "The body must be a form.".to_owned(),
            Self::TooLarge => "The form is too large.".to_owned(),
            Self::Form(problem) => problem.clone(),
            Self::ReadOnly { function, effect } => format!(
                "{function} has the effect `{}`, and the explorer is read-only. Start it with `--allow-writes`.",
                effect.as_str()
            ),
            Self::Cancel => {
                "A read-only explorer cancels only calls that it started and that only read.".to_owned()
            }
            Self::Confirm { function, danger, .. } => format!("{function} must be confirmed. {danger}"),
            Self::Repeated => {
                format!("The browser sent this request twice. It was sent to the server once. {CHECK}")
            }
            Self::Ended => "The explorer has ended: nothing was sent.".to_owned(),
            Self::CutOff => format!("The explorer failed. {CHECK}"),
            // The error says itself if the server may have executed the call.
            Self::NoAnswer(error) => format!("{error}."),
        }
    }

    fn body(&self) -> Value {
        match self {
            Self::Confirm { target, .. } => json!({"explorer": self.message(), "confirm": target}),
            _ => json!({"explorer": self.message()}),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status(), self.body().to_string()).into_response();
        let headers = response.headers_mut();
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        headers.insert(header::CONTENT_TYPE, json);
        headers.insert(OWN, HeaderValue::from_static("refused"));
        if let Self::Method(method) = self {
            headers.insert(header::ALLOW, HeaderValue::from_static(method));
        }
        response
    }
}
