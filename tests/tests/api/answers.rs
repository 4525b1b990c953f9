//! Tests of valid and invalid responses. None of them causes a retry of a call that may change the server.

use mailstore_api::{ErrorKind, StatusCode};
use serde_json::json;

use crate::support::{
    self,
    answer::{chunked, empty, envelope, failed, http, ok, succeeded},
};
use support::{Act, Server, change_error, read_error};

#[tokio::test]
async fn a_response_is_decoded_in_every_form() {
    let result = json!({"version": "25.3.0", "machineName": "MÜLLER", "new": {"deep": [1]}});
    let body = envelope(result.clone());
    let without_mark = body.trim_start_matches('\u{feff}');
    let more = without_mark.replacen('{', "{\"extra\":[{\"a\":null}],", 1);
    let answers = [
        ok(&body),
        ok(without_mark),
        ok(&more),
        // Split anywhere: inside the byte order mark or inside a character.
        chunked(body.as_bytes(), 1),
        chunked(body.as_bytes(), 7),
        http("200 OK", "text/html", body.as_bytes()),
        [b"HTTP/1.1 100 Continue\r\n\r\n".to_vec(), ok(&body)].concat(),
    ];
    let count = answers.len();
    let server = Server::start(answers.map(Act::Send)).await;
    for _ in 0..count {
        let info = server.client().get_server_info().await.unwrap();
        assert_eq!(
            (info.version.as_str(), info.machine_name.as_str()),
            ("25.3.0", "MÜLLER")
        );
        assert_eq!(info.unknown().get("new"), Some(&result["new"].clone().into()));
    }
}

#[tokio::test]
async fn a_response_may_end_with_the_connection() {
    let mut bytes = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n".to_vec();
    bytes.extend_from_slice(envelope(json!(null)).as_bytes());
    let server = Server::start([Act::SendAndClose(bytes)]).await;
    server.client().delete_user("jane").await.unwrap();
}

#[tokio::test]
async fn the_error_of_a_failed_call_contains_the_reason() {
    let error = change_error(Act::Send(failed(
        2,
        "No such user.",
        "System.Exception: No such user.\r\n   at",
    )))
    .await;
    assert_eq!(error.to_string(), "DeleteUser: No such user.");
    let said = error.server_error().unwrap();
    assert_eq!(
        (said.message.as_str(), said.details.lines().count()),
        ("No such user.", 2)
    );
    assert!(!error.is_outcome_unknown() && !error.is_transient() && !error.is_cancelled());
}

#[tokio::test]
async fn a_call_that_fails_without_a_reason_is_an_error() {
    let error = change_error(Act::Send(ok(r#"{"statusCode":"failed"}"#))).await;
    assert!(matches!(error.kind(), ErrorKind::Failed(failure) if failure.status == StatusCode::Failed));
    assert_eq!(
        error.to_string(),
        "DeleteUser: the server reports `failed` without a reason"
    );
}

/// The vendor's rule is to check both members.
#[tokio::test]
async fn a_success_with_an_error_is_a_failure() {
    let answer = ok(r#"{"statusCode":"succeeded","error":{"message":"Not quite.","details":null}}"#);
    assert_eq!(
        change_error(Act::Send(answer))
            .await
            .server_error()
            .unwrap()
            .message,
        "Not quite."
    );
}

#[tokio::test]
async fn raw_returns_a_failed_call_unchanged() {
    let server = Server::start([Act::Send(failed(2, "No such user.", "at"))]).await;
    let reply = server.client().delete_user("jane").raw().await.unwrap();
    assert_eq!(
        (reply.status, reply.error.unwrap().message.as_str()),
        (StatusCode::Failed, "No such user.")
    );
}

#[tokio::test]
async fn rejected_credentials_and_missing_rights_are_different_errors() {
    let error = read_error(Act::Send(empty("401 Unauthorized"))).await;
    assert!(matches!(error.kind(), ErrorKind::Unauthorized) && error.is_auth());
    let error = read_error(Act::Send(empty("403 Forbidden"))).await;
    assert!(matches!(error.kind(), ErrorKind::Forbidden) && error.is_auth());
}

#[tokio::test]
async fn a_404_is_an_unknown_function_for_a_call_and_an_expired_token_for_a_poll() {
    let server = Server::start([Act::Send(empty("404 Not Found"))]).await;
    let error = server.client().get_server_info().await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::UnknownFunction { listed: None, .. }) && !error.is_token_expired(),
        "{error}"
    );
    let lines: Vec<String> = server
        .requests()
        .iter()
        .map(|request| request.line().to_owned())
        .collect();
    assert_eq!(
        lines,
        [
            "POST /api/invoke/GetServerInfo HTTP/1.1",
            "POST /api/get-metadata HTTP/1.1"
        ],
        "the call is not repeated, and the function list is requested once"
    );

    let running = support::answer::status("running", 3, "");
    let server = Server::start([Act::Send(running), Act::Send(empty("404 Not Found"))]).await;
    let error = server.client().get_server_info().await.unwrap_err();
    assert!(
        error.is_token_expired() && error.task_token().is_none(),
        "{error}"
    );
    assert_eq!(
        server.requests().len(),
        2,
        "a poll with an expired token is not repeated"
    );
}

#[tokio::test]
async fn errors_contain_other_http_statuses() {
    let page = b"<html><body>Runtime Error</body></html>";
    for status in [400, 411, 418, 500, 502, 503] {
        let line = format!("{status} Whatever");
        let error = read_error(Act::Send(http(&line, "text/html", page))).await;
        assert!(
            matches!(error.kind(), ErrorKind::Http { status: found } if *found == status),
            "{error}"
        );
        assert!(
            error.to_string().contains(&format!("HTTP {status}")) && !error.to_string().contains("Runtime")
        );
        assert_eq!(
            error.is_transient(),
            matches!(status, 500 | 502 | 503),
            "a read-only call may be retried"
        );

        let error = change_error(Act::Send(http(&line, "text/html", page))).await;
        assert!(
            !error.is_transient(),
            "it is not known whether the call changed the server"
        );
        assert_eq!(error.is_outcome_unknown(), status >= 500, "{error}");
    }
}

#[tokio::test]
async fn redirections_are_not_followed() {
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent",
    ] {
        let other = Server::start([]).await;
        let location = format!("https://{}/api/invoke/DeleteUser", other.address());
        let answer = format!("HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
        let error = change_error(Act::Send(answer.into_bytes())).await;
        assert!(
            matches!(error.kind(), ErrorKind::Http { status: 300..=399 }),
            "{error}"
        );
        assert_eq!(
            other.connections(),
            0,
            "credentials are not sent to another server"
        );
    }
}

#[tokio::test]
async fn a_response_that_is_not_from_the_api_is_described_but_not_quoted() {
    let answers: [(&[u8], &str); 9] = [
        (b"<!DOCTYPE html><title>hunter2</title>", "a web page"),
        (b"", "the body is empty"),
        (b"\xEF\xBB\xBF", "the body is empty"),
        (b"[{\"name\":\"hunter2\"}]", "an array"),
        (b"null", "neither a JSON object nor a web page"),
        (b"hunter2", "neither a JSON object nor a web page"),
        (b"{\"statusCode\":\"succeeded\",\"result\":\"hunter2", "an object"),
        (
            b"{\"statusCode\":\"succeeded\",\"result\":\"hunter2 \xFF\"}",
            "an object",
        ),
        (b"{\"result\":\"hunter2\"}", "missing field `statusCode`"),
    ];
    for (body, description) in answers {
        let error = read_error(Act::Send(ok(body))).await;
        assert!(matches!(error.kind(), ErrorKind::Envelope { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains(description) && !text.contains("hunter2"), "{text}");
        assert!(
            change_error(Act::Send(ok(body))).await.is_outcome_unknown(),
            "{description}"
        );
    }
}

#[tokio::test]
async fn the_error_for_an_unexpected_result_contains_the_place_and_the_function() {
    let result = json!([{"userName": "jane"}, {"userName": ["hunter2"]}]);
    let server = Server::start([Act::Send(succeeded(result))]).await;
    let error = server.client().get_users().await.unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("GetUsers: ")
            && text.contains("result[1].userName: expected a string, found an array"),
        "{text}"
    );
    assert!(matches!(error.kind(), ErrorKind::Decode { .. }) && !text.contains("hunter2"));
}

/// A recursive parser would overflow the stack.
#[tokio::test]
async fn deeply_nested_responses_do_not_overflow_the_stack() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let error = read_error(Act::Send(ok(format!(
        r#"{{"statusCode":"succeeded","result":{deep}}}"#
    ))))
    .await;
    assert!(matches!(error.kind(), ErrorKind::Decode { .. }), "{error}");
    let aside = format!(r#"{{"statusCode":"succeeded","other":{deep},"statusVersion":{deep}}}"#);
    let server = Server::start([Act::Send(ok(aside))]).await;
    server.client().delete_user("jane").await.unwrap();
}

#[tokio::test]
async fn a_response_larger_than_the_limit_is_rejected() {
    let body = envelope(json!("x".repeat(2000)));
    let length = body.len() as u64;
    // The first response announces its length. The second is chunked and never ends.
    let endless = chunked(body.as_bytes(), 100);
    let endless = endless[..endless.len() - 5].to_vec();
    for answer in [ok(&body), endless] {
        let server = Server::start([Act::Send(answer)]).await;
        let client = server.builder().max_response_size(length - 1).build().unwrap();
        let error = client.delete_user("jane").await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::TooLarge { limit } if *limit == length - 1),
            "{error}"
        );
        assert!(error.is_outcome_unknown());
    }
    let server = Server::start([Act::Send(chunked(body.as_bytes(), 100))]).await;
    let client = server.builder().max_response_size(length).build().unwrap();
    client
        .delete_user("jane")
        .await
        .expect("the response is exactly as large as the limit");
}

fn respond_with(result: &str) -> Act {
    Act::Send(ok(format!(r#"{{"statusCode":"succeeded","result":{result}}}"#)))
}

fn job(id: i64, created: &str, more: &str) -> String {
    format!(
        r#"{{"id":{id},"name":"n","action":"a","owner":"o","creationDateTimeUtc":{created},"enabled":true,
        "schedule":{{"timeZoneId":"UTC"}}{more}}}"#
    )
}

/// Servers write the largest date of .NET for "never".
#[tokio::test]
async fn one_invalid_value_does_not_make_a_list_invalid() {
    const LAST: &str = r#""9999-12-31T23:59:59.9999999""#;
    let odd = [
        LAST,
        r#""2026-05-02""#,
        "123456789012345678901234567890",
        "1e400",
        "[]",
        "{}",
        "true",
    ];
    let mut jobs = vec![job(1, r#""2026-05-02T12:30:04+02:00""#, ""), job(2, LAST, "")];
    jobs.extend((3..).zip(odd).map(|(id, odd)| {
        job(
            id,
            r#""2026-05-02T10:30:04""#,
            &format!(r#","nextStartDateTimeUtc":{odd}"#),
        )
    }));
    let server = Server::start([respond_with(&format!("[{}]", jobs.join(",")))]).await;
    let jobs = server.client().get_jobs().await.unwrap();
    assert_eq!(jobs.len(), 9);
    assert_eq!(jobs[0].creation_date_time_utc.to_string(), "2026-05-02T10:30:04Z");
    assert_eq!(jobs[1].creation_date_time_utc, mailstore_api::Timestamp::MAX);
    assert_eq!(
        jobs[2].next_start_date_time_utc,
        Some(mailstore_api::Timestamp::MAX)
    );
    for (job, odd) in jobs[3..].iter().zip(&odd[1..]) {
        assert_eq!(job.next_start_date_time_utc, None);
        assert_eq!(
            job.unknown().unreadable().collect::<Vec<_>>(),
            ["nextStartDateTimeUtc"]
        );
        assert_eq!(job.unknown().get("nextStartDateTimeUtc").unwrap().text(), *odd);
    }
}

#[tokio::test]
async fn half_a_surrogate_pair_is_decoded_as_the_replacement_character() {
    let server = Server::start([
        respond_with(r#"{"version":"25\ud83d","machineName":"\ude00\ud83d\ude00","x\ud83d":"\ud83d"}"#),
        Act::Send(ok(
            r#"{"statusCode":"failed","error":{"message":"No \ud83d.","details":"\ude00"}}"#,
        )),
    ])
    .await;
    let info = server.client().get_server_info().await.unwrap();
    assert_eq!(
        (&*info.version, &*info.machine_name),
        ("25\u{fffd}", "\u{fffd}😀")
    );
    let unknown = info.unknown().get("x\u{fffd}").unwrap();
    assert_eq!(unknown.decode::<String>().unwrap(), "\u{fffd}");
    let error = server.client().delete_user("jane").await.unwrap_err();
    assert_eq!(error.server_error().unwrap().message, "No \u{fffd}.");
}

#[tokio::test]
async fn an_unknown_member_is_sent_back_unchanged() {
    const CONFIG: &str =
        r#"{"z":123456789012345678901234567890,"legalHoldEnabled":2,"a":{"n":1e400,"m":[1.0,-0]},"z":1E2}"#;
    let server = Server::start([respond_with(CONFIG), respond_with("null")]).await;
    let client = server.client();
    let config = client.get_compliance_configuration().await.unwrap();
    assert_eq!(config.legal_hold_enabled, None);
    client.set_compliance_configuration(&config).await.unwrap();
    let sent = &server.bodies()[1];
    let sent = form_urlencoded::parse(sent.as_bytes()).next().unwrap().1;
    assert_eq!(sent, CONFIG);
}

/// A derived deserializer would accept an array of the members in their order.
#[tokio::test]
async fn an_array_is_not_an_envelope() {
    for body in [
        r#"["succeeded"]"#,
        r#"["succeeded",2,null,null,null,null,null,null]"#,
    ] {
        let error = change_error(Act::Send(ok(body))).await;
        assert!(matches!(error.kind(), ErrorKind::Envelope { .. }), "{error}");
        assert!(error.is_outcome_unknown());
    }
}

#[tokio::test]
async fn an_invalid_member_of_the_envelope_does_not_end_a_wait() {
    let running = |more: &str| ok(format!(r#"{{"statusCode":"running","token":"t",{more}}}"#));
    let server = Server::start([
        Act::Send(running(r#""statusVersion":3,"logOutput":5"#)),
        Act::Send(running(
            r#""statusVersion":4,"logOutput":["a"],"statusText":{},"percentProgress":"NaN""#,
        )),
        Act::Send(running(
            r#""statusVersion":5,"logOutput":"a\r\n","logOutput":"b\r\n""#,
        )),
        Act::Send(ok(
            r#"{"statusCode":"succeeded","statusVersion":6,"logOutput":true,"token":5}"#,
        )),
    ])
    .await;
    server.client().verify_stores(false).await.unwrap();
}

#[tokio::test]
async fn a_function_list_is_parsed_in_the_envelope_of_a_success_but_not_of_a_failure() {
    let list = json!([{"name": "GetServerInfo", "args": []}]);
    let server = Server::start([Act::Send(succeeded(list)), Act::Send(failed(2, "No.", ""))]).await;
    assert!(server.client().compatibility().await.is_ok());
    assert!(server.client().compatibility().await.is_err());
}
