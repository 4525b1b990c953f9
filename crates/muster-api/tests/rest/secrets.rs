//! Neither errors nor logs show the password or the token, although the vendor's interface has them in URLs.

use std::error::Error as _;

use muster_api::rest::{Error, ErrorKind, Rest};

use crate::server::{Next, PASSWORD, Server};

fn check(error: &Error) {
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(cause) = source {
        shown.push_str(&format!(" {cause} {cause:?}"));
        source = cause.source();
    }
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
    ] {
        server.next(Next::Answer("pools/list", 400, body));
        let error = rest.pools().await.unwrap_err();
        assert!(error.to_string().contains("***"), "{error}");
        check(&error);
    }
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
