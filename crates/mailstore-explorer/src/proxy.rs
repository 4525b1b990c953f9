//! Answers the requests of the page: files, the document, and the responses of the MailStore server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::response::{IntoResponse as _, Response};
use mailstore_transport::unversioned::{Answer, Relay};
use mailstore_transport::{Connection, Effect, ExposeSecret as _};
use percent_encoding::percent_decode;
use tokio::task::JoinHandle;

use crate::assets::Asset;
use crate::clicks::Clicks;
use crate::document::PageDocument;
use crate::form::Form;
use crate::guard::{Guard, one};
use crate::operation::Operation;
use crate::refusal::Refusal;
use crate::running::Running;

/// The header with the text that the user typed to confirm a call, percent-encoded.
const CONFIRM: HeaderName = HeaderName::from_static("x-explorer-confirm");

/// The header with a number that is different for each click. A browser that repeats a request sends it again.
const REQUEST: HeaderName = HeaderName::from_static("x-explorer-request");

/// The header with the HTTP status of the MailStore server.
const STATUS: HeaderName = HeaderName::from_static("x-explorer-status");

/// The largest form, in bytes.
const LARGEST_FORM: usize = 1024 * 1024;

/// The longest time that the page may ask the server to hold a status request.
const LONGEST_HOLD: Duration = Duration::from_secs(60);

/// Time for the response to a status request, in addition to the time that the server holds the request.
const POLL_SLACK: Duration = Duration::from_secs(15);

/// What a page may load and send. Everything comes from this server.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Proxy {
    pub(crate) guard: Guard,
    pub(crate) connection: Connection,
    pub(crate) document: PageDocument,
    pub(crate) running: Running,
    /// The numbers of the clicks that changed something.
    pub(crate) clicks: Clicks,
    /// Whether the explorer has ended. Its connections may still be open.
    pub(crate) has_ended: AtomicBool,
}

/// Answers a request.
pub(crate) async fn answer(State(proxy): State<Arc<Proxy>>, request: Request) -> Response {
    let answer = proxy.answer(request).await;
    let mut response = answer.unwrap_or_else(|refusal| refusal.into_response());
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Browsers repeat a request whose kept-alive connection ends without a response.
        (header::CONNECTION, "close"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

impl Proxy {
    async fn answer(self: Arc<Self>, request: Request) -> Result<Response, Refusal> {
        let (head, body) = request.into_parts();
        if self.has_ended.load(Ordering::SeqCst) {
            return Err(Refusal::Ended);
        }
        self.guard.check_host(&head.headers)?;
        let path = head.uri.path();
        if path == "/favicon.ico" {
            // Browsers ask for it without the token.
            return Err(Refusal::Path);
        }
        if let Some(asset) = Asset::of(path) {
            check_method(&head.method, "GET")?;
            return Ok(asset.response());
        }
        self.guard.check_page(&head.headers)?;
        if path == "/openapi.json" {
            check_method(&head.method, "GET")?;
            let json = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
            return Ok((json, self.document.text.clone()).into_response());
        }
        let operation = Operation::of(self.connection.surface(), path).ok_or(Refusal::Path)?;
        let checked = self.check(operation, &head.method, &head.headers, path, body);
        let form = checked.await.inspect_err(|refusal| log(operation, refusal))?;
        let proxy = Arc::clone(&self);
        // A page that is closed does not cut a call off: the task continues.
        let sent = tokio::spawn(async move {
            let sent = proxy.send(operation, &form).await;
            match &sent {
                Ok(answer) => tracing::info!("{}: HTTP status {}", operation.name(), answer.status),
                Err(refusal) => log(operation, refusal),
            }
            sent
        });
        Ok(response(outcome(sent).await?))
    }

    /// Checks a request of the page, and returns its form.
    async fn check(
        &self,
        operation: Operation,
        method: &Method,
        headers: &HeaderMap,
        path: &str,
        body: Body,
    ) -> Result<Form, Refusal> {
        check_method(method, "POST")?;
        check_content_type(headers)?;
        let body = to_bytes(body, LARGEST_FORM)
            .await
            .map_err(|_| Refusal::TooLarge)?;
        let none = Default::default();
        let fixed = self.document.fixed.get(path).unwrap_or(&none);
        let form = Form::read(operation, &body, fixed)?;
        self.permit(operation, headers, &form)?;
        if !operation.effect().only_reads() && !self.clicks.is_new(one(headers, REQUEST))? {
            return Err(Refusal::Repeated);
        }
        Ok(form)
    }

    /// Checks that the explorer may call the operation, and that the user has confirmed it if necessary.
    fn permit(&self, operation: Operation, headers: &HeaderMap, form: &Form) -> Result<(), Refusal> {
        let effect = operation.effect();
        let function = operation.name();
        if self.connection.is_read_only() && !effect.only_reads() {
            return Err(Refusal::ReadOnly { function, effect });
        }
        let Some(danger) = mailstore_reach::danger(function, effect) else {
            return Ok(());
        };
        let required = form
            .fields()
            .iter()
            .filter(|field| field.is_required && !field.is_secret)
            .map(|field| (field.name, field.value.expose_secret()));
        let target = mailstore_reach::confirmation(function, required);
        let typed = one(headers, CONFIRM).map(|typed| percent_decode(typed).collect::<Vec<u8>>());
        if typed.is_some_and(|typed| typed == target.as_bytes()) {
            return Ok(());
        }
        Err(Refusal::Confirm {
            function,
            danger,
            target,
        })
    }

    /// Sends a form to the MailStore server.
    async fn send(&self, operation: Operation, form: &Form) -> Result<Answer, Refusal> {
        let token = form.get("token").map(|token| token.expose_secret().to_owned());
        let called = token.as_deref().and_then(|token| self.running.function(token));
        let connection = &self.connection;
        let mut relay = match operation {
            Operation::Call(function) => Relay::call(connection, function),
            Operation::Metadata => Relay::metadata(connection),
            Operation::Status => Relay::status(connection, called).timeout(hold(form)? + POLL_SLACK),
            Operation::Cancel => {
                let effect = called.map_or(Effect::Unknown, |function| function.effect);
                if connection.is_read_only() && !effect.only_reads() {
                    return Err(Refusal::Cancel);
                }
                Relay::cancel(connection, effect)
            }
        };
        for field in form.fields() {
            relay = if field.is_secret {
                relay.arg(field.name, field.value.clone())
            } else {
                relay.arg(field.name, field.value.expose_secret())
            };
        }
        let waiting = match operation {
            Operation::Call(function) => self.running.waits(function),
            _ => None,
        };
        let answer = relay
            .send()
            .await
            .map_err(|error| Refusal::NoAnswer(Box::new(error)))?;
        match (operation, token) {
            (Operation::Call(function), _) => self.running.started(function, &answer.body),
            (Operation::Status, Some(token)) => self.running.polled(&token, answer.status, &answer.body),
            _ => {}
        }
        drop(waiting);
        Ok(answer)
    }
}

/// Returns how long the page asks the server to hold a status request.
fn hold(form: &Form) -> Result<Duration, Refusal> {
    let milliseconds = form
        .get("millisecondsTimeout")
        .map(|value| value.expose_secret().parse());
    match milliseconds {
        Some(Ok(milliseconds)) if Duration::from_millis(milliseconds) <= LONGEST_HOLD => {
            Ok(Duration::from_millis(milliseconds))
        }
        _ => Err(Refusal::Form(format!(
            "The argument `millisecondsTimeout` must be a number up to {}.",
            LONGEST_HOLD.as_millis()
        ))),
    }
}

fn check_method(method: &Method, expected: &'static str) -> Result<(), Refusal> {
    if method.as_str() == expected {
        Ok(())
    } else {
        Err(Refusal::Method(expected))
    }
}

/// Checks that the body is a form in UTF-8.
fn check_content_type(headers: &HeaderMap) -> Result<(), Refusal> {
    const FORM: &str = "application/x-www-form-urlencoded";
    let given = one(headers, header::CONTENT_TYPE).and_then(|given| str::from_utf8(given).ok());
    let (essence, parameter) = given.map_or(("", ""), |given| given.split_once(';').unwrap_or((given, "")));
    let is_utf8 = ["", "charset=utf-8"].contains(&&*parameter.trim().to_ascii_lowercase());
    if essence.trim().eq_ignore_ascii_case(FORM) && is_utf8 {
        Ok(())
    } else {
        Err(Refusal::ContentType)
    }
}

/// Returns the outcome of a task that sends a call. A task that was cut off may have sent it.
async fn outcome(sent: JoinHandle<Result<Answer, Refusal>>) -> Result<Answer, Refusal> {
    sent.await.unwrap_or(Err(Refusal::CutOff))
}

fn log(operation: Operation, refusal: &Refusal) {
    let status = refusal.status().as_u16();
    tracing::info!("{}: refused with HTTP status {status}", operation.name());
}

/// Returns the body of the MailStore server, and its status in a header. The status of the response is always 200,
/// because browsers repeat a request after some statuses and show no body after others. The headers of the server are
/// left out, also the one with which a browser would ask for a password.
fn response(answer: Answer) -> Response {
    let status = [(STATUS, answer.status.to_string())];
    let json = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (status, json, answer.body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_that_was_cut_off_has_an_unknown_outcome() {
        let cut_off = tokio::spawn(std::future::pending());
        cut_off.abort();
        for task in [tokio::spawn(async { panic!("for the test") }), cut_off] {
            let refusal = outcome(task).await.unwrap_err();
            assert!(refusal.message().contains("may have executed"));
        }
    }
}
