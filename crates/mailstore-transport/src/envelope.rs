//! Parses the envelope of a response: the JSON object around every result.
//!
//! A response is rejected only if it does not determine the outcome of the call. It is rejected if it is not an object,
//! if `statusCode` is missing or is not a string, or if one of the [`DECIDING`] members occurs twice with different
//! values. Every other member with an unexpected value is treated as missing, so that an invalid log or progress does
//! not end a wait of hours.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use wire_values::{FromJson, Json, Problem, Reader, from_json, members};

use crate::status::StatusCode;
use crate::text::{Joiner, without_halves};
use crate::token::StatusToken;

/// A parsed response of the server. The call may be running, or have succeeded or failed.
///
/// Missing members and members that are null are treated alike. Unknown members are ignored, except inside
/// [`result_json`](Self::result_json).
#[non_exhaustive]
pub struct Reply {
    /// The status of the call.
    pub status: StatusCode,
    /// The version of the status. It grows with each change of a running call, and is 2 in an immediate response
    /// (observed). Every published response has one.
    pub version: Option<u64>,
    /// Progress as the server returned it. It may be missing, fall, or leave the range from 0 to 100. It is always
    /// finite.
    pub percent: Option<f64>,
    /// A line that describes the current step. It is missing from every published response.
    pub text: Option<String>,
    pub(crate) log: Option<Bytes>,
    /// The error of the server, if there is one.
    pub error: Option<ServerError>,
    pub(crate) token: Option<String>,
    result: Option<ResultText>,
    /// Set by the call, which has the function and the server.
    pub(crate) status_token: Option<StatusToken>,
}

/// The members that determine the outcome of a call.
const DECIDING: [&str; 4] = ["statusCode", "error", "token", "result"];

impl Reply {
    /// Parses the body of a response. Skips a byte order mark, which most responses have.
    ///
    /// # Errors
    /// Describes what is wrong with the response, without quoting it.
    pub(crate) fn parse(body: Vec<u8>) -> Result<Self, Refused> {
        let body = String::from_utf8(body).map_err(|error| Refused {
            problem: not_utf8(&error),
            body: error.into_bytes(),
        })?;
        match Self::read(&body) {
            Ok((mut reply, result)) => {
                reply.result = result.map(|found| ResultText::new(found, body));
                Ok(reply)
            }
            Err(problem) => Err(Refused {
                problem,
                body: body.into_bytes(),
            }),
        }
    }

    /// Parses everything but the result. Only the place of the result is determined.
    fn read(body: &str) -> Result<(Self, Option<Found>), String> {
        let envelope = Envelope::of(body.strip_prefix('\u{feff}').unwrap_or(body))?;
        for name in DECIDING {
            envelope.check_unique(name)?;
        }
        let Some(status) = envelope.take("statusCode") else {
            return Err("missing field `statusCode`".to_owned());
        };
        let Some(word) = text_of(&status) else {
            return Err("the field `statusCode` is not a string".to_owned());
        };
        let result = envelope.raw("result").map(|raw| match without_halves(raw) {
            Some(mended) => Found::Mended(mended),
            None => Found::At(raw.as_ptr().addr() - body.as_ptr().addr(), raw.len()),
        });
        let reply = Self {
            status: StatusCode::from(&*word),
            version: envelope.take("statusVersion").as_ref().and_then(version),
            percent: envelope.take("percentProgress").as_ref().and_then(percent),
            text: envelope.take("statusText").as_ref().and_then(text_of),
            log: envelope
                .raw("logOutput")
                .and_then(|log| serde_json::from_str(log).ok()),
            error: envelope.take("error").as_ref().map(ServerError::of),
            token: envelope.take("token").as_ref().and_then(text_of),
            result: None,
            status_token: None,
        };
        Ok((reply, result))
    }

    /// The result as the JSON text that the server sent, or `null` if it is missing.
    ///
    /// Half a surrogate pair, which no Rust string can hold, is replaced with U+FFFD.
    pub fn result_json(&self) -> &str {
        self.result.as_ref().map_or("null", ResultText::text)
    }

    /// New text of the server's log since the version in the request. Lines end with `\r\n`.
    ///
    /// A character that the server split is replaced with U+FFFD. A [`Task`](crate::Task) joins its parts instead.
    pub fn log(&self) -> String {
        self.log.as_ref().map(Bytes::to_text).unwrap_or_default()
    }

    /// The token of a call that did not end with this response.
    pub fn status_token(&self) -> Option<&StatusToken> {
        self.status_token.as_ref()
    }

    /// Checks that the result is valid JSON. Decoding does it too.
    pub(crate) fn check_result(&self) -> Result<(), Problem> {
        from_json::<()>(self.result_json())
    }

    /// Decodes the result.
    pub(crate) fn decode<T: FromJson>(&self) -> Result<T, Problem> {
        from_json(self.result_json())
    }
}

/// A response that is rejected.
pub(crate) struct Refused {
    /// What is wrong with it. Does not quote the body.
    pub(crate) problem: String,
    pub(crate) body: Vec<u8>,
}

/// Omits the body, because it may contain secrets.
impl fmt::Debug for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refused")
            .field("problem", &self.problem)
            .finish_non_exhaustive()
    }
}

/// The text of a result. It keeps the body of the response instead of a copy.
struct ResultText {
    text: String,
    place: Range<usize>,
}

/// The place of the text of a result.
enum Found {
    /// In the body, at this offset and with this length.
    At(usize, usize),
    /// A corrected copy, because the body contains halves of surrogate pairs.
    Mended(String),
}

impl ResultText {
    fn new(found: Found, body: String) -> Self {
        match found {
            Found::At(start, length) => Self {
                text: body,
                place: start..start + length,
            },
            Found::Mended(text) => Self {
                place: 0..text.len(),
                text,
            },
        }
    }

    fn text(&self) -> &str {
        self.text.get(self.place.clone()).unwrap_or("null")
    }
}

/// The members of a response, borrowed from its text. All but the result are valid JSON. The result is checked when it
/// is decoded.
struct Envelope<'a>(Vec<(Cow<'a, str>, &'a str)>);

impl<'a> Envelope<'a> {
    fn of(text: &'a str) -> Result<Self, String> {
        let is_checked = |(name, value): &(Cow<'_, str>, &str)| {
            name == "result" || serde_json::from_str::<&RawValue>(value).is_ok()
        };
        match members(text) {
            Ok(members) if members.iter().all(is_checked) => Ok(Self(members)),
            _ => Err(match serde_json::from_str::<&RawValue>(text) {
                Err(error) => error.to_string(),
                Ok(_) => "it is not an object".to_owned(),
            }),
        }
    }

    /// The text of the last member with this name, unless it is null.
    fn raw(&self, name: &str) -> Option<&'a str> {
        let (_, value) = self.0.iter().rev().find(|(member, _)| member == name)?;
        Some(*value).filter(|value| *value != "null")
    }

    /// The last member with this name, unless it is null.
    fn take(&self, name: &str) -> Option<Json> {
        self.raw(name)?.parse().ok()
    }

    /// Rejects members with the same name and different values.
    fn check_unique(&self, name: &'static str) -> Result<(), String> {
        let mut values = self.0.iter().filter(|(member, _)| member == name);
        let first = values.next().map(|(_, value)| *value);
        match values.find(|(_, value)| Some(*value) != first) {
            None => Ok(()),
            Some(_) => Err(format!("the field `{name}` occurs twice with different values")),
        }
    }
}

/// The error that the server returned for a failed call.
#[derive(Clone)]
#[non_exhaustive]
pub struct ServerError {
    /// The message, such as `Missing API argument userName.` Empty if it is missing.
    pub message: String,
    /// Text of the exception inside the server, with its stack trace. It may contain arguments, so keep it out of logs.
    pub details: String,
}

impl ServerError {
    /// Accepts an error of any form. An error that is a string becomes the details, which are not shown, because it may
    /// contain anything.
    fn of(json: &Json) -> Self {
        let member = |name| json.get(name).as_ref().and_then(text_of);
        Self {
            message: member("message").unwrap_or_default(),
            details: member("details").or_else(|| text_of(json)).unwrap_or_default(),
        }
    }
}

/// Omits the details, because they may contain arguments.
impl fmt::Debug for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerError")
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

/// Omits the token, which gives access to the call, and the result, which may be secret.
impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status)
            .field("version", &self.version)
            .field("percent", &self.percent)
            .field("text", &self.text)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

pub(crate) fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}

/// Returns the error of the JSON parser for a body that is not UTF-8.
fn not_utf8(error: &std::string::FromUtf8Error) -> String {
    match serde_json::from_slice::<&RawValue>(without_bom(error.as_bytes())) {
        Err(not_json) => not_json.to_string(),
        Ok(_) => error.to_string(),
    }
}

/// Reads a whole number, also from a string. A number that does not fit is not a version. If it were rounded up, every
/// later version would count as old.
fn version(json: &Json) -> Option<u64> {
    let mut reader = Reader::new(json.text());
    let number = reader.number("a version", |digits| digits.parse().ok());
    number
        .ok()
        .or_else(|| u64::try_from(i64::from_json(json).ok()?).ok())
}

/// Reads a finite number, also from a string.
fn percent(json: &Json) -> Option<f64> {
    let mut reader = Reader::new(json.text());
    let number = reader.number("a percentage", |digits| {
        digits.parse().ok().filter(|number: &f64| number.is_finite())
    });
    number.ok()
}

/// Reads a string. Half a surrogate pair becomes U+FFFD.
fn text_of(json: &Json) -> Option<String> {
    match without_halves(json.text()) {
        Some(text) => from_json(&text).ok(),
        None => String::from_json(json).ok(),
    }
}

/// A JSON string as bytes. It is UTF-8, except for parts of characters that the server split, which no Rust string can
/// hold.
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl Bytes {
    fn to_text(&self) -> String {
        let mut joiner = Joiner::default();
        let mut text = joiner.push(&self.0);
        text.push_str(joiner.finish());
        text
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsBytes;

        impl Visitor<'_> for AsBytes {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }
        }
        deserializer.deserialize_bytes(AsBytes)
    }
}

#[cfg(test)]
mod tests;
