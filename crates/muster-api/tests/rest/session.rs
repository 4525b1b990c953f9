//! Login, expired tokens, and lost responses.

use muster_api::rest::{ErrorKind, JobSubmission, Rest};

use crate::server::{Next, Server};

const LOGIN: &str = "POST /api/login";
const POOLS: &str = "GET /api/pools/list";
const SUBMIT: &str = "POST /api/queue/actions";

#[tokio::test]
async fn an_expired_token_causes_one_new_login() {
    let server = Server::start();
    let rest = server.client();
    rest.login().await.unwrap();
    server.next(Next::Expire);
    assert_eq!(rest.pools().await.unwrap().len(), 2);
    assert_eq!(server.lines(), [LOGIN, POOLS, LOGIN, POOLS]);
}

#[tokio::test]
async fn a_new_token_that_is_rejected_causes_no_third_login() {
    let server = Server::start();
    let rest = server.client();
    rest.login().await.unwrap();
    for _ in 0..2 {
        server.next(Next::Answer("pools/list", 401, "no"));
    }
    let error = rest.pools().await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Login { status: 401, .. }),
        "{error}"
    );
    assert_eq!(server.lines(), [LOGIN, POOLS, LOGIN, POOLS]);
}

#[tokio::test]
async fn a_submission_is_sent_once_with_an_accepted_token() {
    let server = Server::start();
    let rest = server.client();
    rest.login().await.unwrap();
    server.next(Next::Expire);
    rest.submit(&JobSubmission::new("a", 1, 0)).await.unwrap();
    assert_eq!(server.lines(), [LOGIN, POOLS, LOGIN, POOLS, SUBMIT]);
}

#[tokio::test]
async fn a_submission_is_not_repeated_after_401() {
    let server = Server::start();
    server.next(Next::Answer("queue/actions", 401, "no"));
    let error = server
        .client()
        .submit(&JobSubmission::new("a", 1, 0))
        .await
        .unwrap_err();
    assert!(!error.is_outcome_unknown(), "{error}");
    assert_eq!(server.lines(), [LOGIN, SUBMIT]);
}

#[tokio::test]
async fn a_lost_submission_is_not_repeated_and_a_lost_read_is() {
    let server = Server::start();
    let rest = server.client();
    server.next(Next::Close("queue/actions"));
    let error = rest.submit(&JobSubmission::new("a", 1, 0)).await.unwrap_err();
    assert!(error.is_outcome_unknown() && !error.is_transient(), "{error}");
    server.next(Next::Close("pools/list"));
    rest.pools().await.unwrap();
    assert_eq!(server.lines(), [LOGIN, SUBMIT, POOLS, POOLS]);
}

#[tokio::test]
async fn the_outcome_of_a_submission_is_only_known_if_the_server_rejects_it() {
    let server = Server::start();
    let rest = server.client();
    for (status, body, is_unknown) in [
        (500, "broken", true),
        (200, "<html>", true),
        (200, r#"{"ResponseStatus": {"Code": 500}}"#, true),
        (400, r#"{"ResponseStatus": {"Code": 500}}"#, true),
        (201, "{}", true),
        (303, "", true),
        (408, "late", true),
        (400, "bad", false),
        (403, r#"{"ResponseStatus": {"Code": 403}}"#, false),
        (200, r#"{"ResponseStatus": {"Code": 400}}"#, false),
    ] {
        server.next(Next::Answer("queue/actions", status, body));
        let error = rest.submit(&JobSubmission::new("a", 1, 0)).await.unwrap_err();
        assert_eq!(error.is_outcome_unknown(), is_unknown, "{error}");
        assert!(!error.is_transient(), "{error}");
    }
}

#[tokio::test]
async fn the_code_401_in_a_response_means_the_same_as_the_status_401() {
    let server = Server::start();
    let rest = server.client();
    rest.login().await.unwrap();
    let body = r#"{"ResponseStatus": {"Code": 401, "Time": 1, "Description": "expired"}}"#;
    server.next(Next::Answer("pools/list", 200, body));
    assert_eq!(rest.pools().await.unwrap().len(), 2);
    assert_eq!(server.lines(), [LOGIN, POOLS, LOGIN, POOLS]);
}

#[tokio::test]
async fn a_rejected_login_is_recognized_by_the_status_or_the_code() {
    let server = Server::start();
    for (status, body) in [
        (403, "no"),
        (
            200,
            r#"{"ResponseStatus": {"Code": 403, "Time": 1, "Description": "no"}}"#,
        ),
    ] {
        server.next(Next::Answer("login", status, body));
        let error = server.client().login().await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Login { .. }), "{error}");
        assert!(error.to_string().ends_with(": no"), "{error}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (server, other) = (Server::start(), Server::start());
    let rest = server.client();
    rest.login().await.unwrap();
    for status in [301, 302, 303, 307, 308] {
        server.next(Next::Redirect("pools/list", status, other.port()));
        let error = rest.pools().await.unwrap_err();
        assert!(
            error.to_string().ends_with("redirects are not followed"),
            "{error}"
        );
    }
    assert!(other.lines().is_empty());
}

#[tokio::test]
async fn a_login_without_token_is_an_error() {
    let server = Server::start();
    server.next(Next::Answer("login", 200, r#"{"ResponseData": {}}"#));
    let error = server.client().login().await.unwrap_err();
    assert!(error.to_string().contains("authToken"), "{error}");
    assert_eq!(error.request(), Some("POST login"));
}

#[tokio::test]
async fn an_unreachable_server_is_a_transient_error() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let rest = Rest::builder(&address)
        .no_proxy()
        .credentials("alice", "x")
        .build()
        .unwrap();
    let error = rest.login().await.unwrap_err();
    assert!(error.is_transient() && !error.is_outcome_unknown(), "{error}");
}
