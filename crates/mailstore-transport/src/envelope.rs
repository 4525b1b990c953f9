//! The answer to a call as the server sent it: the envelope around every result.

use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::decode::{FromJson, Problem};
use crate::status::StatusCode;
use crate::text::Joiner;
use crate::token::StatusToken;

/// One answer of the server, understood but not judged: failed and running calls are replies too.
///
/// Members that a reply lacks and those that are null are the same here; members that this version does not know
/// are ignored, except inside [`result_json`](Self::result_json).
#[derive(Deserialize)]
#[non_exhaustive]
pub struct Reply {
    /// How far the call is.
    #[serde(rename = "statusCode")]
    pub status: StatusCode,
    /// Grows with each change of a running call; 2 in an immediate answer (observed). Every published answer has one.
    #[serde(rename = "statusVersion", default, deserialize_with = "version")]
    pub version: Option<u64>,
    /// Progress as the server gives it. May be absent, fall, or leave the range 0 to 100; always finite.
    #[serde(rename = "percentProgress", default, deserialize_with = "percent")]
    pub percent: Option<f64>,
    /// A line about what is being done. Every published answer has none.
    #[serde(rename = "statusText", default, deserialize_with = "any_text")]
    pub text: Option<String>,
    #[serde(rename = "logOutput", default)]
    pub(crate) log: Option<Bytes>,
    /// What went wrong, if anything did.
    #[serde(default)]
    pub error: Option<ServerError>,
    #[serde(default)]
    pub(crate) token: Option<String>,
    #[serde(default)]
    result: Option<Box<RawValue>>,
    /// Filled in by the call, which knows function and server.
    #[serde(skip)]
    pub(crate) status_token: Option<StatusToken>,
}

impl Reply {
    /// Reads the body of an answer. A byte order mark before it is skipped: most answers have one.
    ///
    /// # Errors
    /// What is wrong with the answer, without a word of it.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(without_bom(body)).map_err(|error| describe(&error))
    }

    /// The result as the text of a JSON value; `null` if there is none.
    pub fn result_json(&self) -> &str {
        self.result.as_deref().map_or("null", RawValue::get)
    }

    /// New text of the server's log since the version that was asked with; lines end with `\r\n`.
    ///
    /// A character that the server cut in two shows as U+FFFD here; a [`Task`](crate::Task) puts it together.
    pub fn log(&self) -> String {
        self.log.as_ref().map(Bytes::to_text).unwrap_or_default()
    }

    /// The token of a call that runs, or ran, beyond this answer.
    pub fn status_token(&self) -> Option<&StatusToken> {
        self.status_token.as_ref()
    }

    /// Reads the result.
    pub(crate) fn decode<T: FromJson>(&self) -> Result<T, DecodeError> {
        let value = serde_json::from_str(self.result_json()).map_err(DecodeError::Json)?;
        T::from_json(value).map_err(DecodeError::Shape)
    }
}

/// Why a result cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DecodeError {
    #[error("the result is no JSON value")]
    Json(#[source] serde_json::Error),
    #[error(transparent)]
    Shape(Problem),
}

/// What the server says of a failed call.
#[derive(Clone, Deserialize)]
#[non_exhaustive]
pub struct ServerError {
    /// One sentence, such as `Missing API argument userName.`
    #[serde(default, deserialize_with = "text_or_nothing")]
    pub message: String,
    /// Text of the exception inside the server, with its stack trace. May repeat arguments: keep it out of logs.
    #[serde(default, deserialize_with = "text_or_nothing")]
    pub details: String,
}

/// Without the details: they may repeat arguments.
impl fmt::Debug for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerError")
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

/// Without token and result: the one gives access to the call, the other may be secret.
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

/// An error of the JSON parser without the values that it quotes: they may be secret.
fn describe(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let quotes = [
        "invalid type",
        "invalid value",
        "invalid length",
        "unknown variant",
    ];
    if !quotes.iter().any(|words| text.starts_with(words)) {
        return text;
    }
    // The text ends with what was expected, which is ours, and the place.
    match text.rsplit_once(", expected ") {
        Some((_, expected)) => format!("a member is not {expected}"),
        None => format!(
            "a member has a wrong value at line {} column {}",
            error.line(),
            error.column()
        ),
    }
}

/// A number, a number in a text, or nothing: nobody publishes more than that it grows.
fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let member = Box::<RawValue>::deserialize(deserializer)?;
    let text = bare(&member);
    // As a whole number first: the other kind is not exact beyond 2^53.
    let number = text
        .parse()
        .ok()
        .or_else(|| finite(text).map(|number| number as u64));
    Ok(number)
}

/// A number, a number in a text, or nothing: a strange progress is no reason to give a call up.
fn percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Box::<RawValue>::deserialize(deserializer).map(|member| finite(bare(&member)))
}

fn bare(member: &RawValue) -> &str {
    member.get().trim_matches('"').trim()
}

fn finite(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn text_or_nothing<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    any_text(deserializer).map(Option::unwrap_or_default)
}

fn any_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let bytes = Option::<Bytes>::deserialize(deserializer)?;
    Ok(bytes.map(|bytes| bytes.to_text()))
}

/// A JSON string as bytes: UTF-8, but for halves of characters, which a server that cuts text may send and which
/// no Rust string can hold.
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
                f.write_str("a text")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }
        }
        deserializer.deserialize_bytes(AsBytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMMEDIATE: &str = "\u{feff}{\"error\": null, \"token\": null, \"statusVersion\": 2, \"statusCode\": \"succeeded\",
        \"percentProgress\": null, \"statusText\": null, \"result\": {\"version\": \"9.0.0.9702\"}, \"logOutput\": null}";

    #[test]
    fn a_byte_order_mark_is_skipped() {
        let reply = Reply::parse(IMMEDIATE.as_bytes()).unwrap();
        assert_eq!((reply.version, &reply.status), (Some(2), &StatusCode::Succeeded));
        assert_eq!(reply.result_json(), r#"{"version": "9.0.0.9702"}"#);
    }

    #[test]
    fn absent_members_are_like_null_ones_and_unknown_ones_ignored() {
        let reply = Reply::parse(br#"{"statusCode":"running","extra":{"deep":[1]}}"#).unwrap();
        assert_eq!(
            (reply.version, reply.percent, reply.result_json()),
            (None, None, "null")
        );
    }

    #[test]
    fn a_version_may_be_a_text() {
        assert_eq!(
            Reply::parse(br#"{"statusCode":"running","statusVersion":"71"}"#)
                .unwrap()
                .version,
            Some(71)
        );
    }

    #[test]
    fn an_answer_without_status_is_an_error() {
        assert!(Reply::parse(b"{}").is_err());
        assert!(Reply::parse(b"[]").is_err());
        assert!(Reply::parse(b"<html>").is_err());
    }

    #[test]
    fn debug_shows_neither_token_nor_result_nor_details() {
        let text = r#"{"statusCode":"failed","token":"tttt","result":"rrrr","error":{"message":"m","details":"dddd"}}"#;
        let shown = format!("{:?}", Reply::parse(text.as_bytes()).unwrap());
        assert!(
            !shown.contains("tttt") && !shown.contains("rrrr") && !shown.contains("dddd"),
            "{shown}"
        );
    }
}
