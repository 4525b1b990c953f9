//! The four calls, and raw requests.

use http::Method;
use muster_api::rest::{ErrorKind, JobSubmission, Rest};
use serde_json::json;

use crate::server::{Next, Server};

#[tokio::test]
async fn pools_and_templates_are_listed() {
    let server = Server::start();
    let rest = server.client();
    let pools = rest.pools().await.unwrap();
    let names: Vec<_> = pools.iter().map(|pool| pool.name.as_str()).collect();
    assert_eq!(names, ["farm", "gpu"]);
    assert_eq!(pools[1].others["id"], 2);
    let templates = rest.templates().await.unwrap();
    assert_eq!(
        (templates[0].name.as_str(), templates[0].id, templates[1].id),
        ("Maya", 1, 12)
    );
    let received = server.received();
    assert_eq!(
        server.lines(),
        [
            "POST /api/login",
            "GET /api/pools/list",
            "POST /api/templates/list"
        ]
    );
    assert_eq!(received[2].query("select"), Some("name"));
}

#[tokio::test]
async fn a_submission_has_the_form_that_the_server_needs() {
    let server = Server::start();
    let job = JobSubmission::new("shot 7", 12, 0)
        .parent(3)
        .included_pools(["farm"]);
    let data = server.client().submit(&job).await.unwrap();
    assert_eq!(data, json!({"jobId": 77}));
    let sent = server.received().pop().unwrap();
    assert_eq!(
        (sent.line.as_str(), sent.query("name")),
        ("POST /api/queue/actions", Some("submit"))
    );
    let job =
        json!({"jobName": "shot 7", "templateId": 12, "jobId": -1, "parentId": 3, "includedPools": ["farm"]});
    assert_eq!(sent.body, json!({"RequestData": {"platform": 0, "job": job}}));
}

#[tokio::test]
async fn errors_of_the_server_have_its_code_and_description() {
    let server = Server::start();
    let error = server
        .client()
        .raw(Method::GET, "hosts/list", &[], None)
        .await
        .unwrap_err();
    let ErrorKind::Refused {
        status,
        code,
        description,
        ..
    } = error.kind()
    else {
        panic!("{error}");
    };
    assert_eq!(
        (*status, *code, description.as_str()),
        (400, Some(400), "unknown method")
    );
    assert_eq!(error.request(), Some("GET hosts/list"));
    let body = r#"{"ResponseStatus": {"Code": 403, "Time": 1, "Description": "not allowed"}}"#;
    server.next(Next::Answer("pools/list", 200, body));
    let error = server.client().pools().await.unwrap_err();
    assert!(error.to_string().contains("code 403: not allowed"), "{error}");
}

#[tokio::test]
async fn invalid_responses_are_errors() {
    let server = Server::start();
    let rest = server.client();
    for body in ["<html>", "{}", r#"{"ResponseData": {"pools": [{"title": "x"}]}}"#] {
        server.next(Next::Answer("pools/list", 200, body));
        let error = rest.pools().await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::InvalidResponse { .. }),
            "{body}: {error}"
        );
        assert!(!error.is_outcome_unknown());
    }
}

#[tokio::test]
async fn posts_without_a_body_say_so() {
    let server = Server::start();
    server.client().templates().await.unwrap();
    let lengths: Vec<_> = server
        .received()
        .into_iter()
        .map(|received| received.content_length)
        .collect();
    assert_eq!(lengths, [Some(0), Some(0)]);
}

#[tokio::test]
async fn a_response_above_the_maximum_size_is_an_error() {
    let server = Server::start();
    let builder = Rest::builder(server.address()).no_proxy();
    let builder = builder.credentials("alice", crate::server::PASSWORD);
    let rest = builder.max_response_size(150).build().unwrap();
    rest.login().await.unwrap();
    let long = Box::leak("x".repeat(200).into_boxed_str());
    server.next(Next::Answer("queue/actions", 200, long));
    let error = rest.submit(&JobSubmission::new("a", 1, 0)).await.unwrap_err();
    assert!(error.to_string().contains("larger than 150 bytes"), "{error}");
    assert!(error.is_outcome_unknown());
}

#[tokio::test]
async fn a_description_that_is_null_or_missing_is_empty() {
    let server = Server::start();
    for body in [
        r#"{"ResponseStatus": {"Code": 200, "Description": null}, "ResponseData": {"pools": []}}"#,
        r#"{"ResponseStatus": {"Code": 200}, "ResponseData": {"pools": []}}"#,
    ] {
        server.next(Next::Answer("pools/list", 200, body));
        assert!(server.client().pools().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_read_only_client_sends_only_reads() {
    let server = Server::start();
    let builder = Rest::builder(server.address()).no_proxy();
    let rest = builder
        .credentials("alice", crate::server::PASSWORD)
        .read_only()
        .build()
        .unwrap();
    let error = rest.submit(&JobSubmission::new("a", 1, 0)).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ReadOnly), "{error}");
    assert!(server.lines().is_empty());
    assert_eq!(rest.templates().await.unwrap().len(), 2);
}

#[tokio::test]
async fn raw_paths_stay_below_the_interface() {
    let server = Server::start();
    let rest = server.client();
    for path in [
        "",
        "/login",
        "../x",
        "%2e%2e/x",
        "pools/list?select=name",
        "a#b",
        "pools/\nlist",
        "pools/%2e%2e/%2e%2e/x",
        "http://127.0.0.1:1/x",
    ] {
        let error = rest.raw(Method::GET, path, &[], None).await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::InvalidInput(_)),
            "{path}: {error}"
        );
    }
    let error = rest
        .raw(Method::GET, "x", &[("authToken", "1")], None)
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error}");
}

#[cfg(feature = "blocking")]
#[test]
fn all_calls_work_without_a_runtime() {
    let server = Server::start();
    let rest = server.client();
    rest.login_blocking().unwrap();
    assert_eq!(rest.pools_blocking().unwrap().len(), 2);
    assert_eq!(rest.templates_blocking().unwrap().len(), 2);
    rest.submit_blocking(&JobSubmission::new("a", 1, 0)).unwrap();
    let data = rest.raw_blocking(Method::GET, "pools/list", &[], None).unwrap();
    assert!(data["pools"].is_array());
}

#[cfg(feature = "blocking")]
#[tokio::test]
async fn blocking_calls_work_inside_a_runtime() {
    let server = Server::start();
    let rest = server.client();
    assert_eq!(rest.pools_blocking().unwrap().len(), 2);
    assert_eq!(rest.pools().await.unwrap().len(), 2);
}
