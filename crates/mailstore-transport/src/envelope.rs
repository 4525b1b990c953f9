//! Parses the envelope of a response: the JSON object around every result.
//!
//! A response is rejected only if it does not determine the outcome of the call. It is rejected if it is not an object,
//! if `statusCode` is missing or is not a string, or if one of the [`DECIDING`] members occurs twice with different
//! values. Every other member with an unexpected value is treated as missing, so that an invalid log or progress does
//! not end a wait of hours.

use std::fmt;
use std::ops::Range;

use serde_json::value::RawValue;
use wire_values::{
    FromJson, Printable, Problem, Reader, each_member, floor_char_boundary, from_json, from_owned, printable,
};

use crate::json_text::{content, joined, text_of};
use crate::secrets::Secrets;
use crate::status::StatusCode;
use crate::text::replace_halves;
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
    /// The error of the server, if there is one.
    pub error: Option<ServerError>,
    pub(crate) token: Option<String>,
    /// The whole response. The log and the result are parts of it, so they are not copied.
    body: String,
    /// The place of the log in the body, without its quotation marks. It is empty if there is no log.
    pub(crate) log: Range<usize>,
    /// The place of the result in the body.
    result: Option<Range<usize>>,
    /// The values that the call sent as secrets.
    pub(crate) secrets: Secrets,
    /// Set by the call, which has the function and the server.
    pub(crate) status_token: Option<StatusToken>,
}

/// The members of a response. Others are ignored.
const MEMBERS: [&str; 8] = [
    "statusCode",
    "statusVersion",
    "percentProgress",
    "statusText",
    "logOutput",
    "error",
    "token",
    "result",
];

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
            Ok(mut reply) => {
                reply.body = body;
                if let Some(result) = reply.result.clone() {
                    replace_halves(&mut reply.body, result);
                }
                Ok(reply)
            }
            Err(problem) => Err(Refused {
                problem,
                body: body.into_bytes(),
            }),
        }
    }

    /// Parses everything but the log and the result. Only their places are determined.
    fn read(body: &str) -> Result<Self, String> {
        let envelope = Envelope::of(body.strip_prefix('\u{feff}').unwrap_or(body))?;
        for name in DECIDING {
            envelope.check_unique(name)?;
        }
        let Some(status) = envelope.raw("statusCode") else {
            return Err("missing field `statusCode`".to_owned());
        };
        let Some(mut word) = text_of(status) else {
            return Err("the field `statusCode` is not a string".to_owned());
        };
        word.truncate(floor_char_boundary(&word, Printable::LONGEST));
        let place = |part: &str| {
            let start = part.as_ptr().addr() - body.as_ptr().addr();
            start..start + part.len()
        };
        Ok(Self {
            status: StatusCode::from(&*word),
            version: envelope.raw("statusVersion").and_then(version),
            percent: envelope.raw("percentProgress").and_then(percent),
            text: envelope.text("statusText"),
            error: envelope.raw("error").map(ServerError::of),
            token: envelope.text("token"),
            body: String::new(),
            log: envelope
                .raw("logOutput")
                .and_then(content)
                .map(place)
                .unwrap_or_default(),
            result: envelope.raw("result").map(place),
            secrets: Secrets::default(),
            status_token: None,
        })
    }

    /// The result as the JSON text that the server sent, or `null` if it is missing. It may contain the arguments of the
    /// call, also secret ones.
    ///
    /// Half a surrogate pair, which no Rust string can hold, is replaced with U+FFFD.
    pub fn result_json(&self) -> &str {
        let place = self.result.clone();
        place.and_then(|place| self.body.get(place)).unwrap_or("null")
    }

    /// New text of the server's log since the version in the request. Lines end with `\r\n`. It may contain the
    /// arguments of the call, also secret ones.
    ///
    /// A character that the server split is replaced with U+FFFD. A [`Task`](crate::Task) joins its parts instead.
    pub fn log(&self) -> String {
        joined(self.log_json(self.log.clone()))
    }

    /// A part of the JSON text of the log.
    pub(crate) fn log_json(&self, part: Range<usize>) -> &str {
        self.body.get(part).unwrap_or_default()
    }

    /// The token of a call that did not end with this response.
    pub fn status_token(&self) -> Option<&StatusToken> {
        self.status_token.as_ref()
    }

    /// Cuts secrets out of the texts that errors and `Debug` show.
    pub(crate) fn conceal(&mut self, secrets: &Secrets) {
        if let StatusCode::Unknown(word) = &self.status {
            let mut word = word.as_str().to_owned();
            secrets.mask(&mut word);
            self.status = StatusCode::from(&*word);
        }
        let error = self.error.iter_mut();
        let texts = error.flat_map(|error| [&mut error.message, &mut error.details]);
        texts.chain(&mut self.text).for_each(|text| secrets.mask(text));
    }

    /// Checks that the result is valid JSON. Decoding does it too.
    pub(crate) fn check_result(&self) -> Result<(), Problem> {
        from_json::<()>(self.result_json())
    }

    /// Decodes the result. The result may keep the text of the response.
    pub(crate) fn into_decoded<T: FromJson>(self) -> Result<T, Problem> {
        match self.result {
            Some(place) => from_owned(self.body, place),
            None => from_json("null"),
        }
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

/// The members of a response, borrowed from its text. All but the result are valid JSON. The result is checked when it
/// is decoded.
#[derive(Default)]
struct Envelope<'a>([Member<'a>; MEMBERS.len()]);

/// The values of a member of a response.
#[derive(Default)]
struct Member<'a> {
    first: Option<&'a str>,
    last: Option<&'a str>,
    /// Whether it occurs with different values.
    differs: bool,
}

impl<'a> Envelope<'a> {
    fn of(text: &'a str) -> Result<Self, String> {
        let mut envelope = Self::default();
        let mut is_valid = true;
        let cut = each_member(text, &mut |name, value| {
            is_valid &= name == "result" || serde_json::from_str::<&RawValue>(value).is_ok();
            if let Some(place) = MEMBERS.iter().position(|member| name == *member) {
                let member = &mut envelope.0[place];
                member.differs |= *member.first.get_or_insert(value) != value;
                member.last = Some(value);
            }
        });
        match cut {
            Ok(()) if is_valid => Ok(envelope),
            _ => Err(match serde_json::from_str::<&RawValue>(text) {
                Err(error) => error.to_string(),
                Ok(_) => "it is not an object".to_owned(),
            }),
        }
    }

    fn member(&self, name: &str) -> Option<&Member<'a>> {
        let place = MEMBERS.iter().position(|member| name == *member)?;
        self.0.get(place)
    }

    /// The text of the last member with this name, unless it is null.
    fn raw(&self, name: &str) -> Option<&'a str> {
        self.member(name)?.last.filter(|value| *value != "null")
    }

    /// The string of the last member with this name, unless it is something else.
    fn text(&self, name: &str) -> Option<String> {
        self.raw(name).and_then(text_of)
    }

    /// Rejects members with the same name and different values.
    fn check_unique(&self, name: &'static str) -> Result<(), String> {
        match self.member(name) {
            Some(member) if member.differs => {
                Err(format!("the field `{name}` occurs twice with different values"))
            }
            _ => Ok(()),
        }
    }
}

/// The error that the server returned for a failed call.
///
/// Values that the request sent as secrets are replaced with `[secret]`, because programs log messages and details.
#[derive(Clone)]
#[non_exhaustive]
pub struct ServerError {
    /// The message, such as `Missing API argument userName.` Empty if it is missing. It is cut after 1 MiB.
    pub message: String,
    /// Text of the exception inside the server, with its stack trace. It is cut after 1 MiB. It may contain
    /// arguments, so keep it out of logs.
    pub details: String,
}

impl ServerError {
    /// Accepts an error of any form. An error that is a string becomes the details, which are not shown, because it may
    /// contain anything.
    fn of(json: &str) -> Self {
        let (mut message, mut details) = (None, text_of(json));
        // The text is valid JSON. If it is not an object, it has no members.
        let _ = each_member(json, &mut |name, value| match &*name {
            "message" => message = text_of(value),
            "details" => details = text_of(value),
            _ => {}
        });
        Self {
            message: message.unwrap_or_default(),
            details: details.unwrap_or_default(),
        }
    }
}

/// Omits the details, because they may contain arguments.
impl fmt::Debug for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerError")
            .field("message", &printable(&self.message))
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
            .field("text", &self.text.as_deref().map(printable))
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
fn version(json: &str) -> Option<u64> {
    let mut reader = Reader::new(json);
    let number = reader.number("a version", |digits| digits.parse().ok());
    number
        .ok()
        .or_else(|| u64::try_from(from_json::<i64>(json).ok()?).ok())
}

/// Reads a finite number, also from a string.
fn percent(json: &str) -> Option<f64> {
    let mut reader = Reader::new(json);
    let number = reader.number("a percentage", |digits| {
        digits.parse().ok().filter(|number: &f64| number.is_finite())
    });
    number.ok()
}

#[cfg(test)]
mod tests;
