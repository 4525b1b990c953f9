//! From a request to an answer. Nothing here knows about sockets.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use hyper::{Method, StatusCode};
use mailstore_metadata::Function;
use serde_json::Value;

use crate::Edition;
use crate::answer::Answer;
use crate::arguments::Form;
use crate::core::Core;
use crate::envelope::{Envelope, Failure};
use crate::task::Poll;

/// The parts of a request that matter, read completely.
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) has_query: bool,
    pub(crate) authorization: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Bytes,
}

/// What a path names.
enum Target<'a> {
    Metadata,
    Status,
    Cancel,
    Function(&'a Function),
    UnknownFunction(&'a str),
    Nothing,
}

/// Answers one request. Only get-status takes time, as long as its caller allows.
pub(crate) async fn handle(core: &Core, request: Request) -> Answer {
    let target = target(core, &request.path);
    // A Server hands out its function list to anybody; the Service Provider Edition does not (documented).
    let open = matches!(target, Target::Metadata) && core.settings.edition == Edition::Server;
    if !open && !authorized(core, request.authorization.as_deref()) {
        return Answer::empty(StatusCode::UNAUTHORIZED).with(
            "www-authenticate",
            "Basic realm=\"MailStore API\", charset=\"UTF-8\"",
        );
    }
    let post = request.method == Method::POST;
    let form = || {
        let mut form = Form::read(&request.body, request.content_type.as_deref());
        if request.has_query {
            form.problems
                .push("arguments behind a question mark are not read".to_owned());
        }
        form
    };
    let bom = core.settings.bom;
    match target {
        Target::Metadata if post || request.method == Method::GET => {
            Answer::json_bytes(core.metadata.as_bytes(), bom)
        }
        Target::Metadata => Answer::empty(StatusCode::METHOD_NOT_ALLOWED).with("allow", "GET, POST"),
        Target::Nothing => Answer::empty(StatusCode::NOT_FOUND),
        _ if !post => Answer::empty(StatusCode::METHOD_NOT_ALLOWED).with("allow", "POST"),
        Target::Status => get_status(core, &form()).await,
        Target::Cancel => cancel_async(core, &form()),
        Target::Function(function) => Answer::json(&core.invoke(function, form()), bom),
        Target::UnknownFunction(name) => {
            core.note_unknown(name, form());
            Answer::empty(StatusCode::NOT_FOUND)
        }
    }
}

/// A slash after the name does no harm (reported by users).
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

/// Whether the header carries the simulator's credentials as HTTP Basic.
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

/// The longest a poll is held, whatever it asks for.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

async fn get_status(core: &Core, form: &Form) -> Answer {
    let (token, known, wait) = match poll_arguments(form) {
        Ok(arguments) => arguments,
        Err(failure) => return fail(core, failure, "GetStatus"),
    };
    let deadline = Instant::now() + wait;
    loop {
        match core.poll(token, known) {
            Poll::Unknown => return Answer::empty(StatusCode::NOT_FOUND),
            Poll::Answer(envelope) => return Answer::json(&envelope, core.settings.bom),
            Poll::Wait(_, envelope) if Instant::now() >= deadline => {
                return Answer::json(&envelope, core.settings.bom);
            }
            Poll::Wait(due, _) => tokio::time::sleep_until(due.min(deadline).into()).await,
        }
    }
}

fn poll_arguments(form: &Form) -> Result<(&str, i64, Duration), Failure> {
    let token = form.first("token").ok_or_else(|| Failure::missing("token"))?;
    let known = form.nullable_number("lastKnownStatusVersion")?;
    let wait = form.nullable_number("millisecondsTimeout")?;
    let wait = u64::try_from(wait).map_err(|_| Failure::out_of_range())?;
    Ok((token, known, Duration::from_millis(wait).min(LONGEST_WAIT)))
}

/// Acknowledges nothing: the answer says that the wish was heard, not that the call will stop (documented).
fn cancel_async(core: &Core, form: &Form) -> Answer {
    let Some(token) = form.first("token") else {
        return fail(core, Failure::missing("token"), "CancelAsync");
    };
    if !core.world().tasks.cancel(token) {
        return Answer::empty(StatusCode::NOT_FOUND);
    }
    Answer::json(
        &Envelope::immediate(Ok(Value::Null), None, "CancelAsync"),
        core.settings.bom,
    )
}

fn fail(core: &Core, failure: Failure, function: &str) -> Answer {
    Answer::json(
        &Envelope::immediate(Err(failure), None, function),
        core.settings.bom,
    )
}
