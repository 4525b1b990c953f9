//! Neither errors nor logs show the password or the token, although the vendor's interface has them in URLs.

use std::error::Error as _;
use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use http::Method;
use muster_api::rest::{Error, ErrorKind, JobSubmission, Rest};
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};

use crate::server::{Next, PASSWORD, Server};

fn check(error: &Error) {
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(cause) = source {
        shown.push_str(&format!(" {cause} {cause:?}"));
        source = cause.source();
    }
    check_text(&shown);
}

fn check_text(shown: &str) {
    for secret in [
        PASSWORD,
        "hunter2",
        "pass+word%261",
        "pass%20word%261",
        "t/ken+0",
        "t%2Fken%2B0",
    ] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}

#[tokio::test]
async fn a_server_that_repeats_the_password_does_not_put_it_into_errors() {
    let server = Server::start();
    let builder = Rest::builder(server.address()).no_proxy();
    let rest = builder.credentials("alice", "hunter2").build().unwrap();
    let error = rest.login().await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Login { status: 403, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("***"), "{error}");
    check(&error);
}

#[tokio::test]
async fn urls_in_responses_are_shown_without_secrets() {
    let server = Server::start();
    let rest = server.client();
    for body in [
        "bad URL /api/pools/list?authToken=t%2Fken%2B0&password=pass+word%261",
        r#"{"ResponseStatus": {"Code": 400, "Description": "t/ken+0 pass%20word%261"}}"#,
        "<a href='/login?url=%2Fapi%2Flogin%3Fpassword%3Dpass%2520word%25261'>pass word&amp;1</a>",
        r#"{"url": "t\/ken\u002b0", "password": "pass word\u00261"}"#,
    ] {
        server.next(Next::Answer("pools/list", 400, body));
        let error = rest.pools().await.unwrap_err();
        assert!(error.to_string().contains("***"), "{error}");
        check(&error);
        for part in ["/ken", "2Fken", "20word", "s word", "u002"] {
            assert!(!error.to_string().contains(part), "{error}");
        }
    }
}

#[tokio::test]
async fn a_list_of_another_form_does_not_put_its_values_into_errors() {
    let server = Server::start();
    for body in [
        r#"{"ResponseData": {"pools": "t/ken+0"}}"#,
        r#"{"ResponseData": {"pools": [{"name": ["pass word&1"]}]}}"#,
    ] {
        server.next(Next::Answer("pools/list", 200, body));
        let error = server.client().pools().await.unwrap_err();
        assert!(error.to_string().contains("`ResponseData.pools`"), "{error}");
        check(&error);
    }
}

#[tokio::test]
async fn a_new_token_in_an_error_of_the_login_is_not_shown() {
    let server = Server::start();
    let body = r#"{"ResponseStatus": {"Code": 500}, "ResponseData": {"authToken": "t/ken+0"}}"#;
    server.next(Next::Answer("login", 500, body));
    let error = server.client().login().await.unwrap_err();
    assert!(error.to_string().contains("***"), "{error}");
    check(&error);
}

/// Writes the events of all crates as text.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<String>>);

impl Subscriber for Recorder {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        span.record(&mut Text(&mut self.0.lock().unwrap()));
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut Text(&mut self.0.lock().unwrap()));
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Text(&mut self.0.lock().unwrap()));
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Text<'a>(&'a mut String);

impl Visit for Text<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0, "{field}={value:?}").unwrap();
    }
}

#[tokio::test]
async fn events_show_neither_secrets_nor_queries() {
    let recorder = Recorder::default();
    // The other tests may turn off the events of a thread. So this test records their events, too.
    tracing::subscriber::set_global_default(recorder.clone()).unwrap();
    let server = Server::start();
    let rest = server.client();
    rest.pools().await.unwrap();
    server.next(Next::Expire);
    rest.submit(&JobSubmission::new("shot 7", 1, 0)).await.unwrap();
    server.next(Next::Close("pools/list"));
    rest.raw(Method::GET, "pools/list", &[("filter", "private")], None)
        .await
        .unwrap();
    let text = recorder.0.lock().unwrap();
    for words in [
        "logged in",
        "the token has expired",
        "request repeated",
        "queue/actions",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    for words in ["private", "shot 7", "authToken", "alice"] {
        assert!(!text.contains(words), "{words}: {text}");
    }
    check_text(&text);
}

#[test]
fn an_address_is_shown_without_its_query() {
    let address = "http://localhost:9890/api/pools/list?authToken=hunter2#hunter2";
    let builder = Rest::builder(address).credentials("alice", PASSWORD);
    let shown = format!("{builder:?}");
    let error = builder.build().unwrap_err();
    assert!(error.to_string().contains("query"), "{error}");
    assert!(!shown.contains("hunter2"), "{shown}");
    check(&error);
}

#[tokio::test]
async fn errors_of_the_network_do_not_show_urls() {
    let server = Server::start();
    server.next(Next::Close("login"));
    let error = server.client().login().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Lost { .. }), "{error}");
    check(&error);
}

#[test]
fn settings_and_clients_do_not_show_the_password() {
    let builder = Rest::builder("localhost").credentials("alice", PASSWORD);
    let shown = format!("{builder:?}");
    let rest = builder.build().unwrap();
    assert!(!format!("{shown} {rest:?}").contains(PASSWORD));
}
