//! Handles a request and returns its response, without sockets.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use hyper::{Method, StatusCode};
use mailstore_metadata::Function;

use crate::Edition;
use crate::answer::{Answer, Content};
use crate::arguments::Form;
use crate::core::{Core, Verdict};
use crate::envelope::{Envelope, Failure};
use crate::faults::{Occasion, Phase, Point};
use crate::poll::Question;

/// The relevant parts of a request. The body is complete.
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) has_query: bool,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Bytes,
}

/// The target that a path addresses.
enum Target<'a> {
    Metadata,
    Status,
    Cancel,
    Function(&'a Function),
    UnknownFunction(&'a str),
    Nothing,
}

/// The challenge with which the server requests credentials.
pub(crate) const CHALLENGE: &str = "Basic realm=\"MailStore API\", charset=\"UTF-8\"";

/// Handles one request that was [admitted](admit). Only get-status waits, for at most the time that its caller allows.
pub(crate) async fn handle(core: &Core, request: Request) -> Verdict {
    let path = single_slashes(&request.path);
    let target = target(core, &path);
    let post = request.method == Method::POST;
    let form = || {
        let mut form = Form::read(&request.body, request.content_type.as_deref());
        if request.has_query {
            form.problems
                .push("arguments in the query of the URL are ignored".to_owned());
        }
        form
    };
    let wrong_method = Answer::empty(StatusCode::METHOD_NOT_ALLOWED);
    match target {
        Target::Metadata if post || request.method == Method::GET => core.functions(),
        Target::Metadata => faultless(wrong_method.with("allow", "GET, POST")),
        Target::Nothing => faultless(Answer::empty(StatusCode::NOT_FOUND)),
        _ if !post => faultless(wrong_method.with("allow", "POST")),
        Target::Status => match Question::read(&form()) {
            Ok(question) => question.answer(core).await,
            Err(failure) => reject(core, Phase::Poll, failure, "GetStatus"),
        },
        Target::Cancel => match form().first("token") {
            Some(token) => core.cancel(token),
            None => reject(core, Phase::Cancel, Failure::missing("token"), "CancelAsync"),
        },
        Target::Function(function) => core.invoke(function, form()),
        Target::UnknownFunction(name) => core.note_unknown(name, form()),
    }
}

/// Checks the credentials of a request, or returns the response that rejects it. The body is not needed.
pub(crate) fn admit(core: &Core, path: &str, authorization: Option<&str>) -> Result<(), Answer> {
    // MailStore Server returns its function list without credentials. The Service Provider Edition does not
    // (documented).
    let open = core.settings.edition == Edition::Server
        && matches!(target(core, &single_slashes(path)), Target::Metadata);
    if open || authorized(core, authorization) {
        return Ok(());
    }
    Err(Answer::empty(StatusCode::UNAUTHORIZED).with("www-authenticate", CHALLENGE))
}

/// Returns a response to which no fault applies.
fn faultless(answer: Answer) -> Verdict {
    (Content::Other(answer), None)
}

/// Returns the response to a request with invalid arguments. Faults can apply to it.
fn reject(core: &Core, phase: Phase, failure: Failure, function: &str) -> Verdict {
    let mut world = core.world();
    let content = Content::Envelope(Envelope::immediate(Err(failure), None, function));
    let before = world.faults.meet(Occasion::new(phase, Point::Before, None));
    let fault = before.or_else(|| {
        let mut after = Occasion::new(phase, Point::After, None);
        after.json = true;
        world.faults.meet(after)
    });
    (content, fault)
}

/// Replaces consecutive slashes with one, because the vendor's first wrapper requests `/api//get-status` (documented).
fn single_slashes(path: &str) -> String {
    let mut single = String::with_capacity(path.len());
    for letter in path.chars() {
        if letter != '/' || !single.ends_with('/') {
            single.push(letter);
        }
    }
    single
}

/// Returns the target of a path. A slash after the name is ignored (reported by users).
fn target<'a>(core: &'a Core, path: &'a str) -> Target<'a> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    match path {
        "api/get-metadata" => return Target::Metadata,
        "api/get-status" => return Target::Status,
        "api/cancel-async" => return Target::Cancel,
        _ => {}
    }
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    if let Some(function) = core.settings.dump.function(name)
        && path.strip_suffix(name) == Some(function.path())
    {
        return Target::Function(function);
    }
    match path.strip_prefix("api/invoke/") {
        Some(name) if !name.is_empty() => Target::UnknownFunction(name),
        _ => Target::Nothing,
    }
}

/// Returns whether the header contains the credentials of the simulator as HTTP Basic.
fn authorized(core: &Core, header: Option<&str>) -> bool {
    let Some((scheme, credentials)) = header.and_then(|value| value.trim().split_once(' ')) else {
        return false;
    };
    let Ok(decoded) = BASE64.decode(credentials.trim()) else {
        return false;
    };
    let expected = format!("{}:{}", core.settings.user, core.settings.password);
    scheme.eq_ignore_ascii_case("basic") && decoded == expected.as_bytes()
}
