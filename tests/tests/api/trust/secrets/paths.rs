//! The responses that return a secret, in every place where a server may put it.

use serde_json::{Value, json};

use crate::support::Act;
use crate::support::answer::{TOKEN, http, ok};

/// The responses that return a secret, by the path that the call then takes.
pub(super) fn paths(echo: &str) -> Vec<(&'static str, Vec<Act>)> {
    let envelope = |value: Value| Act::Send(ok(value.to_string()));
    let ended = |status: &str, member: &str, value: Value| {
        envelope(json!({"statusCode": status, "statusVersion": 5, member: value}))
    };
    let page = format!("<html>{echo}</html>");
    let running =
        || envelope(json!({"statusCode": "running", "statusVersion": 3, "token": TOKEN, "statusText": echo}));
    let reset = ok(json!({"statusCode": "failed", "error": {"message": echo}}).to_string());
    vec![
        ("success", vec![ended("succeeded", "result", Value::Null)]),
        (
            "success with it in the result",
            vec![ended("succeeded", "result", json!(echo))],
        ),
        (
            "success with it as a name",
            vec![ended("succeeded", "result", json!([{echo: [echo]}]))],
        ),
        (
            "a result that is not JSON",
            vec![Act::Send(ok(format!(
                r#"{{"statusCode":"succeeded","result":{echo}}}"#
            )))],
        ),
        (
            "the message of an error",
            vec![ended("failed", "error", json!({"message": echo}))],
        ),
        (
            "the details of an error",
            vec![ended("failed", "error", json!({"message": "m", "details": echo}))],
        ),
        (
            "an error that is a string",
            vec![ended("failed", "error", json!(echo))],
        ),
        ("the status word", vec![ended(echo, "result", Value::Null)]),
        (
            "the status text",
            vec![ended("failed", "statusText", json!(echo))],
        ),
        ("the log", vec![ended("failed", "logOutput", json!(echo))]),
        (
            "the log of a running call",
            vec![running(), ended("failed", "logOutput", json!(echo))],
        ),
        (
            "an error of a running call",
            vec![running(), ended("failed", "error", json!({"message": echo}))],
        ),
        (
            "a status word of a running call",
            vec![running(), ended(echo, "result", Value::Null)],
        ),
        ("a body that is not JSON", vec![Act::Send(ok(echo))]),
        (
            "a member that is not JSON",
            vec![Act::Send(ok(format!(
                r#"{{"statusCode":"failed","{echo}":{echo}}}"#
            )))],
        ),
        (
            "an error page",
            vec![Act::Send(http("500 Broken", "text/html", page.as_bytes()))],
        ),
        (
            "a page that is not found",
            vec![
                Act::Send(http("404 Not Found", "text/html", page.as_bytes())),
                Act::Send(ok("[]")),
            ],
        ),
        (
            "a rejected password",
            vec![Act::Send(http("401 Unauthorized", "text/html", page.as_bytes()))],
        ),
        (
            "a redirect",
            vec![Act::Send(http("302 Found", "text/html", page.as_bytes()))],
        ),
        (
            "the reason phrase",
            vec![Act::SendAndClose(http(
                &format!("500 {}", echo.replace(['\r', '\n'], " ")),
                "text/html",
                b"",
            ))],
        ),
        (
            "the name of a header",
            vec![Act::SendAndClose(
                format!("HTTP/1.1 200 OK\r\n{echo}: 1\r\n\r\n").into_bytes(),
            )],
        ),
        (
            "something that is not HTTP",
            vec![Act::SendAndClose(echo.as_bytes().to_vec())],
        ),
        (
            "a reset in the middle",
            vec![Act::SendAndReset(reset[..reset.len() - 5].to_vec())],
        ),
        ("an end without a response", vec![Act::SendAndClose(Vec::new())]),
        ("a timeout", vec![Act::Stall]),
    ]
}
